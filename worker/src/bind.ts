import { digest, fromUtf8 } from "@jcfetch/shared/crypto/encoding";
import type { Endpoint } from "@jcfetch/shared/protocol/endpoints";
import { WIRE_ERRORS, type WireErrorCode } from "@jcfetch/shared/protocol/errors";
import { CONTENT_TYPE, HEADERS, PROBLEM_TYPE } from "@jcfetch/shared/protocol/version";
import type { Result } from "@jcfetch/shared/result";
import type { Context, Hono } from "hono";
import * as v from "valibot";
import type { AppEnv } from "./app.ts";
import type { Place } from "./broker/networks.ts";
import { type BrokerError, toWire } from "./errors.ts";

/** What a caller says about itself, unproved. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly user: string | undefined;
  readonly proof: string | undefined;
  /** SHA-256 of the raw body. */
  readonly bodyDigest: string;
  readonly origin: string | undefined;
  readonly from: JoinedFrom | null;
  /** The same, for the policy's networks. */
  readonly place: Place;
}

/** Where the platform saw the caller; a local broker sees only the loopback. */
export interface JoinedFrom {
  readonly address: string | null;
  readonly country: string | null;
  readonly network: string | null;
}

/** The only place where a request becomes a value, and a result a response. */
export function bind<Req extends v.GenericSchema, Res extends v.GenericSchema>(
  app: Hono<AppEnv>,
  endpoint: Endpoint<Req, Res>,
  handle: (request: v.InferOutput<Req>, call: Call) => Promise<Result<v.InferInput<Res>, BrokerError>>,
): void {
  app.post(endpoint.path, async (c) => {
    const request = v.safeParse(endpoint.request, parseJson(c.get("body")));
    if (!request.success) return refuse(c, { reason: "body-malformed" });
    const result = await handle(request.output, await readCall(c));
    if (!result.ok) return refuse(c, result.error);
    return c.body(JSON.stringify(result.value), 200, { "content-type": CONTENT_TYPE });
  });
}

/** The text of a refusal: constants and a random trace, nothing of the request. */
export function problemOf(code: WireErrorCode, trace: string, more: object = {}): string {
  const { status, title } = WIRE_ERRORS[code];
  return JSON.stringify({
    type: `https://jcfetch.dev/problems/${code}`,
    title,
    status,
    code,
    trace,
    ...more,
  });
}

/** [HT8] */
export function refuse(c: Context<AppEnv>, { reason, retryAfterSeconds }: BrokerError): Response {
  const code = toWire(reason);
  c.set("code", code);
  const waiting = retryAfterSeconds === undefined ? {} : { retryAfter: retryAfterSeconds };
  return c.body(problemOf(code, c.get("trace"), waiting), WIRE_ERRORS[code].status, {
    "content-type": PROBLEM_TYPE,
    ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }),
  });
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    const json: unknown = JSON.parse(fromUtf8(bytes));
    return Array.isArray(json) ? undefined : json; // valibot takes `[]` for an object without members
  } catch {
    return undefined;
  }
}

export async function readCall(c: Context<AppEnv>): Promise<Call> {
  return {
    method: c.req.method,
    path: c.req.path,
    user: c.req.header(HEADERS.user),
    proof: c.req.header(HEADERS.proof),
    bodyDigest: await digest(c.get("body")),
    origin: c.req.header("origin"),
    from: seenFrom(c.req.raw),
    place: placeOf(c.req.raw),
  };
}

type Seen = Partial<Record<"country" | "asOrganization", string>> & { asn?: number };

function placeOf({ headers, cf }: Request): Place {
  const { country, asn } = (cf ?? {}) as Seen;
  return {
    address: headers.get("cf-connecting-ip")?.slice(0, 64) ?? null,
    country: country?.slice(0, 8) ?? null,
    asn: asn ?? null,
  };
}

function seenFrom(request: Request): JoinedFrom | null {
  if (!request.cf) return null;
  const { address, country, asn } = placeOf(request);
  const { asOrganization } = request.cf as Seen;
  const network = [asn === null ? "" : `AS${asn}`, asOrganization ?? ""].join(" ").trim().slice(0, 128);
  return { address, country, network: network === "" ? null : network };
}
