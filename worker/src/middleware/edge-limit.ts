import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "../app.ts";
import { refuse } from "../bind.ts";
import { refusal } from "../errors.ts";

/** The platform's own counter, of one location, roughly right. @source Workers rate limiting binding: `limit({ key })`. */
export interface RateLimit {
  limit(of: { key: string }): Promise<{ success: boolean }>;
}

/** [LM1] The first fence of a deployed broker; a local one has none. Exact counting is the vault's. */
export interface EdgeLimits {
  /** Every request counts for where it comes from. */
  readonly address?: RateLimit | undefined;
  /** One that is signed counts for its user; an unsigned one must not, or anybody could use up somebody else's share. */
  readonly user?: RateLimit | undefined;
}

/** Of both limits in wrangler.toml. */
export const EDGE_PERIOD_SECONDS = 60;

export const isWithinLimit = async (limit: RateLimit | undefined, key: string): Promise<boolean> =>
  limit === undefined || (await limit.limit({ key })).success;

export function edgeLimit({ edge }: { readonly edge: EdgeLimits }): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const address = c.req.header("cf-connecting-ip") ?? "unknown";
    if (await isWithinLimit(edge.address, address)) return next();
    return refuse(c, refusal("edge-rate", EDGE_PERIOD_SECONDS).error);
  };
}
