import { attributes, make } from "./elements.ts";
import { glyph } from "./glyphs.ts";

export interface MenuItem {
  readonly text: string;
  /** One of a choice of which one is made; undefined for something that is done once. */
  readonly chosen?: boolean;
  /** `item` is what was pressed, for the guard. */
  readonly onChoose: (event: MouseEvent, item: HTMLElement) => void;
}

export interface MenuOptions {
  /** What is about to be copied, at the head of the menu. */
  readonly heading: string;
  /** The part of the button the menu hangs from. */
  readonly anchor: HTMLElement;
  /** Groups are set apart by a line. */
  readonly groups: readonly (readonly MenuItem[])[];
  /** Has the focus again when the menu is closed. */
  readonly opener: HTMLElement;
}

function build({ text, chosen, onChoose }: MenuItem): HTMLButtonElement {
  const button = make("button", "", glyph("check"), text);
  button.type = "button";
  button.tabIndex = -1;
  attributes(
    button,
    chosen === undefined ? { role: "menuitem" } : { role: "menuitemradio", "aria-checked": String(chosen) },
  );
  button.addEventListener("click", (event) => onChoose(event, button));
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

/** Where a key leads: arrows, the ends, or the next item that begins with a letter. */
function target(key: string, at: number, items: readonly HTMLElement[]): HTMLElement | undefined {
  const count = items.length;
  if (key === "ArrowDown") return items[(at + 1) % count];
  if (key === "ArrowUp") return items[(at - 1 + count) % count];
  if (key === "Home") return items[0];
  if (key === "End") return items[count - 1];
  if (key.length !== 1 || key === " ") return undefined;
  const after = [...items.slice(at + 1), ...items.slice(0, at + 1)];
  return after.find(({ textContent }) => textContent?.toLowerCase().startsWith(key.toLowerCase()));
}

/**
 * [PB1] A menu in the browser's top layer, so that no scrolling table cuts it off. Built when it is opened and gone when it
 * is closed: five hundred rows carry none.
 */
export function openMenu({ heading, anchor, groups, opener }: MenuOptions): void {
  const head = make("div", "head", heading);
  const menu = make("div", "menu", head);
  menu.popover = "auto";
  attributes(menu, { role: "menu", "aria-label": heading });
  attributes(head, { role: "presentation" });
  const items: HTMLButtonElement[] = [];
  for (const [at, group] of groups.entries()) {
    const built = group.map(build);
    items.push(...built);
    if (at > 0) {
      const line = make("hr", "");
      menu.append(line);
    }
    menu.append(...built);
  }

  const root = anchor.getRootNode() as ShadowRoot;
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Tab") menu.hidePopover();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = target(event.key, items.indexOf(root.activeElement as HTMLButtonElement), items);
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  // The menu hangs at a fixed place; when what it hangs from scrolls away, it goes too. Its own list may scroll.
  const hide = ({ target: scrolled }: Event): void => {
    if (scrolled instanceof Document || (scrolled as Element).contains(root.host)) menu.hidePopover();
  };
  addEventListener("scroll", hide, { capture: true, passive: true });
  // At once and not at `toggle`, which comes a task later: by then it may have been opened again.
  menu.addEventListener("beforetoggle", ({ newState }) => {
    if (newState !== "closed") return;
    removeEventListener("scroll", hide, { capture: true });
    opener.ariaExpanded = "false";
    // Not every way of closing gives the focus back.
    if (menu.contains(root.activeElement)) opener.focus({ preventScroll: true });
  });
  menu.addEventListener("toggle", ({ newState }) => newState === "closed" && menu.remove());

  root.append(menu);
  menu.showPopover();
  opener.ariaExpanded = "true";
  place(menu, anchor);
  (items.find((item) => item.ariaChecked === "true") ?? items[0])?.focus();
}
