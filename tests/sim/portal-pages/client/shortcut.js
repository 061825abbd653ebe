// "Create shortcut": makes a deep link to the console.
import { openDialog } from "./dialog.js";
import { h } from "./dom.js";

export function openShortcut(accounts) {
  const account = h(
    "select",
    { "data-testid": "fdl-deeplink-modal-account-select", "aria-label": "Account" },
    accounts.map(({ id, name }) => h("option", { value: id }, `${name || id} (${id})`)),
  );
  const role = h("input", {
    "data-testid": "fdl-deeplink-role-select",
    "aria-label": "IAM role name (optional)",
  });
  const destination = h("input", {
    "data-testid": "fdl-deeplink-destination-input",
    "aria-label": "Destination URL",
  });
  const copy = () => {
    const query = new URLSearchParams({ account_id: account.value });
    if (role.value) query.set("role_name", role.value);
    if (destination.value) query.set("destination", destination.value);
    navigator.clipboard.writeText(`${location.origin}${location.pathname}#/console?${query}`);
  };
  openDialog(
    "Create a shortcut link for specific console access",
    h(
      "div",
      { class: "form" },
      h("label", {}, "Account", account),
      h("label", {}, "IAM role name (optional)", role),
      h("label", {}, "Destination URL (optional)", destination),
      h(
        "button",
        { "data-testid": "fdl-deeplink-modal-copy-button", class: "button primary", on: { click: copy } },
        "Copy URL",
      ),
    ),
    { "data-testid": "fdl-deeplink-modal" },
  );
}
