// Generation 2 (2023 to spring 2026): a list of accounts that open in place; all accounts on one page.
import { listRoles } from "./api.js";
import { activate, cls, h, icon, pause } from "./dom.js";
import { openKeys } from "./keys.js";

const ROLE_LOAD_MS = 250;
const FILTER = "Filter accounts by name, ID, or email address";

export async function drawAccounts(panel, applications) {
  panel.replaceChildren(h("p", { class: "quiet" }, "Loading accounts"));
  const { accounts } = await applications;
  const list = h("div", { "data-testid": "account-list", class: "list" });
  const input = h("input", { type: "search", "aria-label": FILTER, placeholder: FILTER });
  const fill = () => {
    const wanted = input.value.trim().toLowerCase();
    const shown = accounts.filter(({ id, name, email }) =>
      `${name} ${id} ${email}`.toLowerCase().includes(wanted),
    );
    list.replaceChildren(...shown.map(drawAccount));
  };
  input.addEventListener("input", fill);
  panel.replaceChildren(
    h(
      "h2",
      {},
      h(
        "span",
        { "data-analytics-funnel-key": "substep-name" },
        h("span", {}, `AWS accounts (${accounts.length})`),
      ),
    ),
    h("div", { "data-testid": "list-header-text-filter", class: "filter" }, input),
    list,
  );
  fill();
}

function drawAccount(account) {
  const section = h("div", { class: "section" });
  const cell = h(
    "button",
    {
      "data-testid": "account-list-cell",
      "aria-expanded": "false",
      class: "cell",
      on: { click: () => toggle() },
    },
    icon("caret"),
    h("span", {}, icon("key")),
    h(
      "div",
      {},
      h("div", {}, h("strong", {}, account.name || account.id)),
      h("div", {}, h("div", {}, [account.id, account.email].filter(Boolean).join(" | "))),
    ),
  );
  section.append(cell);

  async function toggle() {
    const open = cell.getAttribute("aria-expanded") === "true";
    cell.setAttribute("aria-expanded", String(!open));
    section.querySelector(`.${cls("roles")}`)?.remove();
    if (!open) await load();
  }

  async function load() {
    const loading = h("span", { "data-testid": "account-list-cell-loading", class: "quiet" }, "Loading");
    const holder = h("div", { class: "roles" }, loading);
    section.append(holder);
    try {
      const [roles] = await Promise.all([listRoles(account), pause(ROLE_LOAD_MS)]);
      // Drawn anew into a node of its own: whoever held the old one holds nothing.
      holder.replaceWith(
        h(
          "div",
          { "data-testid": "role-list-container", class: "roles" },
          roles.map((role) => drawRole(account, role)),
        ),
      );
    } catch (error) {
      holder.replaceChildren(
        h(
          "div",
          { "data-testid": "error-component-alert", role: "alert" },
          error.message,
          h(
            "button",
            {
              "data-testid": "retry-button",
              class: "button",
              on: {
                click: () => {
                  holder.remove();
                  return load();
                },
              },
            },
            "Retry",
          ),
        ),
      );
    }
  }
  return h("div", {}, section);
}

const drawRole = (account, role) =>
  h(
    "div",
    {
      "data-testid": "role-list-item",
      "data-analytics": `${account.instance}-role-item-federation`,
      class: "role",
    },
    h(
      "a",
      {
        "data-testid": "federation-link",
        target: "_blank",
        rel: "noopener noreferrer",
        href: `#/console?account_id=${account.id}&role_name=${encodeURIComponent(role)}`,
      },
      role,
    ),
    h("span", {}, "|"),
    h(
      "a",
      {
        "data-testid": "role-creation-action-button",
        "data-analytics": "accounts-list-item-credential-modal-button",
        role: "button",
        tabindex: "0",
        on: activate(() => openKeys(account, role)),
      },
      h("span", {}, "Access keys "),
      h("span", {}, icon("key")),
    ),
  );
