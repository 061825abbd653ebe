import { digest, fromUtf8, utf8 } from "@jcfetch/shared/crypto/encoding";
import { importPublicKey } from "@jcfetch/shared/crypto/keys";
import { open, type Sealed, seal } from "@jcfetch/shared/crypto/seal";
import { signDocument } from "@jcfetch/shared/crypto/sign";
import type { RoleCredentials } from "@jcfetch/shared/domain/role-credentials";
import { answerContext, innerContext } from "@jcfetch/shared/protocol/contexts";
import { type CredentialAnswer, TokenBox } from "@jcfetch/shared/protocol/credentials";
import type { ResponseSignature } from "@jcfetch/shared/protocol/documents";
import { Secret } from "@jcfetch/shared/secret";
import type { EpochSeconds } from "@jcfetch/shared/time";
import * as v from "valibot";
import type { BrokerIdentity } from "../broker/identity.ts";
import type { Epoch } from "../keys/ring.ts";
import type { CredentialOrder, PresentedEnvelope } from "./calls.ts";

/*
 * The two moments in which the broker holds something in the clear: the token between inner lock and AWS, and the
 * credentials between AWS and the answer's lock. Both stay in local variables of one call.
 */

export interface OpenedToken {
  readonly token: Secret<string>;
  readonly exp: EpochSeconds;
}

export async function openInnerLock(
  { bid }: BrokerIdentity,
  { keys }: Epoch,
  envelope: PresentedEnvelope,
): Promise<OpenedToken | undefined> {
  const context = innerContext(envelope);
  const opened = await open(keys, { purpose: "env-inner", bid, context }, envelope.inner);
  if (!opened) return undefined;
  try {
    const parsed = v.safeParse(TokenBox, JSON.parse(fromUtf8(opened)));
    return parsed.success ? { token: new Secret(parsed.output.token), exp: parsed.output.exp } : undefined;
  } catch {
    return undefined;
  }
}

/** [RS1] Seal to the request's own key, then sign over the request's digest and the sealed bytes. */
export async function sealAnswer(
  { bid, signing }: BrokerIdentity,
  { account, role, answerTo }: CredentialOrder,
  credentials: RoleCredentials,
  at: { rl: number; now: EpochSeconds },
): Promise<{ box: Sealed; signature: string }> {
  const answer: CredentialAnswer = {
    credentials: {
      accessKeyId: credentials.accessKeyId,
      secretAccessKey: credentials.secretAccessKey.reveal(),
      sessionToken: credentials.sessionToken.reveal(),
      expiration: credentials.expiresAtMs,
    },
    account,
    role,
    rl: at.rl,
  };
  const key = await importPublicKey("agree", answerTo.rpk);
  if (!key) throw new TypeError("the response key was checked at the edge");
  const context = answerContext(answerTo.bodyDigest, "sealed");
  const box = await seal(key, { purpose: "res", bid, context }, utf8(JSON.stringify(answer)));
  const response: ResponseSignature = {
    v: 1,
    bd: answerTo.bodyDigest,
    h: await digest(`${box.e}.${box.c}`),
    mode: "sealed",
    iat: at.now,
  };
  return { box, signature: await signDocument("jc-res+jwt", response, signing.privateKey) };
}
