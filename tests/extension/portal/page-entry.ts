import "../words.ts";
import type { AccountMark, RoleText } from "../../../extension/src/messaging/page-messages.ts";
import type { CopyFormat } from "../../../extension/src/messaging/view.ts";
import type { RoleTarget } from "../../../extension/src/portal/parse-portal.ts";
import { startPortal } from "../../../extension/src/portal/start.ts";

/* The page script as the extension starts it, with a background that remembers. Runs in the browser under test. */

export interface Remembered {
  copies: (RoleTarget & { format: CopyFormat })[];
  texts: (RoleTarget & { what: RoleText })[];
  /** What is known of accounts, and which were asked about. */
  marks: AccountMark[];
  asked: string[][];
  reports: { generation: string; rows: number; regionHints: string[] }[];
  format: CopyFormat;
  /** What the next copy is answered with: milliseconds of life, `confirm`, or a refusal's code. */
  answer: number | string;
  /** Once called, copies are answered only when `release` is. */
  hold: () => void;
  release: () => void;
  /** A clock that stands still, when set. */
  nowMs: number | null;
  invalidate: () => void;
}

declare global {
  interface Window {
    remembered: Remembered;
  }
}

let held = Promise.resolve();

const remembered: Remembered = {
  copies: [],
  texts: [],
  marks: [],
  asked: [],
  reports: [],
  format: "sh",
  answer: 3_590_000,
  hold() {
    held = new Promise((resolve) => {
      remembered.release = resolve;
    });
  },
  release: () => undefined,
  nowMs: null,
  invalidate: () => undefined,
};
window.remembered = remembered;

void startPortal(
  {
    document,
    now: () => remembered.nowMs ?? Date.now(),
    setTimeout: (run, ms) => setTimeout(run, ms),
    onInvalidated(run) {
      remembered.invalidate = run;
    },
  },
  {
    async copy(target, format) {
      remembered.copies.push({ ...target, format });
      await held;
      const { answer } = remembered;
      if (typeof answer === "number") return { ok: true, value: { expiresAtMs: Date.now() + answer } };
      if (answer === "confirm") return { ok: true, value: { confirm: true } };
      return { ok: false, problem: { code: answer, text: "it was refused", next: "do this" } };
    },
    async copyText(target, what) {
      remembered.texts.push({ ...target, what });
      return { ok: true, value: {} };
    },
    async marks(accounts) {
      remembered.asked.push(accounts);
      return remembered.marks.filter(({ account }) => accounts.includes(account));
    },
    async tellPage(report, regionHints) {
      remembered.reports.push({ ...report, regionHints });
    },
    format: () => Promise.resolve(remembered.format),
    async rememberFormat(format) {
      remembered.format = format;
    },
  },
);
