import type { Context } from "hono";
import type { Parts } from "../parts.ts";
import type { Token } from "../sessions.ts";
import { throttled, unauthorized } from "./answers.ts";
import { regionOf } from "./region.ts";

export type Authorized = (context: Context, token: Token) => Response | Promise<Response>;

/** The bearer token, as the public API names its header and as the portal's page has been seen to. */
export function bearer(context: Context): string | undefined {
  return (
    context.req.header("x-amz-sso_bearer_token") ??
    context.req.header("x-amz-sso-bearer-token") ??
    context.req.header("authorization")?.match(/^Bearer (.+)$/)?.[1]
  );
}

/** Lets a call through that holds a live token of this region, at a bearable rate. */
export function authorizer({ world, faults }: Parts) {
  return (handler: Authorized) => (context: Context) => {
    const value = bearer(context);
    if (value !== undefined && faults.overRate(value, world.clock.nowMs())) return throttled();
    const token = world.sessions.live(value, regionOf(context));
    return token === undefined ? unauthorized() : handler(context, token);
  };
}
