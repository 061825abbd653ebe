import type { Clock, EpochMs } from "@jcfetch/shared/time";
import type { Reply } from "../messaging/messages.ts";
import type { RoleText } from "../messaging/page-messages.ts";
import type { CopyFormat } from "../messaging/view.ts";
import { FORMATS } from "../ui/format-names.ts";
import {
  type ButtonState,
  describe,
  type Face,
  faceOf,
  formatTitle,
  pressProblem,
  sameFace,
} from "./button-face.ts";
import { BUTTON_STYLE } from "./button-style.ts";
import { attributes, createHost, make } from "./elements.ts";
import { glyph } from "./glyphs.ts";
import { judgePress } from "./guard.ts";
import { measurePress } from "./measure-press.ts";
import { type MenuItem, openMenu } from "./menu.ts";
import { type Place, placeIn, type RoleTarget, roleOfRow } from "./parse-portal.ts";
import { t } from "./words.ts";

/** What became of a press: credentials and their end, a question in the popup, or something that is no secret. */
export type Outcome = { readonly expiresAtMs?: EpochMs; readonly confirm?: true };

/** What all buttons of a page have in common. */
export interface ButtonContext {
  /** Asks the background to copy. What comes back holds no secret. */
  readonly copy: (target: RoleTarget, format: CopyFormat) => Promise<Reply<Outcome>>;
  readonly copyText: (target: RoleTarget, what: RoleText) => Promise<Reply<object>>;
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

const TEXTS = [
  ["account-id", "portal.accountId"],
  ["role-arn", "portal.roleArn"],
  ["sso-profile", "portal.ssoProfile"],
  ["process-profile", "portal.processProfile"],
] as const;

interface Parts {
  readonly split: HTMLElement;
  readonly main: HTMLButtonElement;
  readonly text: HTMLElement;
  readonly more: HTMLButtonElement;
}

function build(root: ShadowRoot): Parts {
  const text = make("span", "text");
  const main = make("button", "main", glyph("copy"), text);
  const more = make("button", "more", glyph("caret"));
  const split = make("span", "", main, more);
  main.type = more.type = "button";
  more.title = t("portal.more");
  attributes(split, { role: "group" });
  attributes(more, { "aria-haspopup": "menu", "aria-expanded": "false" });
  root.append(split);
  return { split, main, text, more };
}

/** Spoken once. The live region exists only after the first press; five hundred silent ones would slow readers down. */
function announce(root: ShadowRoot, text: string): void {
  let region = root.querySelector(".say");
  if (!region && text === "") return;
  if (!region) {
    region = make("span", "say");
    attributes(region, { role: "status" });
    root.append(region);
  }
  region.textContent = text;
}

function draw({ split, main, text }: Parts, is: ButtonState["is"], face: Face): void {
  split.className = `split ${is} ${face.icon}`;
  main.firstElementChild!.replaceWith(glyph(face.icon));
  text.textContent = face.text;
  main.title = face.title;
  attributes(main, { "aria-label": face.title, "aria-busy": String(is === "busy") });
}

function listen(
  { main, more }: Parts,
  press: (event: MouseEvent) => void,
  open: (event: Event) => void,
): void {
  // Not every browser focuses a button that is clicked, and the guard wants the focus inside.
  main.addEventListener("pointerdown", (event) => event.isTrusted && main.focus());
  main.addEventListener("click", (event) => (event.altKey ? open(event) : press(event)));
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

const OPEN_MENU = ".menu:popover-open";
const closeMenu = (root: ShadowRoot): void => root.querySelector<HTMLElement>(OPEN_MENU)?.hidePopover();

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

type Ask = (target: RoleTarget) => Promise<Reply<Outcome>>;

interface ItemPress {
  readonly event: MouseEvent;
  readonly item: HTMLElement;
  readonly ask: Ask;
}

/** What the menu offers: credentials in every format, and what is no secret. @param press tells whether the press counts */
function choices(context: ButtonContext, press: (pressed: ItemPress) => boolean): MenuItem[][] {
  const formats = FORMATS.map(
    (format): MenuItem => ({
      text: formatTitle(format),
      chosen: format === context.format(),
      onChoose(event, item) {
        if (press({ event, item, ask: (target) => context.copy(target, format) }))
          context.chooseFormat(format);
      },
    }),
  );
  const texts = TEXTS.map(
    ([what, key]): MenuItem => ({
      text: t(key),
      onChoose: (event, item) => void press({ event, item, ask: (target) => context.copyText(target, what) }),
    }),
  );
  return [formats, texts];
}

/** Put a split button into a role's row. Undefined when the row has no place for it. */
export function createCopyButton(row: Element, context: ButtonContext): CopyButton | undefined {
  // A page that copies its nodes copies the empty shell of a button too.
  for (const shell of row.querySelectorAll("[data-jcfetch]")) shell.remove();
  const place = placeIn(row);
  if (!place) return undefined;
  const { host, root } = createHost("data-jcfetch", BUTTON_STYLE);
  const parts = build(root);
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

  const press = async (event: MouseEvent, pressed: HTMLElement, ask: Ask): Promise<void> => {
    if (state.is === "busy") return;
    const target = look();
    const focused = root.activeElement !== null;
    const fault = judgePress(
      measurePress({ event, host, target: pressed, focused, shownForMs: shownForMs() }),
    );
    if (fault === "synthetic") return;
    if (!target) return refresh();
    if (fault) return enter({ is: "failed", target, problem: pressProblem() }, FAILED_SHOWN_MS);
    enter({ is: "busy", target });
    const reply = await ask(target);
    if (!reply.ok) return enter({ is: "failed", target, problem: reply.problem }, FAILED_SHOWN_MS);
    if (reply.value.confirm) return enter({ is: "asked", target }, FAILED_SHOWN_MS);
    enter({ is: "done", target, expiresAtMs: reply.value.expiresAtMs }, DONE_SHOWN_MS);
  };

  /** Only for the role at whose button the menu was opened. */
  const pressItem = (opened: RoleTarget, { event, item, ask }: ItemPress): boolean => {
    const now = look();
    if (!now || describe(now) !== describe(opened)) return false; // `look` has closed the menu
    void press(event, item, ask); // measures at once, while the menu still stands
    closeMenu(root);
    return event.isTrusted;
  };
  const openChoice = (event: Event): void => {
    const target = look();
    if (!event.isTrusted || !target || root.querySelector(OPEN_MENU)) return;
    openMenu({
      heading: t("portal.menu", describe(target)),
      anchor: parts.split,
      opener: parts.more,
      groups: choices(context, (pressed) => pressItem(target, pressed)),
    });
  };

  const copyNow: Ask = (target) => context.copy(target, context.format());
  listen(parts, (event) => void press(event, parts.main, copyNow), openChoice);
  refresh();
  insert(host, place);
  const setDark = (dark: boolean) => void parts.split.toggleAttribute("data-dark", dark);
  return { host, refresh, setDark, remove: () => host.remove() };
}
