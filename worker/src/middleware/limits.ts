import { type Bytes, concat } from "@jcfetch/shared/crypto/encoding";
import { MAX_BODY_BYTES } from "@jcfetch/shared/protocol/version";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { SECOND_MS } from "@jcfetch/shared/time";
import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "../app.ts";
import { refuse } from "../bind.ts";
import { type BrokerError, refusal } from "../errors.ts";

export const MAX_BODY_MS = 5 * SECOND_MS;

/**
 * [HT3] Read the body before anything is refused: a server that answers while the client still writes cuts the
 * connection, and the client never sees the answer.
 */
export function limits(): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const body = await readBounded(c.req.raw.body);
    if (!body.ok) return refuse(c, body.error);
    c.set("body", body.value);
    return next();
  };
}

async function readBounded(stream: ReadableStream | null): Promise<Result<Bytes, BrokerError>> {
  if (!stream) return ok(new Uint8Array());
  const reader = stream.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  const deadline = startDeadline(MAX_BODY_MS);
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const step = await Promise.race([reader.read(), deadline.passed]);
      if (step === "too slow") return refusal("body-too-slow");
      if (step.done) return ok(concat(...parts));
      size += step.value.length;
      if (size > MAX_BODY_BYTES) return refusal("body-too-large");
      parts.push(step.value);
    }
  } catch {
    return err({ reason: "body-malformed" }); // the client went away
  } finally {
    deadline.clear();
    reader.cancel().catch(() => undefined); // nothing is left to read, or nobody is left to send it
  }
}

function startDeadline(waitMs: number): { passed: Promise<"too slow">; clear: () => void } {
  const { promise, resolve } = Promise.withResolvers<"too slow">();
  const timer = setTimeout(() => resolve("too slow"), waitMs);
  return { passed: promise, clear: () => clearTimeout(timer) };
}
