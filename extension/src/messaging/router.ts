import type { Result } from "@jcfetch/shared/result";
import * as v from "valibot";
import type { Message, Reply } from "./messages.ts";
import { type ProblemCode, problem } from "./problems.ts";
import { type Caller, callerOf, type Self, type Sender } from "./sender.ts";
import type { Problem } from "./view.ts";

type Handle<Req, Res> = (request: Req, caller: Caller) => Promise<Result<Res, Problem>>;

/** One message and what is done about it; the types of the two belong together. */
export interface Route {
  readonly message: Message;
  readonly handle: Handle<unknown, unknown>;
}

export function route<Req extends v.GenericSchema, Res extends v.GenericSchema>(
  message: Message<Req, Res>,
  handle: Handle<v.InferOutput<Req>, v.InferOutput<Res>>,
): Route {
  return { message, handle: handle as Handle<unknown, unknown> };
}

const Envelope = v.strictObject({ verb: v.string(), body: v.unknown() });

const refusal = (code: ProblemCode): Reply<never> => ({
  ok: false,
  problem: problem(code),
});

/** Why this cannot be had now, whoever asks. */
export type Barred = (verb: string) => Promise<ProblemCode | undefined>;

/**
 * The one way in: sender, then verb, then body; and on the way out the answer's schema, so that nothing leaves that the
 * message does not name.
 */
export function router(self: Self, routes: readonly Route[], barred: Barred = async () => undefined) {
  const table = new Map(routes.map((entry) => [entry.message.verb, entry]));

  return async (raw: unknown, sender: Sender): Promise<Reply<unknown>> => {
    const caller = callerOf(sender, self);
    if (!caller) return refusal("refused");
    const envelope = v.safeParse(Envelope, raw);
    const found = envelope.success ? table.get(envelope.output.verb) : undefined;
    if (!envelope.success || !found) return refusal("bad-request");
    if (!found.message.from.includes(caller.kind)) return refusal("refused");
    const request = v.safeParse(found.message.request, envelope.output.body);
    if (!request.success) return refusal("bad-request");

    try {
      const bar = await barred(found.message.verb);
      if (bar) return refusal(bar);
      const outcome = await found.handle(request.output, caller);
      if (!outcome.ok) return { ok: false, problem: outcome.error };
      const answer = v.safeParse(found.message.response, outcome.value);
      return answer.success ? { ok: true, value: answer.output } : refusal("bug");
    } catch {
      return refusal("bug"); // the cause could hold what must not be shown
    }
  };
}
