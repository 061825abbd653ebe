import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IssuedCredentials } from "../credentials.ts";
import type { World } from "../world.ts";

/**
 * Signature Version 4 as a service checks it ("Create a signed AWS API request", AWS General Reference): the
 * canonical request is built anew from what arrived, never taken from what the client says it signed.
 */

export type SigV4Refusal =
  | "missing"
  | "incomplete"
  | "scope"
  | "unknown-key"
  | "bad-token"
  | "expired"
  | "skewed"
  | "payload"
  | "mismatch";

export type SigV4Result =
  | { readonly ok: true; readonly credentials: IssuedCredentials }
  | { readonly ok: false; readonly reason: SigV4Refusal; readonly accessKeyId?: string };

const SKEW_MS = 5 * 60_000;
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256\s+Credential=([^/,\s]+)\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request,\s*SignedHeaders=([a-z0-9;_-]+),\s*Signature=([0-9a-f]{64})$/;

const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");
const hmac = (key: string | Buffer, data: string): Buffer => createHmac("sha256", key).update(data).digest();

interface Claim {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

function parseAuthorization(header: string): Claim | undefined {
  const [, accessKeyId, date, region, service, signed, signature] = header.match(AUTHORIZATION) ?? [];
  if (!accessKeyId || !date || !region || !service || !signed || !signature) return undefined;
  return { accessKeyId, date, region, service, signedHeaders: signed.split(";"), signature };
}

/** Which service a signed request is for; undefined when it is not signed. */
export function signedService(request: Request): string | undefined {
  return parseAuthorization(request.headers.get("authorization") ?? "")?.service;
}

export function verifySigV4(world: World, request: Request, body: Uint8Array, service: string): SigV4Result {
  const header = request.headers.get("authorization");
  if (header === null) return { ok: false, reason: "missing" };
  const claim = parseAuthorization(header);
  if (claim === undefined) return { ok: false, reason: "incomplete" };
  const refuse = (reason: SigV4Refusal): SigV4Result => ({
    ok: false,
    reason,
    accessKeyId: claim.accessKeyId,
  });

  const amzDate = request.headers.get("x-amz-date") ?? "";
  if (claim.service !== service || !amzDate.startsWith(claim.date)) return refuse("scope");
  const credentials = world.credentials.find(claim.accessKeyId);
  if (credentials === undefined) return refuse("unknown-key");
  if (request.headers.get("x-amz-security-token") !== credentials.sessionToken) return refuse("bad-token");
  if (!signsWhatItMust(claim, request)) return refuse("incomplete");

  const expected = signature(
    claim,
    amzDate,
    canonicalRequest(claim, request, body),
    credentials.secretAccessKey,
  );
  if (!timingSafeEqual(Buffer.from(expected), Buffer.from(claim.signature))) return refuse("mismatch");
  if (!payloadIsAsSaid(request, body)) return refuse("payload");
  if (Math.abs(parseAmzDate(amzDate) - world.clock.nowMs()) > SKEW_MS) return refuse("skewed");
  if (world.credentials.hasExpired(credentials)) return refuse("expired");
  return { ok: true, credentials };
}

/** `host` and every `x-amz-*` header that came has to be among the signed ones. */
function signsWhatItMust(claim: Claim, request: Request): boolean {
  const amz = [...request.headers.keys()].filter((name) => name.startsWith("x-amz-"));
  return ["host", ...amz].every((name) => claim.signedHeaders.includes(name));
}

function payloadIsAsSaid(request: Request, body: Uint8Array): boolean {
  const said = request.headers.get("x-amz-content-sha256");
  return said === null || said === "UNSIGNED-PAYLOAD" || said === sha256(body);
}

function parseAmzDate(text: string): number {
  const [, year, month, day, hour, minute, second] =
    text.match(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) || 0;
}

function canonicalRequest(claim: Claim, request: Request, body: Uint8Array): string {
  const url = new URL(request.url);
  const headers = claim.signedHeaders.map((name) => {
    const value = name === "host" ? (request.headers.get("host") ?? url.host) : request.headers.get(name);
    return `${name}:${(value ?? "").trim().replace(/ +/g, " ")}\n`;
  });
  const payload = request.headers.get("x-amz-content-sha256") ?? sha256(body);
  return [
    request.method,
    url.pathname,
    canonicalQuery(url.search),
    headers.join(""),
    claim.signedHeaders.join(";"),
    payload,
  ].join("\n");
}

function canonicalQuery(search: string): string {
  const encode = (text: string): string =>
    encodeURIComponent(decodeURIComponent(text)).replace(
      /[!'()*]/g,
      (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  return search
    .slice(1)
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const [name = "", ...value] = pair.split("=");
      return `${encode(name)}=${encode(value.join("="))}`;
    })
    .sort()
    .join("&");
}

function signature(claim: Claim, amzDate: string, canonical: string, secret: string): string {
  const scope = `${claim.date}/${claim.region}/${claim.service}/aws4_request`;
  const dateKey = hmac(`AWS4${secret}`, claim.date);
  const signingKey = hmac(hmac(hmac(dateKey, claim.region), claim.service), "aws4_request");
  const text = ["AWS4-HMAC-SHA256", amzDate, scope, sha256(canonical)].join("\n");
  return hmac(signingKey, text).toString("hex");
}
