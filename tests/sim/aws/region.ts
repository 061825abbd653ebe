import type { Context } from "hono";

const REGION = /(?:^|\.)((?:us|eu|eusc|ap|ca|cn|sa|me|af|il|mx)(?:-[a-z]+)+-\d)\./;

/** The region a host names; undefined on loopback, which stands for all of them. */
export function regionOf(context: Context): string | undefined {
  return new URL(context.req.url).hostname.match(REGION)?.[1];
}
