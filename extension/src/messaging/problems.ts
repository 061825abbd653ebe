import { type Camel, camel } from "../camel.ts";
import { t } from "../words.ts";
import type { Problem } from "./view.ts";

/**
 * What can go wrong inside the extension; the words the user reads stand in `locales/` under `problem`. Refusals by a broker
 * have theirs under `refusal`.
 */
export const PROBLEM_CODES = [
  "signed-out",
  "sso-expired",
  "region-unknown",
  "role-not-assigned",
  "throttled",
  "offline",
  "upstream",
  "clipboard",
  "format-refused",
  "locked",
  "no-portal",
  "not-a-portal",
  "unknown-region",
  "not-a-console",
  "no-broker",
  "permission",
  "policy",
  "unknown-extension",
  "no-pairing",
  "no-device",
  "opens-nothing",
  "confirm-over",
  "no-question",
  "list-full",
  "lock-untold",
  "unlock-untold",
  "too-many-roles",
  "too-many-rules",
  "too-many-labels",
  "too-many-favorites",
  "refused",
  "bad-request",
  "bug",
] as const;

export type ProblemCode = (typeof PROBLEM_CODES)[number];

export function problem(code: ProblemCode): Problem {
  const name: Camel<ProblemCode> = camel(code);
  return { code, text: t(`problem.${name}.text`), next: t(`problem.${name}.next`) };
}
