import type { Context } from "hono";
import type { FaultAnswer, Faults, Noise } from "./faults.ts";
import { isNoise, noise } from "./noise.ts";
import type { World } from "./world.ts";

/** What every service of the world works with. */
export interface Parts {
  readonly world: World;
  readonly faults: Faults;
  /** Known once the servers listen. */
  readonly ports: () => { readonly http: number; readonly tls: number };
}

/** How a service words a refusal that no rule of its own gave, but a fault. */
export type Dialect = (
  answer: Exclude<FaultAnswer, Noise | undefined>,
  status: number | undefined,
) => Response;

export type Handler = (context: Context) => Response | Promise<Response>;

/** Wraps a handler: its call is logged under the operation's name and meets the faults scripted for it. */
export function operationsOf({ world, faults }: Parts, dialect: Dialect) {
  return (operation: string, handler: Handler): Handler =>
    async (context) => {
      world.calls.record(operation, context.req.raw, world.clock.nowMs());
      const met = await faults.meet(operation, context.req.raw.signal);
      if (met?.answer === undefined) return handler(context);
      const { fault, answer } = met;
      if (isNoise(answer)) return noise(answer, world.clock.nowMs());
      const refused = dialect(answer, fault.status);
      if (fault.retryAfterSeconds !== undefined) {
        refused.headers.set("retry-after", String(fault.retryAfterSeconds));
      }
      return refused;
    };
}

/** What a broken proxy or a maintenance page puts where an answer should be. */
export function garbage(): Response {
  return new Response(
    "<!DOCTYPE html><html><head><title>Service maintenance</title></head><body></body></html>",
    {
      headers: { "content-type": "text/html; charset=utf-8" },
    },
  );
}
