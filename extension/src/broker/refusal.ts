import type { ErrorCode, Refusal } from "@jcfetch/shared/protocol/errors";
import { type Camel, camel } from "../camel.ts";
import { problem } from "../messaging/problems.ts";
import type { Problem } from "../messaging/view.ts";
import { t } from "../words.ts";

/** What is wrong, in the user's language. The English texts are those of the shared table; a test compares. */
export function refusalTitle(code: ErrorCode): string {
  const name: Camel<ErrorCode> = camel(code);
  return t(`refusal.${name}.title`);
}

/** A broker's refusal in the words of the shared table; only where those speak to a terminal, our own. */
export function problemOf({ code }: Refusal): Problem {
  if (code === "unknown") return problem("unknown-extension");
  const name: Camel<ErrorCode> = camel(code);
  return { code, text: refusalTitle(code), next: t(`refusal.${name}.next`) };
}
