import * as v from "valibot";
import { t } from "../words.ts";
import type { Message, Reply } from "./messages.ts";
import { Problem } from "./view.ts";

/** The part of `browser.runtime` that is needed here. */
export interface AskRuntime {
  sendMessage(message: unknown): Promise<unknown>;
}

/**
 * The background is gone: updated, reloaded or stopped. Its words are taken when the page begins: after an update a page of before
 * is refused every text.
 */
const GONE: Problem = {
  code: "bug",
  text: t("problem.stopped.text"),
  next: t("problem.stopped.next"),
};

const gone = (): { ok: false; problem: Problem } => ({ ok: false, problem: GONE });

/** Send a message to the background. Never throws; what is not an answer of this version is a `Problem` too. */
export async function ask<Req extends v.GenericSchema, Res extends v.GenericSchema>(
  runtime: AskRuntime,
  message: Message<Req, Res>,
  body: v.InferInput<Req>,
): Promise<Reply<v.InferOutput<Res>>> {
  let answer: unknown;
  try {
    answer = await runtime.sendMessage({ verb: message.verb, body });
  } catch {
    return gone();
  }
  const failure = v.safeParse(v.object({ ok: v.literal(false), problem: Problem }), answer);
  if (failure.success) return { ok: false, problem: failure.output.problem };
  const success = v.safeParse(v.object({ ok: v.literal(true), value: message.response }), answer);
  return success.success ? { ok: true, value: success.output.value as v.InferOutput<Res> } : gone();
}

const TRIES = 5;

/**
 * [EX10] The same for what may be asked twice. A browser that ends the background while it answers loses the answer; the next
 * question wakes it again. Only one that was updated or removed stays silent.
 */
export async function askPatiently<Req extends v.GenericSchema, Res extends v.GenericSchema>(
  runtime: AskRuntime,
  message: Message<Req, Res>,
  body: v.InferInput<Req>,
  wait: () => Promise<void>,
): Promise<Reply<v.InferOutput<Res>>> {
  for (let tries = 1; ; tries++) {
    const reply = await ask(runtime, message, body);
    if (reply.ok || reply.problem !== GONE || tries >= TRIES) return reply;
    await wait();
  }
}
