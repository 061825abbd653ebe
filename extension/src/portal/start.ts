import { parsePortalUrl } from "@jcfetch/shared/domain/portal";
import type { EpochMs } from "@jcfetch/shared/time";
import type { Reply } from "../messaging/messages.ts";
import type { CopyFormat } from "../messaging/view.ts";
import { createButtons } from "./buttons.ts";
import { type Lifetime, watchPortal } from "./observe.ts";
import { parsePortal, type RoleTarget } from "./parse-portal.ts";
import { regionHints } from "./region-hints.ts";
import { type PageReport, reportOf } from "./report.ts";
import { SELECTORS } from "./selectors.ts";

/** The background as the page's script knows it: it can be asked to do things, and answers with no secret. */
export interface Background {
  copy(target: RoleTarget, format: CopyFormat): Promise<Reply<{ expiresAtMs: EpochMs }>>;
  tellPage(report: PageReport, regionHints: string[]): Promise<void>;
  format(): Promise<CopyFormat>;
  rememberFormat(format: CopyFormat): Promise<void>;
}

export interface Page extends Lifetime {
  readonly document: Document;
  readonly href: string;
  readonly now: () => EpochMs;
  setTimeout(run: () => void, ms: number): unknown;
}

/** How long nothing must change before a page without a list counts as one we do not know. */
const AT_REST_MS = 5_000;

const DEFAULT_FORMAT: CopyFormat = "sh";

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

/** Put copy buttons on an access portal and keep them there. Does nothing on any other page. */
export function startPortal(page: Page, background: Background): void {
  if (!parsePortalUrl(page.href).ok) return;
  const report = createReporter(page, background);
  const root = page.document.querySelector(SELECTORS.appRoot);
  if (!root) {
    report(reportOf(page.document, parsePortal(page.document), true));
    return;
  }

  let format = DEFAULT_FORMAT;
  const buttons = createButtons({
    copy: (target, wanted) => background.copy(target, wanted),
    format: () => format,
    chooseFormat(wanted) {
      format = wanted;
      buttons.refresh();
      void background.rememberFormat(wanted);
    },
    now: page.now,
    later: (run, ms) => page.setTimeout(run, ms),
  });
  void background.format().then((stored) => {
    format = stored;
    buttons.refresh();
  });

  let changes = 0;
  const onChange = (): void => {
    const model = parsePortal(root);
    buttons.sync(model);
    report(reportOf(root, model, false));
    if (model.generation !== "unknown") return;
    changes += 1;
    const seen = changes;
    page.setTimeout(() => {
      if (seen === changes) report(reportOf(root, parsePortal(root), true));
    }, AT_REST_MS);
  };
  watchPortal({ root, onChange, onStop: () => buttons.removeAll() }, page);
}
