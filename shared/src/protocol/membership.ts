import * as v from "valibot";
import { base64url, digest, fromBase64url } from "../crypto/encoding.ts";
import type { BrokerId } from "../domain/ids.ts";
import { isRegion, type Region } from "../domain/portal.ts";
import { decodeCode, encodeCode } from "./enrolment.ts";

/*
 * Enrolment without an invite: who can sign in to an Identity Center directory that the broker's operator named is let in.
 * The code of such a broker holds no secret, only which broker it is and where, so that an organization can publish it.
 */

/** Where a broker is, and which one must answer there. */
export interface BrokerAddress {
  readonly bid: BrokerId;
  readonly url: string;
}

const BID_BYTES = 32;

export function encodeBrokerAddress({ bid, url }: BrokerAddress): Promise<string> {
  return encodeCode("jcm1", [fromBase64url(bid)!], url);
}

export async function decodeBrokerAddress(text: string): Promise<BrokerAddress | undefined> {
  const code = await decodeCode("jcm1", [BID_BYTES], text);
  return code && { bid: base64url(code.fixed[0]!) as BrokerId, url: code.url };
}

/** What is inside `enrol.box` when an extension has no code: a live SSO token, and the region whose AWS knows it. */
export const MembershipRequest = v.strictObject({
  membership: v.strictObject({
    token: v.pipe(v.string(), v.minLength(1), v.maxLength(6_144)),
    region: v.custom<Region>((value) => typeof value === "string" && isRegion(value)),
  }),
});
export type MembershipRequest = v.InferOutput<typeof MembershipRequest>;

/**
 * The form in which a directory stands in settings and rows: SHA-256 of `d-9067642ab1`, base64url. Directory ids are short,
 * so the hash keeps one from being read at a glance and from nothing more.
 */
export const directoryHash = (directoryId: string): Promise<string> => digest(directoryId);
