// Small helpers with which the pages of all generations are drawn.

export const config = JSON.parse(document.getElementById("portal-config").textContent);

/** A class name hashed the way Cloudscape's are: different in every build, so nobody can lean on it. */
export const cls = (...names) => names.map((name) => `awsui_${name}_${config.classSuffix}`).join(" ");

/*
 * Two redesigns that nobody has announced, by `?change=`. `renamed`: other test ids, and labels in another language. `moved`: cells in
 * another order, and everything in one more box.
 */

const TRANSLATED = {
  "Access keys": "アクセスキー",
  "Access keys ": "アクセスキー ",
  "AWS accounts": "AWS アカウント",
  Accounts: "アカウント",
  Applications: "アプリケーション",
  "Account Name": "アカウント名",
  Email: "E メール",
};

const renamed = (name, value) => (name === "data-testid" ? `v9-${[...value].reverse().join("")}` : value);

function drawn(element, children) {
  if (config.change === "renamed") {
    element.append(...children.map((child) => TRANSLATED[child] ?? child));
  } else if (config.change === "moved" && element.localName === "tr") {
    element.append(...children.reverse());
  } else if (config.change === "moved" && /^(td|th|div|a)$/.test(element.localName)) {
    const box = document.createElement("span");
    box.append(...children);
    element.append(box);
  } else {
    element.append(...children);
  }
}

/**
 * Makes an element. Attributes: `class` gives hashed names, `on` holds listeners (attached at once), `false` and
 * `undefined` leave one out. Children: nodes, strings, or arrays of them.
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (name === "class") element.className = cls(...value.split(" "));
    else if (value !== false && value !== undefined) {
      const told = config.change === "renamed" ? renamed(name, value) : value;
      element.setAttribute(name, told === true ? "" : told);
    }
  }
  drawn(
    element,
    children.flat(3).filter((child) => child !== undefined && child !== false),
  );
  return element;
}

const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  caret: "M4 5h8l-4 6z",
  copy: "M2 2h8v2H4v6H2zm4 4h8v8H6z",
  refresh: "M8 2a6 6 0 1 0 6 6h-2a4 4 0 1 1-1.2-2.8L8 8h6V2l-1.8 1.8A6 6 0 0 0 8 2z",
  cog: "M7 1h2l.4 2 1.7 1 1.9-.7 1 1.8L12.5 6.5v3L14 10.9l-1 1.8-1.9-.7-1.7 1-.4 2H7l-.4-2-1.7-1-1.9.7-1-1.8 1.5-1.4v-3L2 5.1l1-1.8 1.9.7 1.7-1z",
  key: "M10 1.5a4.5 4.5 0 0 0-4.3 5.8L1 12v3h3v-2h2v-2h2l1.3-1.3A4.5 4.5 0 1 0 10 1.5zm1.2 4.7a1.3 1.3 0 1 1 0-2.6 1.3 1.3 0 0 1 0 2.6z",
  left: "M10 2 4 8l6 6z",
  right: "M6 2l6 6-6 6z",
  close: "M3 2 8 7l5-5 1 1-5 5 5 5-1 1-5-5-5 5-1-1 5-5-5-5z",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", cls("icon", name));
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** Lets Enter and Space do what a click does, for elements that are buttons by role only. */
export const activate = (action) => ({
  click: action,
  keydown: (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    action(event);
  },
});

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The query that follows a hash route: `#/console?account_id=…`. */
export const hashQuery = () => new URLSearchParams(location.hash.split("?")[1] ?? "");
