// Generation 1 (AngularJS, until early 2024): drawn without life, as the page nobody knows any more.
import { config, h } from "./dom.js";

const SHOWN = 13;

function drawInstance(account) {
  return h(
    "portal-instance",
    { id: account.instance },
    h(
      "div",
      { class: "portal-instance-section" },
      h(
        "div",
        {},
        h("div", { id: "instance-icon-block" }),
        withClass("div", "name", account.name),
        withClass(
          "p",
          "metadata",
          withClass("span", "accountId", `#${account.id}`),
          withClass("span", "pipe", " | "),
          withClass("span", "email", account.email),
        ),
      ),
    ),
  );
}

/** Generation 1 had plain class names. */
function withClass(tag, name, ...children) {
  const element = h(tag, {}, ...children);
  element.className = name;
  return element;
}

export function drawGeneration1(user, accounts) {
  document.title = "Amazon Web Services (AWS)";
  const signOut = h("a", { href: "#/signout" }, "Sign out");
  const topbar = h(
    "portal-topbar",
    {},
    withClass("span", "user-display-name", user.givenName),
    " ",
    h("a", { href: `${config.startUrl}#/devices` }, "MFA devices"),
    " ",
    signOut,
  );
  document
    .querySelector("app")
    .replaceChildren(
      h(
        "portal-ui",
        {},
        withClass(
          "div",
          "app-wrapper",
          topbar,
          h("sso-alert-list"),
          h(
            "portal-dashboard",
            {},
            h("sso-search", {}, h("input", { placeholder: "Search" })),
            h(
              "portal-application-list",
              {},
              h(
                "portal-application",
                { id: "app-03e8643328913682", title: "AWS Account" },
                withClass("div", "title", `AWS Account (${accounts.length})`),
              ),
              h(
                "sso-expander",
                {},
                h("portal-instance-list", {}, accounts.slice(0, SHOWN).map(drawInstance)),
              ),
            ),
          ),
        ),
      ),
    );
}
