import * as v from "valibot";
import { digest } from "../crypto/encoding.ts";
import { brokerIdOf, deviceIdOf, importSigner, userIdOf } from "../crypto/keys.ts";
import { type DocumentType, peekDocument, verifyDocument } from "../crypto/sign.ts";
import {
  Approval,
  AuditHead,
  Envelope,
  ExtensionProof,
  Grant,
  Keyset,
  Proof,
  ResponseSignature,
  Revocations,
  State,
} from "./documents.ts";

/*
 * From text to a document that may be believed: signature by the right key, right type, strict schema, and ids that
 * are the hashes of the keys they stand for. Times are judged by the caller, who has the clock.
 */

async function verified<S extends v.GenericSchema>(
  schema: S,
  typ: DocumentType,
  jws: string,
  signer: string,
): Promise<v.InferOutput<S> | undefined> {
  const key = await importSigner(signer);
  if (!key) return undefined;
  const parsed = v.safeParse(schema, await verifyDocument(typ, jws, key));
  return parsed.success ? parsed.output : undefined;
}

/** Check a document that carries its signer's key: parse first, then verify with the key found inside. */
async function selfSigned<S extends v.GenericSchema>(
  schema: S,
  typ: DocumentType,
  jws: string,
  signerOf: (document: v.InferOutput<S>) => string,
): Promise<v.InferOutput<S> | undefined> {
  const claimed = v.safeParse(schema, peekDocument(jws));
  return claimed.success ? verified(schema, typ, jws, signerOf(claimed.output)) : undefined;
}

/** [KS1] A keyset counts only if it is signed by the key whose hash is the pinned broker id. */
export async function verifyKeyset(jws: string, bid: string): Promise<Keyset | undefined> {
  const keyset = await selfSigned(Keyset, "jc-keys+jwt", jws, (k) => k.Bsig);
  return keyset && keyset.bid === bid && (await brokerIdOf(keyset.Bsig)) === bid ? keyset : undefined;
}

export interface VerifiedGrant {
  readonly grant: Grant;
  /** SHA-256 of the JWS text: how proofs and envelopes name this grant. */
  readonly gh: string;
}

/** [GR1] A grant counts only if its keys hash to its ids and the extension's key signed it. */
export async function verifyGrant(jws: string): Promise<VerifiedGrant | undefined> {
  const grant = await selfSigned(Grant, "jc-grant+jwt", jws, (g) => g.Esig);
  if (!grant) return undefined;
  const ids = await Promise.all([userIdOf(grant.Esig), deviceIdOf(grant.Dsig)]);
  return ids[0] === grant.uid && ids[1] === grant.did ? { grant, gh: await digest(jws) } : undefined;
}

export const verifyEnvelope = (jws: string, Esig: string): Promise<Envelope | undefined> =>
  verified(Envelope, "jc-env+jwt", jws, Esig);

export const verifyRevocations = (jws: string, Esig: string): Promise<Revocations | undefined> =>
  verified(Revocations, "jc-rl+jwt", jws, Esig);

export const verifyProof = (jws: string, Dsig: string): Promise<Proof | undefined> =>
  verified(Proof, "jc-proof+jwt", jws, Dsig);

/** [PF2] An extension's proof carries its key; the user id is that key's hash. */
export async function verifyExtensionProof(jws: string): Promise<ExtensionProof | undefined> {
  const proof = await selfSigned(ExtensionProof, "jc-ext+jwt", jws, (p) => p.Esig);
  return proof && (await userIdOf(proof.Esig)) === proof.uid ? proof : undefined;
}

export const verifyState = (jws: string, Bsig: string): Promise<State | undefined> =>
  verified(State, "jc-state+jwt", jws, Bsig);

export const verifyAuditHead = (jws: string, Bsig: string): Promise<AuditHead | undefined> =>
  verified(AuditHead, "jc-head+jwt", jws, Bsig);

export const verifyApproval = (jws: string, Esig: string): Promise<Approval | undefined> =>
  verified(Approval, "jc-ok+jwt", jws, Esig);

export const verifyResponse = (jws: string, signer: string): Promise<ResponseSignature | undefined> =>
  verified(ResponseSignature, "jc-res+jwt", jws, signer);
