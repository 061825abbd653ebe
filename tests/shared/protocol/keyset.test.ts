import { brokerIdOf, exportPublicKey, generateKeys } from "@jcfetch/shared/crypto/keys";
import { signDocument } from "@jcfetch/shared/crypto/sign";
import { verifyKeyset } from "@jcfetch/shared/protocol/verify";
import { describe, expect, it } from "vitest";

async function broker() {
  const [signing, sealing] = [await generateKeys("sign"), await generateKeys("agree")];
  const Bsig = await exportPublicKey(signing.publicKey);
  const bid = await brokerIdOf(Bsig);
  const epochs = [{ kid: "e1", pk: await exportPublicKey(sealing.publicKey), nbf: 1, exp: 2_000_000_000 }];
  return { signing, bid, keyset: { v: 1, bid, Bsig, minv: 1, maxv: 1, time: 1_760_000_000, epochs } };
}

describe("a keyset", () => {
  it("[KS1] is believed when the key inside hashes to the pinned broker and signed it", async () => {
    const { signing, bid, keyset } = await broker();
    const jws = await signDocument("jc-keys+jwt", keyset, signing.privateKey);
    expect(await verifyKeyset(jws, bid)).toEqual(keyset);
  });

  it("[KS1] of another broker is refused, also when it names the pinned one", async () => {
    const [pinned, other] = [await broker(), await broker()];
    const own = await signDocument("jc-keys+jwt", other.keyset, other.signing.privateKey);
    const claim = { ...other.keyset, bid: pinned.bid };
    const claimed = await signDocument("jc-keys+jwt", claim, other.signing.privateKey);
    const stolen = await signDocument("jc-keys+jwt", pinned.keyset, other.signing.privateKey);
    for (const jws of [own, claimed, stolen]) expect(await verifyKeyset(jws, pinned.bid)).toBeUndefined();
  });

  it("[DC3] with a member more, or a number that is none, is refused", async () => {
    const { signing, bid, keyset } = await broker();
    for (const wrong of [{ extra: 1 }, { time: "1760000000" }, { time: 1.5 }, { time: {} }, { epochs: [] }]) {
      const jws = await signDocument("jc-keys+jwt", { ...keyset, ...wrong }, signing.privateKey);
      expect(await verifyKeyset(jws, bid), JSON.stringify(wrong)).toBeUndefined();
    }
  });
});
