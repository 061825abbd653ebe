import * as v from "valibot";
import { fromUtf8 } from "../crypto/encoding.ts";
import { portalApiHost } from "../domain/portal.ts";
import { err, ok, type Result } from "../result.ts";
import { type PortalError, portalErrorOf } from "./errors.ts";
import type { PortalAccess } from "./portal-client.ts";
import { type AwsPorts, Wire } from "./wire.ts";

/**
 * One question to the portal without the SDK: for calls that no SDK has, and for programs that it would cost too much.
 *
 * @param path with the query, already in the form of an address.
 */
export async function portalGet<S extends v.GenericSchema>(
  { region, token }: PortalAccess,
  path: string,
  schema: S,
  ports: AwsPorts,
): Promise<Result<v.InferOutput<S>, PortalError>> {
  const wire = new Wire(ports);
  try {
    const headers = { accept: "application/json", "x-amz-sso_bearer_token": token.reveal() };
    const url = `https://${portalApiHost(region)}${path}`;
    const { status, body } = await wire.exchange({ url, method: "GET", headers });
    if (status !== 200) return err(portalErrorOf(wire.outcome));
    const parsed = v.safeParse(schema, JSON.parse(fromUtf8(body)));
    return parsed.success ? ok(parsed.output) : err({ code: "garbage" });
  } catch {
    return err(portalErrorOf(wire.outcome));
  }
}
