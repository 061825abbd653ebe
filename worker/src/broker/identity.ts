import { brokerIdOf, exportPublicKey, importKeyPair } from "@jcfetch/shared/crypto/keys";
import { signDocument } from "@jcfetch/shared/crypto/sign";
import type { BrokerId } from "@jcfetch/shared/domain/ids";
import type { Keyset } from "@jcfetch/shared/protocol/documents";
import { hasBegun } from "@jcfetch/shared/protocol/epochs";
import { PROTOCOL_VERSION } from "@jcfetch/shared/protocol/version";
import type { EpochSeconds } from "@jcfetch/shared/time";
import type { Config } from "../env.ts";
import type { Epoch } from "../keys/ring.ts";

/** As the treaty has it; of a day and a half there are two. */
const MAX_LISTED = 4;

/** What the broker is known by, read once. The private half cannot be exported again. */
export interface BrokerIdentity {
  readonly bid: BrokerId;
  readonly Bsig: string;
  readonly signing: CryptoKeyPair;
}

export async function openIdentity({ signingKey }: Pick<Config, "signingKey">): Promise<BrokerIdentity> {
  const signing = await importKeyPair("sign", signingKey.reveal());
  const Bsig = await exportPublicKey(signing.publicKey);
  return { bid: await brokerIdOf(Bsig), Bsig, signing };
}

/** [KS2] The keyset as of now, the key to seal to first. */
export function signKeyset(
  { bid, Bsig, signing }: BrokerIdentity,
  epochs: readonly Epoch[],
  now: EpochSeconds,
): Promise<string> {
  const keyset: Keyset = {
    v: PROTOCOL_VERSION,
    bid,
    Bsig,
    minv: PROTOCOL_VERSION,
    maxv: PROTOCOL_VERSION,
    time: now,
    epochs: epochs
      .filter((epoch) => hasBegun(epoch, now))
      .slice(0, MAX_LISTED)
      .map(({ kid, pk, nbf, exp }) => ({ kid, pk, nbf, exp })),
  };
  return signDocument("jc-keys+jwt", keyset, signing.privateKey);
}
