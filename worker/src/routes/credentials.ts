import { digest, fromUtf8 } from "@jcfetch/shared/crypto/encoding";
import { importPublicKey } from "@jcfetch/shared/crypto/keys";
import { open, type Sealed } from "@jcfetch/shared/crypto/seal";
import { requestContext } from "@jcfetch/shared/protocol/contexts";
import { CredentialRequest } from "@jcfetch/shared/protocol/credentials";
import type { Grant } from "@jcfetch/shared/protocol/documents";
import { requestCredentials } from "@jcfetch/shared/protocol/endpoints";
import { verifyApproval, verifyEnvelope } from "@jcfetch/shared/protocol/verify";
import { ok, type Result } from "@jcfetch/shared/result";
import { type EpochSeconds, toSeconds } from "@jcfetch/shared/time";
import type { Hono } from "hono";
import * as v from "valibot";
import type { AppEnv, Deps } from "../app.ts";
import { bind, type Call } from "../bind.ts";
import { whyEnvelopeFails } from "../broker/envelope-check.ts";
import { whyApprovalFails, whyPolicyRefuses } from "../broker/grant-check.ts";
import type { BrokerIdentity } from "../broker/identity.ts";
import { signState } from "../broker/standing.ts";
import { type BrokerError, type Reason, refusal } from "../errors.ts";
import type { Epoch } from "../keys/ring.ts";
import { type ProvedDevice, proveDevice } from "../middleware/proof.ts";
import type { PresentedEnvelope } from "../vault/calls.ts";

/** docs/protocol.md §7: seal, grant, proof, policy, all without storage; then the user's vault. */
export function credentials(app: Hono<AppEnv>, deps: Deps): void {
  const { identity, ring, now, vaultOf } = deps;
  bind(app, requestCredentials, async ({ kid, box }, call) => {
    const epoch = await ring.epoch(kid);
    if (!epoch) return refusal("epoch-gone");
    const opened = await openRequest(identity, epoch, box, call);
    if (!opened.ok) return opened;
    const request = opened.value;

    const proved = await proveDevice(call, request.grant, deps);
    if (!proved.ok) return proved;
    const { grant, call: device } = proved.value;
    const denied =
      whyPolicyRefuses(grant, request) ?? (await whyNotApproved(request, proved.value, toSeconds(now())));
    if (denied) return refusal(denied);
    if (!(await importPublicKey("agree", request.rpk))) return refusal("box-malformed");

    const envelope = await readEnvelope(request, grant, device.gh, deps);
    if (!envelope.ok) return envelope;
    const answer = await vaultOf(device.uid).credentials(device, {
      account: request.account,
      role: request.role,
      region: grant.policy.region,
      maxCredentialSeconds: grant.policy.maxCredentialSeconds,
      envelope: envelope.value,
      answerTo: { rpk: request.rpk, bodyDigest: call.bodyDigest },
    });
    if (!answer.ok) return answer;
    const { standing, ...sealed } = answer.value;
    return ok({ ...sealed, state: await signState(deps, device, call.bodyDigest, standing) });
  });
}

/** [AS4] An approval that is there must be right, also where the policy does not ask for it. */
async function whyNotApproved(
  { approval: jws, account, role, rpk }: CredentialRequest,
  { grant, call: { gh } }: ProvedDevice,
  now: EpochSeconds,
): Promise<Reason | undefined> {
  if (jws === null) return undefined;
  const approval = await verifyApproval(jws, grant.Esig);
  if (!approval) return "approval-invalid";
  const { uid, did, bid } = grant;
  return whyApprovalFails(approval, { uid, did, gh, bid, rh: await digest(rpk), account, role }, now);
}

async function openRequest(
  { bid }: BrokerIdentity,
  { keys }: Epoch,
  box: Sealed,
  { user, path }: Call,
): Promise<Result<CredentialRequest, BrokerError>> {
  const context = requestContext(user ?? "", path);
  const opened = await open(keys, { purpose: "req", bid, context }, box);
  if (!opened) return refusal("box-unreadable");
  try {
    const parsed = v.safeParse(CredentialRequest, JSON.parse(fromUtf8(opened)));
    return parsed.success ? ok(parsed.output) : refusal("box-malformed");
  } catch {
    return refusal("box-malformed");
  }
}

/** [EV3] Signed by the extension of the grant, for this device and grant, and around this very lock. */
async function readEnvelope(
  { envelope: jws, inner }: CredentialRequest,
  { Esig, uid, did }: Grant,
  gh: string,
  { identity: { bid }, ring }: Deps,
): Promise<Result<PresentedEnvelope, BrokerError>> {
  const envelope = await verifyEnvelope(jws, Esig);
  if (!envelope || envelope.ih !== (await digest(inner.e + inner.c))) return refusal("envelope-invalid");
  const reason = whyEnvelopeFails(envelope, { uid, did, gh, bid });
  if (reason) return refusal(reason);
  return (await ring.epoch(envelope.epoch)) ? ok({ ...envelope, inner }) : refusal("epoch-gone");
}
