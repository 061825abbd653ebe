import type * as v from "valibot";
import { type AskRuntime, ask } from "../messaging/ask.ts";
import { type Message, type Reply, UI_MESSAGES } from "../messaging/messages.ts";

type Messages = typeof UI_MESSAGES;
type Call<M> =
  M extends Message<infer Req, infer Res>
    ? (body: v.InferInput<Req>) => Promise<Reply<v.InferOutput<Res>>>
    : never;

/** The background as the extension's own pages see it: one function per message. */
export type Backend = { readonly [K in keyof Messages]: Call<Messages[K]> };

export function connectBackend(runtime: AskRuntime): Backend {
  const calls = Object.entries(UI_MESSAGES).map(([name, message]) => [
    name,
    (body: object) => ask(runtime, message as Message, body),
  ]);
  return Object.fromEntries(calls) as Backend;
}
