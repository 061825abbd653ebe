import type { Reply } from "../messaging/messages.ts";
import type { CopyFormat, Problem } from "../messaging/view.ts";
import { FORMATS } from "../ui/format-names.ts";
import type { Background } from "./start.ts";

/*
 * The page's four messages. The background validates them by the schemas of messaging/messages.ts; a content script is
 * loaded on every visit of the portal, so this side reads the answers by hand and carries no schema library. A test holds
 * verbs and bodies against those schemas.
 */

/** The part of `browser.runtime` that is needed here. */
export interface PageRuntime {
  sendMessage(message: unknown): Promise<unknown>;
}

const GONE: Problem = {
  code: "bug",
  text: "the extension was updated or stopped",
  next: "reload the page",
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

function readProblem(value: unknown): Problem {
  if (!isRecord(value)) return GONE;
  const { code, text, next } = value;
  const whole = typeof code === "string" && typeof text === "string" && typeof next === "string";
  return whole ? { code, text, next } : GONE;
}

async function send(
  runtime: PageRuntime,
  verb: string,
  body: object,
): Promise<Reply<Record<string, unknown>>> {
  try {
    const answer = await runtime.sendMessage({ verb, body });
    if (isRecord(answer) && answer.ok === true && isRecord(answer.value)) {
      return { ok: true, value: answer.value };
    }
    return { ok: false, problem: readProblem(isRecord(answer) ? answer.problem : undefined) };
  } catch {
    return { ok: false, problem: GONE };
  }
}

const isFormat = (value: unknown): value is CopyFormat => FORMATS.some((format) => format === value);

export function connectBackground(runtime: PageRuntime): Background {
  return {
    async copy(target, format) {
      const reply = await send(runtime, "copy", { ...target, format });
      if (!reply.ok) return reply;
      const { expiresAtMs } = reply.value;
      return typeof expiresAtMs === "number"
        ? { ok: true, value: { expiresAtMs } }
        : { ok: false, problem: GONE };
    },
    async tellPage(report, regionHints) {
      await send(runtime, "portal-hints", { ...report, regionHints });
    },
    async format() {
      const reply = await send(runtime, "prefs", {});
      const format = reply.ok ? reply.value.format : undefined;
      return isFormat(format) ? format : "sh";
    },
    async rememberFormat(format) {
      await send(runtime, "format-set", { format });
    },
  };
}
