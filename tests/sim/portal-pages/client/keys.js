// The "Access keys" dialog: fetches real credentials and shows them in AWS's three ways.
import { getCredentials } from "./api.js";
import { openDialog } from "./dialog.js";
import { config, h } from "./dom.js";

const SHELLS = {
  "macOS and Linux": (name, value) => `export ${name}="${value}"`,
  Windows: (name, value) => `SET ${name}=${value}`,
  PowerShell: (name, value) => `$Env:${name}="${value}"`,
};

const copyButton = (text) =>
  h("button", { class: "button", on: { click: () => navigator.clipboard.writeText(text) } }, "Copy");

const codeView = (lines) =>
  h(
    "table",
    { class: "code-table" },
    h(
      "tbody",
      {},
      lines.map((line) => h("tr", {}, h("td", {}, line))),
    ),
  );

const option = (title, lines) =>
  h("section", { class: "option" }, h("h3", {}, title), codeView(lines), copyButton(lines.join("\n")));

function drawShell(account, role, keys, assignment) {
  const values = [
    ["AWS_ACCESS_KEY_ID", keys.accessKeyId],
    ["AWS_SECRET_ACCESS_KEY", keys.secretAccessKey],
    ["AWS_SESSION_TOKEN", keys.sessionToken],
  ];
  return [
    option(
      "Option 1: Set AWS environment variables",
      values.map(([name, value]) => assignment(name, value)),
    ),
    option("Option 2: Add a profile to your AWS credentials file", [
      `[${account.id}_${role}]`,
      ...values.map(([name, value]) => `${name.toLowerCase()}=${value}`),
    ]),
    option(
      "Option 3: Use individual values in your AWS service client",
      values.map(([, value]) => value),
    ),
  ];
}

export async function openKeys(account, role) {
  const content = h("div", {}, h("p", { class: "quiet", role: "status" }, "Loading credentials"));
  openDialog(`Get credentials for ${role}`, content);
  let keys;
  try {
    keys = await getCredentials(account.id, role);
  } catch (error) {
    content.replaceChildren(h("div", { role: "alert", class: "notice" }, error.message));
    return;
  }
  const view = h("div");
  const tabs = Object.entries(SHELLS).map(([label, assignment]) =>
    h("button", { role: "tab", class: "tab", on: { click: () => choose(label, assignment) } }, label),
  );
  const choose = (label, assignment) => {
    for (const tab of tabs) tab.setAttribute("aria-selected", String(tab.textContent === label));
    view.replaceChildren(...drawShell(account, role, keys, assignment));
  };
  content.replaceChildren(
    h(
      "ul",
      { role: "tablist", class: "tabs" },
      tabs.map((tab) => h("li", { role: "presentation" }, tab)),
    ),
    h(
      "section",
      { class: "option" },
      h("h3", {}, "AWS IAM Identity Center credentials (Recommended)"),
      h(
        "dl",
        {},
        h("dt", {}, "SSO Start URL"),
        h("dd", {}, config.startUrl),
        h("dt", {}, "SSO Region"),
        h("dd", {}, config.region),
      ),
    ),
    view,
  );
  choose(...Object.entries(SHELLS)[0]);
}
