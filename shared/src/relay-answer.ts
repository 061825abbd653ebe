import * as v from "valibot";
import { encodeBody } from "./client.ts";
import { digest, utf8 } from "./crypto/encoding.ts";
import { importPublicKey } from "./crypto/keys.ts";
import { open, type Sealed, seal } from "./crypto/seal.ts";
import { signDocument } from "./crypto/sign.ts";
import { parseJson } from "./device-answer.ts";
import type { RoleCredentials } from "./domain/role-credentials.ts";
import { answerContext, extensionContext } from "./protocol/contexts.ts";
import type { CredentialAnswer } from "./protocol/credentials.ts";
import type { Approval, Grant, ResponseSignature } from "./protocol/documents.ts";
import { requestApproval, requestRelay } from "./protocol/endpoints.ts";
import { ApprovalRequest, type ExtensionRefusal, RelayRequest, type ToExtension } from "./protocol/relay.ts";
import { verifyProof } from "./protocol/verify.ts";
import { ASK_SECONDS, MAX_SKEW_SECONDS } from "./protocol/version.ts";
import { err, ok, type Result } from "./result.ts";
import type { EpochSeconds } from "./time.ts";

/*
 * The extension's side of what a device asks it through the broker. Nothing the broker says is believed: the grant is the
 * one in the extension's own list, the proof is checked against that grant's key, and the box opens with our own key.
 */

/** A device as the extension has it in its own list. */
export interface KnownDevice {
  readonly grant: Grant;
  /** Text of the grant as it was signed, and its hash. */
  readonly jws: string;
  readonly gh: string;
}

export interface OwnKeys {
  readonly signing: CryptoKey;
  readonly agreement: CryptoKeyPair;
}

/** A request that was proved to come from this device, just now. Its counter has yet to be spent. */
export type ReadAsk = { readonly counter: number; readonly bd: string } & (
  | { readonly kind: "relay"; readonly request: RelayRequest }
  | { readonly kind: "approval"; readonly request: ApprovalRequest }
);

/**
 * [RM3] Check a forwarded request as if there were no broker.
 *
 * @errors `unknown` (grant, proof or box), `grant-expired`, `clock-skew`.
 */
export async function readAsk(
  ask: ToExtension,
  { grant, jws, gh }: KnownDevice,
  keys: OwnKeys,
  now: EpochSeconds,
): Promise<Result<ReadAsk, ExtensionRefusal>> {
  if (ask.grant !== jws) return err("unknown");
  const bd = await digest(encodeBody({ grant: ask.grant, box: { e: ask.box.e, c: ask.box.c } }));
  const path = (ask.kind === "relay" ? requestRelay : requestApproval).path;
  const proof = await verifyProof(ask.proof, grant.Dsig);
  if (!proof || proof.gh !== gh || proof.bid !== grant.bid || proof.p !== path || proof.bd !== bd) {
    return err("unknown");
  }
  if (grant.exp <= now) return err("grant-expired");
  if (Math.abs(now - proof.iat) > MAX_SKEW_SECONDS) return err("clock-skew");

  const purpose = ask.kind === "relay" ? "relay" : "ask";
  const at = { purpose, bid: grant.bid, context: extensionContext({ ...grant, gh }) } as const;
  const opened = await open(keys.agreement, at, ask.box);
  const content = opened && parseJson(opened);
  const { ctr: counter } = proof;
  if (ask.kind === "relay") {
    const request = v.safeParse(RelayRequest, content);
    return request.success ? ok({ kind: "relay", counter, bd, request: request.output }) : err("unknown");
  }
  const request = v.safeParse(ApprovalRequest, content);
  return request.success ? ok({ kind: "approval", counter, bd, request: request.output }) : err("unknown");
}

/** [RS1] Seal role credentials to the request's own key, and sign them as this extension's answer to it. */
export async function sealRelayAnswer(
  { grant }: KnownDevice,
  { signing }: OwnKeys,
  asked: { readonly bd: string; readonly request: RelayRequest },
  answer: { readonly credentials: RoleCredentials; readonly rl: number; readonly now: EpochSeconds },
): Promise<{ box: Sealed; signature: string } | undefined> {
  const key = await importPublicKey("agree", asked.request.rpk);
  if (!key) return undefined;
  const { credentials, rl, now } = answer;
  const { account, role } = asked.request;
  const content: CredentialAnswer = {
    credentials: {
      accessKeyId: credentials.accessKeyId,
      secretAccessKey: credentials.secretAccessKey.reveal(),
      sessionToken: credentials.sessionToken.reveal(),
      expiration: credentials.expiresAtMs,
    },
    account,
    role,
    rl,
  };
  const at = { purpose: "res", bid: grant.bid, context: answerContext(asked.bd, "relay") } as const;
  const box = await seal(key, at, utf8(JSON.stringify(content)));
  const response: ResponseSignature = {
    v: 1,
    bd: asked.bd,
    h: await digest(`${box.e}.${box.c}`),
    mode: "relay",
    iat: now,
  };
  return { box, signature: await signDocument("jc-res+jwt", response, signing) };
}

/** [AS4] The user's yes to one request: good for a minute, and for the one response key it names. */
export function signApproval(
  { grant, gh }: KnownDevice,
  { signing }: OwnKeys,
  { rh, account, role }: ApprovalRequest,
  now: EpochSeconds,
): Promise<string> {
  const { uid, did, bid } = grant;
  const exp = now + ASK_SECONDS;
  const approval: Approval = { v: 1, uid, did, gh, bid, rh, account, role, iat: now, exp };
  return signDocument("jc-ok+jwt", approval, signing);
}
