import * as v from "valibot";
import { digest } from "./crypto/encoding.ts";
import { open, Sealed } from "./crypto/seal.ts";
import { parseJson } from "./device-answer.ts";
import { outerContext } from "./protocol/contexts.ts";
import type { Envelope, Grant } from "./protocol/documents.ts";
import { verifyEnvelope } from "./protocol/verify.ts";

/** An envelope without the device's own lock: what is left is the broker's. */
export interface HeldEnvelope {
  readonly envelope: Envelope;
  readonly jws: string;
  readonly inner: Sealed;
}

/**
 * [EV3] Take the outer lock off. Everything is checked against the grant this device holds.
 *
 * @returns `undefined` when the envelope is not this device's, or a lock is not the one that was signed.
 */
export async function openEnvelope(
  { envelope: jws, outer }: { envelope: string; outer: Sealed },
  of: { grant: Grant; gh: string; agreement: CryptoKeyPair },
): Promise<HeldEnvelope | undefined> {
  const envelope = await verifyEnvelope(jws, of.grant.Esig);
  if (!envelope || !belongsTo(envelope, of)) return undefined;
  if ((await digest(outer.e + outer.c)) !== envelope.oh) return undefined;

  const at = { purpose: "env-outer", bid: envelope.bid, context: outerContext(envelope) } as const;
  const opened = await open(of.agreement, at, outer);
  const inner = v.safeParse(Sealed, opened && parseJson(opened));
  if (!inner.success || (await digest(inner.output.e + inner.output.c)) !== envelope.ih) return undefined;
  return { envelope, jws, inner: inner.output };
}

const belongsTo = (envelope: Envelope, { grant, gh }: { grant: Grant; gh: string }): boolean =>
  envelope.uid === grant.uid &&
  envelope.did === grant.did &&
  envelope.bid === grant.bid &&
  envelope.gh === gh;
