import type { Clock } from "@jcfetch/shared/time";
import type { AccountMark } from "../messaging/page-messages.ts";
import { BUTTON_STYLE } from "./button-style.ts";
import { attributes, createHost, make } from "./elements.ts";
import { glyph } from "./glyphs.ts";
import { shortLeft, spokenLeft } from "./left.ts";
import type { AccountPlace } from "./parse-portal.ts";
import { t } from "./words.ts";

export interface MarksContext {
  /** What is known of these accounts; of some of them nothing. */
  readonly ask: (accounts: string[]) => Promise<readonly AccountMark[]>;
  readonly now: Clock;
  readonly later: (run: () => void, ms: number) => void;
}

export interface AccountMarks {
  /** Bring the marks in line with the page. Accounts that are new here are asked about. */
  sync(accounts: readonly AccountPlace[], dark: boolean): void;
  /** Ask again about all: something was copied, or the person was elsewhere. */
  renew(): void;
  removeAll(): void;
}

const TICK_MS = 20_000;
const KIND = "data-jcfetch-account";
/** As many as the message takes. */
const MAX_ACCOUNTS = 1_000;

const WORDS = { prod: "environment.prodMark", staging: "environment.stagingMark" } as const;

interface Shown {
  readonly host: HTMLElement;
  readonly account: string;
  readonly inside: HTMLElement;
  text: string;
}

function mount(beside: Element, account: string): Shown {
  // A page that copies its nodes copies the empty shell of a mark too.
  for (const shell of beside.querySelectorAll(`[${KIND}]`)) shell.remove();
  const { host, root } = createHost(KIND, BUTTON_STYLE);
  const inside = make("span", "marks");
  root.append(inside);
  beside.append(host);
  return { host, account, inside, text: "" };
}

function fill(here: Shown, nodes: readonly Element[], dark: boolean): void {
  here.inside.toggleAttribute("data-dark", dark);
  const text = nodes.map(({ outerHTML }) => outerHTML).join("");
  if (here.text === text) return;
  here.text = text;
  here.inside.replaceChildren(...nodes);
}

/** What stands there, and what a screen reader says. Shape and word tell the environment; color comes on top. */
function parts({ label, environment, copiedAtMs, expiresAtMs }: AccountMark, nowMs: number): Element[] {
  const nodes: Element[] = [];
  if (environment) {
    const bar = make("span", "bar");
    const word = environment === "dev" ? "" : t(WORDS[environment]);
    const sign = make("span", `env ${environment}`, bar, word);
    attributes(sign, { role: "img", "aria-label": t(`environment.${environment}`) });
    nodes.push(sign);
  }
  if (label) nodes.push(make("span", "label", label));
  const leftMs = (expiresAtMs ?? 0) - nowMs;
  if (expiresAtMs && copiedAtMs !== null && leftMs > 0) {
    const ring = glyph("ring");
    const share = Math.min(1, leftMs / Math.max(1, expiresAtMs - copiedAtMs));
    attributes(ring.firstElementChild!, { "stroke-dasharray": `${Math.round(share * 100)} 100` });
    const left = make("span", share < 0.15 ? "left low" : "left", ring, shortLeft(leftMs));
    attributes(left, { role: "img", "aria-label": t("portal.live", spokenLeft(leftMs)) });
    left.title = left.ariaLabel!;
    nodes.push(left);
  }
  return nodes;
}

/**
 * [PB4] Beside an account: its label, what kind of place it is, and a ring with the minutes of credentials that were copied
 * of it. They lie over the page and take no room in it, so nothing moves when one comes or goes, and no press lands on one.
 */
export function createMarks(context: MarksContext): AccountMarks {
  const known = new Map<string, AccountMark | null>();
  const shown = new Map<Element, Shown>();
  let places: readonly AccountPlace[] = [];
  let dark = false;
  let ticking = false;

  const drop = (beside: Element): void => {
    shown.get(beside)?.host.remove();
    shown.delete(beside);
  };
  const put = ({ account, beside }: AccountPlace, mark: AccountMark): void => {
    const nodes = parts(mark, context.now());
    const here = shown.get(beside);
    if (nodes.length === 0 || here?.account !== account || !beside.contains(here.host)) drop(beside);
    if (nodes.length === 0) return;
    const stands = shown.get(beside) ?? mount(beside, account);
    shown.set(beside, stands);
    fill(stands, nodes, dark);
  };
  const draw = (): void => {
    const present = new Set(places.map(({ beside }) => beside));
    for (const beside of shown.keys()) if (!present.has(beside)) drop(beside);
    for (const place of places) {
      const mark = known.get(place.account);
      if (mark) put(place, mark);
      else drop(place.beside);
    }
    const now = context.now();
    const alive = [...known.values()].some((mark) => (mark?.expiresAtMs ?? 0) > now);
    if (!alive || ticking) return;
    ticking = true;
    context.later(() => {
      ticking = false;
      draw();
    }, TICK_MS);
  };
  const ask = async (accounts: string[]): Promise<void> => {
    if (accounts.length === 0) return;
    for (const account of accounts) known.set(account, known.get(account) ?? null);
    const marks = await context.ask(accounts.slice(0, MAX_ACCOUNTS));
    for (const account of accounts) known.set(account, null);
    for (const mark of marks) known.set(mark.account, mark);
    draw();
  };

  return {
    sync(now, isDark) {
      places = now;
      dark = isDark;
      draw();
      const fresh = places.map(({ account }) => account).filter((account) => !known.has(account));
      void ask([...new Set(fresh)]);
    },
    renew: () => void ask([...new Set(places.map(({ account }) => account))]),
    removeAll() {
      places = [];
      draw();
    },
  };
}
