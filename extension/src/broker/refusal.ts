import { errorSpec, type Refusal } from "@jcfetch/shared/protocol/errors";
import { problem } from "../messaging/problems.ts";
import type { Problem } from "../messaging/view.ts";

/** A broker's refusal in the words of the shared table; only where those speak to a terminal, our own. */
export function problemOf({ code }: Refusal): Problem {
  if (code === "unknown") return problem("unknown-extension");
  const { title, next } = errorSpec(code);
  return { code, text: title, next };
}
