import * as v from "valibot";
import { digest, fromUtf8 } from "./crypto/encoding.ts";
import { open, type Sealed } from "./crypto/seal.ts";
import type { Seen } from "./device-line.ts";
import type { AccountId, RoleName } from "./domain/ids.ts";
import type { RoleCredentials } from "./domain/role-credentials.ts";
import { answerContext } from "./protocol/contexts.ts";
import { CredentialAnswer } from "./protocol/credentials.ts";
import type { Grant } from "./protocol/documents.ts";
import type { Refusal } from "./protocol/errors.ts";
import type { Mode } from "./protocol/modes.ts";
import { verifyResponse, verifyState } from "./protocol/verify.ts";
import { err, ok, type Result } from "./result.ts";
import { Secret } from "./secret.ts";

/** What a device knows of the one request whose answer it reads. */
export interface Asked {
  readonly grant: Grant;
  readonly want: { readonly account: AccountId; readonly role: RoleName };
  readonly mode: Mode;
  /** SHA-256 of the request's body. */
  readonly bd: string;
  readonly responseKeys: CryptoKeyPair;
  /** The broker's public signing key, from its keyset. */
  readonly Bsig: string;
  readonly seen: Seen;
}

export interface Accepted {
  readonly credentials: RoleCredentials;
  readonly seen: Seen;
}

/**
 * [CR6] An answer counts only if who must sign it in this mode signed it for this very request, and it opens with the
 * request's own key: the broker in sealed mode, the extension in relay mode.
 *
 * @errors `answer-refused`; `state-regressed` when the broker knows less than this device has seen before. [JS4]
 */
export async function acceptAnswer(
  asked: Asked,
  answer: { box: Sealed; signature: string; state: string },
): Promise<Result<Accepted, Refusal>> {
  const content = await openAnswer(asked, answer);
  if (!content) return err({ code: "answer-refused" });
  const seen = await acceptState(asked, answer.state);
  if (!seen.ok) return seen;
  // In relay mode the extension says which list it has signed: a broker that holds an older one keeps it back.
  if (content.rl > seen.value.rl) return err({ code: "state-regressed" });
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = content.credentials;
  return ok({
    seen: seen.value,
    credentials: {
      accessKeyId,
      secretAccessKey: new Secret(secretAccessKey),
      sessionToken: new Secret(sessionToken),
      expiresAtMs: expiration,
    },
  });
}

async function openAnswer(
  { grant, want, mode, bd, responseKeys, Bsig }: Asked,
  { box, signature }: { box: Sealed; signature: string },
): Promise<CredentialAnswer | undefined> {
  const signed = await verifyResponse(signature, mode === "sealed" ? Bsig : grant.Esig);
  if (!signed || signed.bd !== bd || signed.mode !== mode) return undefined;
  if ((await digest(`${box.e}.${box.c}`)) !== signed.h) return undefined;

  const at = { purpose: "res", bid: grant.bid, context: answerContext(bd, mode) } as const;
  const opened = await open(responseKeys, at, box);
  const parsed = v.safeParse(CredentialAnswer, opened && parseJson(opened));
  if (!parsed.success) return undefined;
  const { account, role } = parsed.output;
  return account === want.account && role === want.role ? parsed.output : undefined;
}

async function acceptState({ grant, bd, Bsig, seen }: Asked, jws: string): Promise<Result<Seen, Refusal>> {
  const state = await verifyState(jws, Bsig);
  const { uid, did, bid } = grant;
  if (!state || state.uid !== uid || state.did !== did || state.bid !== bid || state.bd !== bd) {
    return err({ code: "answer-refused" });
  }
  const { n, seq, ah, rl } = state;
  const isBehind = n < seen.n || seq < seen.seq || rl < seen.rl || (seq === seen.seq && ah !== seen.ah);
  return isBehind ? err({ code: "state-regressed" }) : ok({ n, seq, ah, rl });
}

export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(fromUtf8(bytes));
  } catch {
    return undefined;
  }
}
