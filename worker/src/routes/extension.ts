import { digest } from "@jcfetch/shared/crypto/encoding";
import { importPublicKey } from "@jcfetch/shared/crypto/keys";
import {
  depositEnvelope,
  depositGrant,
  devices,
  dropEnvelopes,
  type Endpoint,
  revoke,
} from "@jcfetch/shared/protocol/endpoints";
import { verifyEnvelope, verifyGrant, verifyRevocations } from "@jcfetch/shared/protocol/verify";
import type { Result } from "@jcfetch/shared/result";
import { toSeconds } from "@jcfetch/shared/time";
import type { Hono } from "hono";
import type * as v from "valibot";
import type { AppEnv, Deps } from "../app.ts";
import { bind } from "../bind.ts";
import { whyDepositFails, whyEnvelopeFails } from "../broker/envelope-check.ts";
import { whyGrantFails } from "../broker/grant-check.ts";
import { isMember } from "../broker/marks.ts";
import { type BrokerError, refusal } from "../errors.ts";
import { type ExtensionCall, proveExtension } from "../middleware/proof.ts";

/** `bind`, for who has signed as an extension. */
export function bindExtension<Req extends v.GenericSchema, Res extends v.GenericSchema>(
  app: Hono<AppEnv>,
  deps: Deps,
  endpoint: Endpoint<Req, Res>,
  handle: (
    request: v.InferOutput<Req>,
    call: ExtensionCall,
  ) => Promise<Result<v.InferInput<Res>, BrokerError>>,
): void {
  bind(app, endpoint, async (request, call) => {
    const proved = await proveExtension(call, deps);
    return proved.ok ? handle(request, proved.value) : proved;
  });
}

/** What the extension leaves and takes back. Every document is verified here; the vault gets what it keeps of it. */
export function extension(app: Hono<AppEnv>, deps: Deps): void {
  const { identity, ring, now, vaultOf } = deps;
  const { bid } = identity;

  bindExtension(app, deps, depositGrant, async ({ grant: jws }, call) => {
    const verified = await verifyGrant(jws);
    if (verified?.grant.Esig !== call.Esig) return refusal("grant-invalid");
    const { grant, gh } = verified;
    // What no device could use is not taken in: the same is asked of the grant that a device shows.
    const isUsable = await isMember(deps.enrolmentKey, grant.uid, grant.member);
    if (!isUsable || !(await importPublicKey("agree", grant.Dkem))) return refusal("grant-invalid");
    const reason = whyGrantFails(grant, { bid, uid: call.uid, now: toSeconds(now()) });
    if (reason) return refusal(reason);
    return vaultOf(call.uid).depositGrant(call, { did: grant.did, gh, exp: grant.exp });
  });

  bindExtension(app, deps, depositEnvelope, async ({ envelope: jws, outer }, call) => {
    const envelope = await verifyEnvelope(jws, call.Esig);
    if (!envelope || envelope.oh !== (await digest(outer.e + outer.c))) return refusal("envelope-invalid");
    const { did, gh, seq, exp } = envelope;
    const of = { uid: call.uid, did, gh, bid };
    const reason = whyEnvelopeFails(envelope, of) ?? whyDepositFails(envelope, toSeconds(now()));
    if (reason) return refusal(reason);
    if (!(await ring.epoch(envelope.epoch))) return refusal("epoch-gone");
    return vaultOf(call.uid).depositEnvelope(call, { did, gh, seq, exp, jws, outer });
  });

  bindExtension(app, deps, dropEnvelopes, (_, call) => vaultOf(call.uid).dropEnvelopes(call));

  bindExtension(app, deps, revoke, async ({ revocations: jws }, call) => {
    const list = await verifyRevocations(jws, call.Esig);
    if (!list || list.uid !== call.uid || list.bid !== bid) return refusal("proof-invalid");
    const { rl, dids, locked, lock } = list;
    return vaultOf(call.uid).revoke(call, { rl, dids, locked, lock, jws });
  });

  bindExtension(app, deps, devices, (_, call) => vaultOf(call.uid).devices(call));
}
