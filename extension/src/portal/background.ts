import type { Reply } from "../messaging/messages.ts";
import type { AccountMark } from "../messaging/page-messages.ts";
import type { CopyFormat, Problem } from "../messaging/view.ts";
import { FORMATS } from "../ui/format-names.ts";
import type { Background } from "./start.ts";
import { t } from "./words.ts";

/*
 * The page's messages. The background validates them by the schemas of messaging/page-messages.ts; a content script is
 * loaded on every visit of the portal, so this side reads the answers by hand and carries no schema library. A test holds
 * verbs and bodies against those schemas.
 */

/** The part of `browser.runtime` that is needed here. */
export interface PageRuntime {
  sendMessage(message: unknown): Promise<unknown>;
}

const gone = (): { ok: false; problem: Problem } => ({
  ok: false,
  problem: { code: "bug", text: t("problem.stopped.text"), next: t("problem.stopped.next") },
});

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

async function send(
  runtime: PageRuntime,
  verb: string,
  body: object,
): Promise<Reply<Record<string, unknown>>> {
  try {
    const answer = await runtime.sendMessage({ verb, body });
    if (!isRecord(answer)) return gone();
    const { ok, value, problem } = answer;
    if (ok === true && isRecord(value)) return { ok, value };
    const { code, text, next } = isRecord(problem) ? problem : {};
    return typeof code === "string" && typeof text === "string" && typeof next === "string"
      ? { ok: false, problem: { code, text, next } }
      : gone();
  } catch {
    return gone();
  }
}

const isFormat = (value: unknown): value is CopyFormat => FORMATS.some((format) => format === value);

export function connectBackground(runtime: PageRuntime): Background {
  return {
    async copy(target, format) {
      const reply = await send(runtime, "copy", { ...target, format });
      if (!reply.ok) return reply;
      const { expiresAtMs, confirm } = reply.value;
      if (confirm === true) return { ok: true, value: { confirm } };
      return typeof expiresAtMs === "number" ? { ok: true, value: { expiresAtMs } } : gone();
    },
    copyText: (target, what) => send(runtime, "copy-text", { ...target, what }),
    async marks(accounts) {
      const reply = await send(runtime, "marks", { accounts });
      const marks = reply.ok ? reply.value.marks : undefined;
      return Array.isArray(marks) ? (marks as AccountMark[]) : [];
    },
    async tellPage(report, regionHints) {
      await send(runtime, "portal-hints", { ...report, regionHints });
    },
    async format() {
      const reply = await send(runtime, "prefs", {});
      if (!reply.ok && reply.problem.code === "refused") return undefined;
      const format = reply.ok ? reply.value.format : undefined;
      return isFormat(format) ? format : "sh";
    },
    async rememberFormat(format) {
      await send(runtime, "format-set", { format });
    },
  };
}
