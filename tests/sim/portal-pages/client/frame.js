// Header, tabs and footer of generations 2 and 3, and the plain pages beside them.
import { config, h, icon } from "./dom.js";

const root = () => document.getElementById("root") ?? document.querySelector("app");

const logo = () =>
  h("img", {
    alt: "AWS Access Portal (AWS Smile Icon)",
    class: "logo",
    src: `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 24"><text x="0" y="15" font-family="sans-serif" font-weight="800" font-size="17" fill="white">aws</text><path d="M3 18q16 7 32 0" stroke="#f90" stroke-width="2.5" fill="none"/></svg>')}`,
  });

function header2(user) {
  const utility = (index, label, href) =>
    h(
      "div",
      { "data-utility-index": String(index) },
      h("a", { "aria-label": label, href }, h("span", {}, label)),
    );
  return h(
    "div",
    { id: "header", "data-analytics": "nav-header" },
    h(
      "header",
      { class: "header" },
      h("a", { href: "#/", class: "identity" }, logo()),
      h(
        "div",
        { "data-utility-index": "0" },
        h(
          "a",
          { role: "button", "aria-label": user.givenName, tabindex: "0" },
          h("span", {}, user.givenName),
        ),
      ),
      utility(1, "MFA devices", "#/devices"),
      utility(2, "Sign out", "#/signout"),
    ),
  );
}

function header3(user) {
  const menu = h(
    "ul",
    { role: "menu", class: "menu", hidden: true },
    h("li", { role: "none" }, h("a", { role: "menuitem", href: "#/preferences" }, "Preferences")),
    h("li", { role: "none" }, h("a", { role: "menuitem", href: "#/signout" }, "Sign out")),
  );
  const button = h(
    "button",
    {
      "aria-label": `${user.name}, User related actions`,
      "aria-haspopup": "true",
      "aria-expanded": "false",
      class: "usermenu",
      on: {
        click: () => {
          menu.hidden = !menu.hidden;
          button.setAttribute("aria-expanded", String(!menu.hidden));
        },
      },
    },
    user.name,
  );
  return h(
    "div",
    { id: "portal-header", "data-testid": "portal-header" },
    h(
      "header",
      { class: "header" },
      h("a", { href: "#/", class: "identity" }, logo()),
      h("span", { class: "title" }, "access portal"),
      h("button", { class: "utility" }, "Help & Support"),
      h("a", { "aria-label": "Manage preferences", href: "#/preferences", class: "utility" }, icon("cog")),
      h("div", { class: "menuanchor" }, button, menu),
    ),
    // The real header keeps a hidden copy of itself, by which it measures whether all of it fits.
    h("nav", { "aria-hidden": "true", class: "measure" }, h("button", { tabindex: "-1" }, user.name)),
  );
}

/** Draws the frame around both tabs and hands the accounts panel to the generation's own code. */
export function drawFrame(user, { tab, drawAccounts, others }) {
  document.title = config.generation === 3 ? "Accounts | AWS access portal" : "AWS access portal";
  const panels = {
    accounts: h("div", { role: "tabpanel", id: `awsui-tabs-${config.classSuffix}-accounts-panel` }),
    applications: h("div", { role: "tabpanel", id: `awsui-tabs-${config.classSuffix}-applications-panel` }),
  };
  const tabs = Object.entries({ accounts: "Accounts", applications: "Applications" }).map(([name, label]) =>
    h(
      "button",
      {
        role: "tab",
        "data-testid": name,
        "aria-controls": panels[name].id,
        class: "tab",
        on: { click: () => choose(name) },
      },
      label,
    ),
  );
  const choose = (chosen) => {
    for (const button of tabs) {
      button.setAttribute("aria-selected", String(button.dataset.testid === chosen));
    }
    for (const [name, panel] of Object.entries(panels)) panel.hidden = name !== chosen;
  };
  choose(tab === "applications" ? tab : "accounts");
  root().replaceChildren(
    config.generation === 2 ? header2(user) : header3(user),
    h(
      "main",
      { class: "main" },
      h("div", { role: "region" }, h("ul", { "aria-label": "Notifications", id: "notifications" })),
      h(
        "div",
        { id: "content-wrapper" },
        h("h1", {}, h("span", {}, "AWS access portal")),
        h(
          "ul",
          { role: "tablist", class: "tabs" },
          tabs.map((button) => h("li", { role: "presentation" }, button)),
        ),
        Object.values(panels),
      ),
    ),
    footer(),
  );
  drawAccounts(panels.accounts);
  others.then(
    (apps) =>
      panels.applications.replaceChildren(
        h("h2", {}, `Applications (${apps.length})`),
        h(
          "ul",
          { class: "apps" },
          apps.map(({ id, name }) =>
            h("li", {}, h("a", { href: `#/saml/default/${encodeURIComponent(name)}/${id}` }, name)),
          ),
        ),
      ),
    () => undefined,
  );
}

const footer = () =>
  h(
    "footer",
    { id: "footer", class: "footer" },
    ["feedback", "privacy", "terms", "cookie-preferences"].map((name) =>
      h("a", { "data-testid": `${name}-link`, href: "#/" }, name.replace("-", " ")),
    ),
  );

/** An error above the content; the page stays as it is. */
export function drawNotice(text) {
  const list = document.getElementById("notifications");
  if (list === null) return drawMessage("Something went wrong", text);
  list.replaceChildren(h("li", { class: "notice", "data-testid": "error-component-alert" }, text));
}

/** A page with one message and at most a few buttons. */
export function drawMessage(title, text, ...buttons) {
  root().replaceChildren(
    h(
      "main",
      { class: "main" },
      h(
        "div",
        { class: "card", role: "status" },
        h("h1", {}, title),
        h("p", {}, text),
        buttons.map(({ label, action, secondary }) =>
          h("button", { class: secondary ? "button" : "button primary", on: { click: action } }, label),
        ),
      ),
    ),
  );
}
