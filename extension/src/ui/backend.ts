import type * as v from "valibot";
import { type AskRuntime, ask, askPatiently } from "../messaging/ask.ts";
import { type Message, type Reply, UI_MESSAGES } from "../messaging/messages.ts";

type Messages = typeof UI_MESSAGES;
type Call<M> =
  M extends Message<infer Req, infer Res>
    ? (body: v.InferInput<Req>) => Promise<Reply<v.InferOutput<Res>>>
    : never;

/** The background as the extension's own pages see it: one function per message. */
export type Backend = { readonly [K in keyof Messages]: Call<Messages[K]> };

/** [EX10] What only reads, or says how something shall be: twice is as once. */
const REPEATABLE: ReadonlySet<string> = new Set<keyof Messages>([
  "state",
  "directory",
  "rolesOf",
  "regions",
  "portalPreview",
  "enrolPreview",
  "joinPreview",
  "pairState",
  "pairPreview",
  "activity",
  "copyLog",
  "prefsSet",
  "favoriteSet",
  "labelSet",
  "portalMarkSet",
  "portalCheck",
  "rulesSet",
  "choicesSet",
  "guardSet",
]);

/** So that a background on its way out is gone when it is asked again. */
const ASK_AGAIN_MS = 100;
const wait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));

export function connectBackend(runtime: AskRuntime): Backend {
  const calls = Object.entries(UI_MESSAGES).map(([name, message]) => [
    name,
    (body: object) =>
      REPEATABLE.has(name)
        ? askPatiently(runtime, message as Message, body, wait)
        : ask(runtime, message as Message, body),
  ]);
  return Object.fromEntries(calls) as Backend;
}
