import type { EpochMs } from "@jcfetch/shared/time";
import type { Reply } from "../messaging/messages.ts";
import type { AccountMark, RoleText } from "../messaging/page-messages.ts";
import type { CopyFormat } from "../messaging/view.ts";
import { createMarks } from "./account-marks.ts";
import { createButtons } from "./buttons.ts";
import type { Outcome } from "./copy-button.ts";
import { type Lifetime, watchPortal } from "./observe.ts";
import { isDarkPage } from "./page-theme.ts";
import { parsePortal, type RoleTarget } from "./parse-portal.ts";
import { regionHints } from "./region-hints.ts";
import { type PageReport, reportOf } from "./report.ts";
import { SELECTORS } from "./selectors.ts";

/** The background as the page's script knows it: it can be asked to do things, and answers with no secret. */
export interface Background {
  copy(target: RoleTarget, format: CopyFormat): Promise<Reply<Outcome>>;
  copyText(target: RoleTarget, what: RoleText): Promise<Reply<object>>;
  /** What is to be shown beside these accounts. */
  marks(accounts: string[]): Promise<readonly AccountMark[]>;
  tellPage(report: PageReport, regionHints: string[]): Promise<void>;
  /** The format of this person; undefined where the background answers nobody, because this is no portal's page. */
  format(): Promise<CopyFormat | undefined>;
  rememberFormat(format: CopyFormat): Promise<void>;
}

export interface Page extends Lifetime {
  readonly document: Document;
  readonly now: () => EpochMs;
  setTimeout(run: () => void, ms: number): unknown;
}

/** How long nothing must change before a page without a list counts as one we do not know. */
const AT_REST_MS = 5_000;

/** Tells the background what the page is, once per change of heart. */
function createReporter(page: Page, background: Background): (report: PageReport | undefined) => void {
  let told = "";
  return (report) => {
    if (!report) return;
    const text = `${report.generation} ${report.rows > 0}`;
    if (text === told) return;
    told = text;
    const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
    void background.tellPage(report, regionHints(page.document, loaded));
  };
}

/** Buttons and marks of one page. */
function createParts(page: Page, background: Background, chosen: CopyFormat) {
  let format = chosen;
  const later = (run: () => void, ms: number): void => void page.setTimeout(run, ms);
  const marks = createMarks({ ask: (accounts) => background.marks(accounts), now: page.now, later });
  const buttons = createButtons({
    async copy(target, wanted) {
      const reply = await background.copy(target, wanted);
      if (reply.ok) marks.renew();
      return reply;
    },
    copyText: (target, what) => background.copyText(target, what),
    format: () => format,
    chooseFormat(wanted) {
      format = wanted;
      buttons.refresh();
      void background.rememberFormat(wanted);
    },
    now: page.now,
    later,
  });
  return { buttons, marks };
}

/**
 * Put copy buttons on an access portal and keep them there. The browser runs this on addresses that may be a portal's; whether
 * one is, the background says, which answers no other page.
 */
export async function startPortal(page: Page, background: Background): Promise<void> {
  const format = await background.format();
  if (format === undefined) return;
  const report = createReporter(page, background);
  const root = page.document.querySelector(SELECTORS.appRoot);
  if (!root) {
    report(reportOf(page.document, parsePortal(page.document), true));
    return;
  }

  const { buttons, marks } = createParts(page, background, format);
  let changes = 0;
  const onChange = (): void => {
    const model = parsePortal(root);
    const first = model.rows[0]?.row ?? model.accounts[0]?.beside;
    const dark = first !== undefined && isDarkPage(getComputedStyle(first).color);
    buttons.sync(model, dark);
    marks.sync(model.accounts, dark);
    report(reportOf(root, model, false));
    if (model.generation !== "unknown") return;
    changes += 1;
    const seen = changes;
    page.setTimeout(() => {
      if (seen === changes) report(reportOf(root, parsePortal(root), true));
    }, AT_REST_MS);
  };
  const onReturn = (): void => marks.renew();
  addEventListener("focus", onReturn);
  page.onInvalidated(() => removeEventListener("focus", onReturn));
  const onStop = (): void => {
    buttons.removeAll();
    marks.removeAll();
  };
  watchPortal({ root, onChange, onStop }, page);
}
