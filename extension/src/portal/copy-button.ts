import type { Clock, EpochMs } from "@jcfetch/shared/time";
import type { Reply } from "../messaging/messages.ts";
import type { CopyFormat } from "../messaging/view.ts";
import { type ButtonState, describe, type Face, faceOf, PRESS_PROBLEM, sameFace } from "./button-face.ts";
import { BUTTON_STYLE } from "./button-style.ts";
import { openFormatMenu } from "./format-menu.ts";
import { glyph } from "./glyphs.ts";
import { judgePress } from "./guard.ts";
import { measurePress } from "./measure-press.ts";
import { type Place, placeIn, type RoleTarget, roleOfRow } from "./parse-portal.ts";

/** What all buttons of a page have in common. */
export interface ButtonContext {
  /** Asks the background to copy. What comes back holds no secret. */
  readonly copy: (target: RoleTarget, format: CopyFormat) => Promise<Reply<{ expiresAtMs: EpochMs }>>;
  /** The format of this page, and how one button tells the others. */
  readonly format: () => CopyFormat;
  readonly chooseFormat: (format: CopyFormat) => void;
  readonly now: Clock;
  /** Runs once after `ms`, unless the content script is taken out before. */
  readonly later: (run: () => void, ms: number) => void;
}

export interface CopyButton {
  readonly host: HTMLElement;
  /** Draw again: the format or the row's role has changed. */
  refresh(): void;
  setDark(dark: boolean): void;
  remove(): void;
}

const DONE_SHOWN_MS = 6_000;
const FAILED_SHOWN_MS = 20_000;
const KEPT_INSIDE = ["click", "mousedown", "mouseup", "pointerdown", "keydown", "keyup", "dblclick"];

let sharedSheet: CSSStyleSheet | undefined;

function addStyle(root: ShadowRoot): void {
  try {
    if (!sharedSheet) {
      sharedSheet = new CSSStyleSheet();
      sharedSheet.replaceSync(BUTTON_STYLE);
    }
    root.adoptedStyleSheets = [sharedSheet];
  } catch {
    // Firefox keeps content scripts from writing this list; then each button has a sheet of its own.
    const style = document.createElement("style");
    style.textContent = BUTTON_STYLE;
    root.prepend(style);
  }
}

interface Parts {
  readonly split: HTMLElement;
  readonly main: HTMLButtonElement;
  readonly text: HTMLElement;
  readonly more: HTMLButtonElement;
}

function build(root: ShadowRoot): Parts {
  const split = document.createElement("span");
  const main = document.createElement("button");
  const text = document.createElement("span");
  const more = document.createElement("button");
  split.setAttribute("role", "group");
  main.type = more.type = "button";
  main.className = "main";
  text.className = "text";
  more.className = "more";
  more.title = "Choose a format";
  more.setAttribute("aria-haspopup", "menu");
  more.setAttribute("aria-expanded", "false");
  more.append(glyph("caret"));
  main.append(glyph("mark"), text);
  split.append(main, more);
  root.append(split);
  return { split, main, text, more };
}

/** Spoken once. The live region exists only after the first press; five hundred silent ones would slow readers down. */
function announce(root: ShadowRoot, text: string): void {
  let region = root.querySelector<HTMLElement>(".say");
  if (!region && text === "") return;
  if (!region) {
    region = document.createElement("span");
    region.className = "say";
    region.setAttribute("role", "status");
    root.append(region);
  }
  region.textContent = text;
}

function draw({ split, main, text }: Parts, is: ButtonState["is"], face: Face): void {
  split.className = `split ${is} ${face.icon}`;
  main.firstElementChild!.replaceWith(glyph(face.icon));
  text.textContent = face.text;
  main.title = face.title;
  main.setAttribute("aria-label", face.title);
  main.setAttribute("aria-busy", String(is === "busy"));
}

function listen(
  { main, more }: Parts,
  press: (event: MouseEvent) => void,
  open: (event: Event) => void,
): void {
  // Not every browser focuses a button that is clicked, and the guard wants the focus inside.
  main.addEventListener("pointerdown", (event) => event.isTrusted && main.focus());
  main.addEventListener("click", press);
  more.addEventListener("click", open);
  more.addEventListener("keydown", (event) => event.key === "ArrowDown" && open(event));
}

