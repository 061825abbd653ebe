import type { CopyFormat } from "../messaging/view.ts";
import { FORMAT_NAMES, FORMATS } from "../ui/format-names.ts";
import { glyph } from "./glyphs.ts";

export interface MenuOptions {
  readonly chosen: CopyFormat;
  /** What is about to be copied, at the head of the menu. */
  readonly heading: string;
  /** The part of the button the menu hangs from. */
  readonly anchor: HTMLElement;
  /** `item` is what was pressed, for the guard. */
  readonly onChoose: (format: CopyFormat, event: MouseEvent, item: HTMLElement) => void;
  readonly onClose: () => void;
}

const KEY_STEP: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowUp: (at, count) => (at - 1 + count) % count,
  Home: () => 0,
  End: (_at, count) => count - 1,
};

function item(format: CopyFormat, options: MenuOptions): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.tabIndex = -1;
  button.setAttribute("role", "menuitemradio");
  button.setAttribute("aria-checked", String(format === options.chosen));
  button.append(glyph("check"), FORMAT_NAMES[format].long);
  button.addEventListener("click", (event) => options.onChoose(format, event, button));
  return button;
}

/** Below the button, or above it where the window ends; never wider than the window. */
function place(menu: HTMLElement, anchor: HTMLElement): void {
  const at = anchor.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const below = at.bottom + 4 + height <= innerHeight;
  menu.style.top = `${Math.max(4, below ? at.bottom + 4 : at.top - 4 - height)}px`;
  menu.style.left = `${Math.max(4, Math.min(at.left, innerWidth - width - 4))}px`;
}

/**
 * The format menu, in the browser's top layer, so that no scrolling table cuts it off. Built when it is opened and gone
 * when it is closed: five hundred rows carry none.
 */
export function openFormatMenu(options: MenuOptions): HTMLElement {
  const menu = document.createElement("div");
  menu.className = "menu";
  menu.popover = "auto";
  menu.setAttribute("role", "menu");
  menu.setAttribute("aria-label", options.heading);
  const head = document.createElement("div");
  head.className = "head";
  head.textContent = options.heading;
  head.setAttribute("role", "presentation");
  const items = FORMATS.map((format) => item(format, options));
  menu.append(head, ...items);

  menu.addEventListener("keydown", (event) => {
    const step = KEY_STEP[event.key];
    if (event.key === "Tab") menu.hidePopover();
    if (!step) return;
    event.preventDefault();
    const root = menu.getRootNode() as ShadowRoot;
    const at = items.indexOf(root.activeElement as HTMLButtonElement);
    items[step(at, items.length)]!.focus();
  });
  // The menu hangs at a fixed place; when what it hangs from scrolls away, it goes too.
  const hide = (): void => menu.hidePopover();
  addEventListener("scroll", hide, { capture: true, passive: true });
  menu.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    removeEventListener("scroll", hide, { capture: true });
    menu.remove();
    options.onClose();
  });

  options.anchor.getRootNode().appendChild(menu);
  menu.showPopover();
  place(menu, options.anchor);
  items[FORMATS.indexOf(options.chosen)]!.focus();
  return menu;
}
