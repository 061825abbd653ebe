import type { Bytes } from "@jcfetch/shared/crypto/encoding";
import { signDocument } from "@jcfetch/shared/crypto/sign";
import type { UserId } from "@jcfetch/shared/domain/ids";
import type { AuditPlace } from "@jcfetch/shared/protocol/audit";
import type { AuditHead, State } from "@jcfetch/shared/protocol/documents";
import type { Secret } from "@jcfetch/shared/secret";
import { toSeconds } from "@jcfetch/shared/time";
import type { DeviceCall } from "../middleware/proof.ts";
import type { Ports } from "../ports.ts";
import type { Standing } from "../vault/calls.ts";
import type { BrokerIdentity } from "./identity.ts";
import { markJoinState } from "./marks.ts";

interface Signer extends Pick<Ports, "now"> {
  readonly identity: BrokerIdentity;
  readonly enrolmentKey: Secret<Bytes>;
}

/** [JS4] What goes with every answer that counts. The vault counts; the marks are made here. */
export async function signState(
  { identity, enrolmentKey, now }: Signer,
  { uid, did }: DeviceCall,
  bd: string,
  { joined, place, rl }: Standing,
): Promise<string> {
  const { bid, signing } = identity;
  const n = await markJoinState(enrolmentKey, did, joined);
  const state: State = { v: 1, uid, did, bid, bd, n, ...place, rl, iat: toSeconds(now()) };
  return signDocument("jc-state+jwt", state, signing.privateKey);
}

/** [AU4] */
export function signAuditHead(
  { identity, now }: Signer,
  uid: UserId,
  place: AuditPlace,
  rl: number,
): Promise<string> {
  const { bid, signing } = identity;
  const head: AuditHead = { v: 1, uid, bid, ...place, rl, iat: toSeconds(now()) };
  return signDocument("jc-head+jwt", head, signing.privateKey);
}