function insert(host: HTMLElement, place: Place): void {
  // The page's table listens for clicks and keys on its rows; what happens in our button is not its concern.
  for (const type of KEPT_INSIDE) host.addEventListener(type, (event) => event.stopPropagation());
  if (place.how === "append") place.element.append(host);
  else {
    host.dataset.jcfetch = "beside";
    place.element.after(host);
  }
}

const closeMenu = (root: ShadowRoot): void =>
  root.querySelector<HTMLElement>(".menu:popover-open")?.hidePopover();

/**
 * The row's role, read anew at each look: React may have given the row to another role. With another role it is another
 * button, which has only just come up.
 */
function watchRole(row: Element, now: Clock, onOther: () => void) {
  let seen: RoleTarget | undefined;
  let sinceMs = 0;
  return {
    look(): RoleTarget | undefined {
      const target = roleOfRow(row);
      if (target?.account !== seen?.account || target?.role !== seen?.role) {
        sinceMs = now();
        onOther();
      }
      seen = target;
      return target;
    },
    shownForMs: (): number => now() - sinceMs,
  };
}

function createHost() {
  const host = document.createElement("span");
  host.dataset.jcfetch = "";
  const root = host.attachShadow({ mode: "closed" });
  addStyle(root);
  return { host, root, parts: build(root) };
}

/** Put a split button into a role's row. Undefined when the row has no place for it. */
export function createCopyButton(row: Element, context: ButtonContext): CopyButton | undefined {
  // A page that copies its nodes copies the empty shell of a button too.
  for (const shell of row.querySelectorAll("[data-jcfetch]")) shell.remove();
  const place = placeIn(row);
  if (!place) return undefined;
  const { host, root, parts } = createHost();
  let state: ButtonState = { is: "idle" };
  let turn = 0;
  let drawn: Face | undefined;
  const { look, shownForMs } = watchRole(row, context.now, () => closeMenu(root));
  const refresh = (): void => {
    const target = look();
    host.hidden = !target;
    if (!target) return;
    const face = faceOf(state, target, context.format(), context.now());
    if (drawn && sameFace(drawn, face)) return;
    draw(parts, state.is, face);
    if (face.say !== drawn?.say) announce(root, face.say);
    drawn = face;
  };
  const enter = (next: ButtonState, shownMs?: number): void => {
    state = next;
    turn += 1;
    const mine = turn;
    refresh();
    if (shownMs !== undefined) context.later(() => mine === turn && enter({ is: "idle" }), shownMs);
  };

  const press = async (event: MouseEvent, pressed: HTMLElement, format: CopyFormat): Promise<void> => {
    if (state.is === "busy") return;
    const target = look();
    const focused = root.activeElement !== null;
    const fault = judgePress(
      measurePress({ event, host, target: pressed, focused, shownForMs: shownForMs() }),
    );
    if (fault === "synthetic") return;
    if (!target) return refresh();
    if (fault) return enter({ is: "failed", target, problem: PRESS_PROBLEM }, FAILED_SHOWN_MS);
    enter({ is: "busy", target });
    const reply = await context.copy(target, format);
    if (reply.ok) enter({ is: "done", target, expiresAtMs: reply.value.expiresAtMs }, DONE_SHOWN_MS);
    else enter({ is: "failed", target, problem: reply.problem }, FAILED_SHOWN_MS);
  };

  const openMenu = (event: Event): void => {
    const target = look();
    if (!event.isTrusted || !target || root.querySelector(".menu")) return;
    parts.more.setAttribute("aria-expanded", "true");
    openFormatMenu({
      chosen: context.format(),
      heading: `Copy ${describe(target)} for`,
      anchor: parts.split,
      onChoose(format, chosen, item) {
        const now = look();
        if (!now || describe(now) !== describe(target)) return; // `look` has closed the menu
        void press(chosen, item, format); // measures at once, while the menu still stands
        if (chosen.isTrusted) context.chooseFormat(format);
        closeMenu(root);
      },
      onClose: () => parts.more.setAttribute("aria-expanded", "false"),
    });
  };

  listen(parts, (event) => void press(event, parts.main, context.format()), openMenu);
  refresh();
  insert(host, place);
  const setDark = (dark: boolean): void => {
    parts.split.toggleAttribute("data-dark", dark);
  };
  return { host, refresh, setDark, remove: () => host.remove() };
}
