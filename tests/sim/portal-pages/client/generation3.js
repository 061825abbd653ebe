// Generation 3 (since spring 2026): a tree grid with 100 rows a page; roles are sibling rows of their account.
import { listRoles } from "./api.js";
import { activate, h, icon, pause } from "./dom.js";
import { openKeys } from "./keys.js";
import { makePagination } from "./pagination.js";
import { openShortcut } from "./shortcut.js";

const PAGE_ROWS = 100;
const ROLE_LOAD_MS = 250;
const ROWS_SETTLE_MS = 600;
const FILTER = "Filter accounts by name, ID, or email address";

export async function drawAccounts(panel, applications) {
  const body = h("tbody");
  const count = h("span");
  const loading = h("p", { class: "quiet", role: "status" }, "Loading accounts");
  const input = h("input", { type: "search", "aria-label": FILTER, placeholder: FILTER });
  const pagination = makePagination((page) => show(page));
  let accounts = [];
  let shown = [];

  panel.replaceChildren(
    h(
      "div",
      { class: "toolbar" },
      h("h2", {}, "AWS accounts", count),
      h(
        "button",
        { "aria-label": "Refresh", class: "button iconic", on: { click: refresh } },
        icon("refresh"),
      ),
      h(
        "button",
        {
          "data-testid": "account-list-cell-action-button",
          class: "button",
          on: { click: () => openShortcut(accounts) },
        },
        "Create shortcut ",
      ),
    ),
    h(
      "div",
      { class: "toolbar" },
      h("div", { "data-testid": "accounts-table-text-filter", class: "filter" }, input),
      pagination.element,
      h("button", { "aria-label": "Preferences", class: "button iconic" }, icon("cog")),
    ),
    loading,
    h(
      "table",
      { role: "treegrid", "aria-colcount": "3", class: "table" },
      h(
        "thead",
        {},
        h(
          "tr",
          { "data-selection-item": "all" },
          ["Account Name", "Account ID", "Email"].map((label, index) =>
            h(
              "th",
              { "data-focus-id": `header-${["name", "accountId", "email"][index]}`, scope: "col" },
              label,
            ),
          ),
        ),
      ),
      body,
    ),
  );
  input.addEventListener("input", filter);

  /** One page of accounts, all of them closed; the rows of before are gone, not reused. */
  function show(page) {
    const start = (page - 1) * PAGE_ROWS;
    const rows = shown.slice(start, start + PAGE_ROWS);
    body.replaceChildren(
      ...rows.map((account, index) => drawAccount(account, { index, size: rows.length, start })),
    );
  }

  function filter() {
    const wanted = input.value.trim().toLowerCase();
    shown = accounts.filter(({ id, name, email }) => `${name} ${id} ${email}`.toLowerCase().includes(wanted));
    pagination.reset(Math.max(1, Math.ceil(shown.length / PAGE_ROWS)));
    show(1);
  }

  async function refresh() {
    body.replaceChildren();
    loading.hidden = false;
    await pause(ROWS_SETTLE_MS);
    loading.hidden = true;
    filter();
  }

  ({ accounts } = await applications);
  count.textContent = ` (${accounts.length})`;
  loading.hidden = true;
  filter();
  // The real table settles once: its first rows are thrown away and drawn again; not while a refresh has none to show.
  await pause(ROWS_SETTLE_MS);
  const opened = body.querySelector("[aria-level='2']") !== null;
  if (loading.hidden && !opened && pagination.page() === 1) show(1);
}

const copyButton = (text) =>
  h(
    "button",
    {
      "aria-label": "Copy code",
      class: "button iconic small",
      on: { click: () => navigator.clipboard.writeText(text) },
    },
    icon("copy"),
  );

function drawAccount(account, { index, size, start }) {
  const expander = h("button", { "aria-expanded": "false", class: "expander" }, icon("caret"));
  const cell = h(
    "div",
    { "data-testid": "account-list-cell", role: "button", tabindex: "0" },
    h("div", {}, account.name || account.id),
  );
  const row = h(
    "tr",
    {
      "data-selection-item": "item",
      "aria-rowindex": String(start + index + 2),
      "aria-level": "1",
      "aria-setsize": String(size),
      "aria-posinset": String(index + 1),
    },
    h("th", { scope: "row" }, h("div", { class: "namecell" }, expander, cell)),
    h(
      "td",
      {},
      copyButton(account.id),
      h(
        "a",
        {
          "data-testid": "account-federation-link",
          href: `#/console?account_id=${account.id}&referrer=accessPortal`,
        },
        h("span", {}, account.id),
      ),
    ),
    h("td", {}, account.email ? copyButton(account.email) : undefined, account.email),
  );

  const children = () => {
    const rows = [];
    for (
      let next = row.nextElementSibling;
      next?.getAttribute("aria-level") === "2";
      next = next.nextElementSibling
    ) {
      rows.push(next);
    }
    return rows;
  };

  async function toggle() {
    const open = expander.getAttribute("aria-expanded") === "true";
    expander.setAttribute("aria-expanded", String(!open));
    for (const child of children()) child.remove();
    if (!open) await load();
  }

  async function load() {
    const placeholder = h(
      "tr",
      { "aria-level": "2" },
      h("td", { colspan: "3", class: "quiet indent" }, "Loading roles"),
    );
    row.after(placeholder);
    try {
      const [roles] = await Promise.all([listRoles(account), pause(ROLE_LOAD_MS)]);
      placeholder.replaceWith(
        ...roles.map((role, position) => drawRole(account, role, position, roles.length)),
      );
    } catch (error) {
      const retry = () => {
        placeholder.remove();
        return load();
      };
      placeholder.replaceChildren(
        h(
          "td",
          { colspan: "3", class: "indent" },
          h(
            "div",
            { "data-testid": "error-component-alert", role: "alert" },
            `${error.message} `,
            h("button", { "data-testid": "retry-button", class: "button", on: { click: retry } }, "Retry"),
          ),
        ),
      );
    }
  }

  expander.addEventListener("click", toggle);
  for (const [event, listener] of Object.entries(activate(toggle))) cell.addEventListener(event, listener);
  return row;
}

const drawRole = (account, role, position, size) =>
  h(
    "tr",
    {
      "data-selection-item": "item",
      "aria-level": "2",
      "aria-setsize": String(size),
      "aria-posinset": String(position + 1),
    },
    h(
      "th",
      { scope: "row", class: "indent" },
      h(
        "a",
        {
          "data-testid": "federation-link",
          "data-analytics-type": "eventValue",
          target: "_blank",
          rel: "noopener noreferrer",
          href: `#/console?account_id=${account.id}&role_name=${encodeURIComponent(role)}`,
        },
        role,
      ),
    ),
    h(
      "td",
      {},
      h(
        "a",
        {
          "data-testid": "role-creation-action-button",
          "data-analytics": "accounts-list-item-credential-modal-button",
          role: "button",
          tabindex: "0",
          on: activate(() => openKeys(account, role)),
        },
        h("span", {}, "Access keys"),
        icon("key"),
      ),
    ),
    h("td"),
  );
