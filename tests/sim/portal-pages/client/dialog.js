// A modal dialog as Cloudscape draws it, over the whole page.
import { h, icon } from "./dom.js";

/** Shows a dialog and returns the function that closes it. */
export function openDialog(title, content, attributes = {}) {
  const before = document.activeElement;
  const close = () => {
    overlay.remove();
    removeEventListener("keydown", onKey);
    before?.focus?.();
  };
  const onKey = (event) => {
    if (event.key === "Escape") close();
  };
  const closer = h(
    "button",
    { "aria-label": "Close", class: "button iconic", on: { click: close } },
    icon("close"),
  );
  const overlay = h(
    "div",
    { class: "overlay", on: { click: (event) => event.target === overlay && close() } },
    h(
      "div",
      { role: "dialog", "aria-modal": "true", "aria-label": title, class: "dialog", ...attributes },
      h("div", { class: "dialoghead" }, h("h2", {}, title), closer),
      content,
    ),
  );
  document.body.append(overlay);
  addEventListener("keydown", onKey);
  closer.focus();
  return close;
}
