import { digest } from "@jcfetch/shared/crypto/encoding";
import { brokerIdOf, exportPublicKey, importKeyPair } from "@jcfetch/shared/crypto/keys";
import { signDocument } from "@jcfetch/shared/crypto/sign";
import type { BrokerId } from "@jcfetch/shared/domain/ids";
import type { Keyset } from "@jcfetch/shared/protocol/documents";
import { PROTOCOL_VERSION } from "@jcfetch/shared/protocol/version";
import type { EpochSeconds } from "@jcfetch/shared/time";
import type { Config } from "../env.ts";

/** The broker's own keys, read once. The private halves cannot be exported again. */
export interface BrokerIdentity {
  readonly bid: BrokerId;
  readonly Bsig: string;
  readonly signing: CryptoKeyPair;
  /** The epoch there is: one, for as long as the sealing key is not changed. */
  readonly epoch: { readonly kid: string; readonly pk: string; readonly keys: CryptoKeyPair };
}

export async function openIdentity(
  config: Pick<Config, "signingKey" | "sealingKey">,
): Promise<BrokerIdentity> {
  const signing = await importKeyPair("sign", config.signingKey.reveal());
  const keys = await importKeyPair("agree", config.sealingKey.reveal());
  const Bsig = await exportPublicKey(signing.publicKey);
  const pk = await exportPublicKey(keys.publicKey);
  return {
    bid: await brokerIdOf(Bsig),
    Bsig,
    signing,
    epoch: { kid: (await digest(pk)).slice(0, 16), pk, keys },
  };
}

const HALF_DAY_SECONDS = 43_200;
/** Clients may be this far behind when they look whether the epoch has begun. */
const EARLY_SECONDS = 3_600;

/**
 * The keyset as of now. A key is always offered for 24 to 36 hours ahead, so that an envelope made at any time can have
 * its full twelve hours.
 */
export function signKeyset(identity: BrokerIdentity, now: EpochSeconds): Promise<string> {
  const { bid, Bsig, epoch, signing } = identity;
  const start = now - (now % HALF_DAY_SECONDS);
  const keyset: Keyset = {
    v: PROTOCOL_VERSION,
    bid,
    Bsig,
    minv: PROTOCOL_VERSION,
    maxv: PROTOCOL_VERSION,
    time: now,
    epochs: [{ kid: epoch.kid, pk: epoch.pk, nbf: start - EARLY_SECONDS, exp: start + 3 * HALF_DAY_SECONDS }],
  };
  return signDocument("jc-keys+jwt", keyset, signing.privateKey);
}
