import { brokerIdOf, exportPublicKey, generateKeys } from "@jcfetch/shared/crypto/keys";
import { signDocument } from "@jcfetch/shared/crypto/sign";
import type { Keyset } from "@jcfetch/shared/protocol/documents";
import { isTimely, newestEpoch } from "@jcfetch/shared/protocol/epochs";
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

  it("[KS5] of ten minutes ago is timely, of eleven it is not; nor one of eleven minutes from now", async () => {
    const { keyset } = await broker();
    const aged = (minutes: number): boolean => isTimely(keyset as Keyset, keyset.time + minutes * 60);
    expect([-11, -10, 0, 10, 11].map(aged)).toEqual([false, true, true, true, false]);
  });

  it("[KS2] offers the newest key whose time has come and is not over", async () => {
    const { keyset } = await broker();
    const { time } = keyset;
    const at = (kid: string, nbf: number, exp: number) => ({ ...keyset.epochs[0]!, kid, nbf, exp });
    const epochs = [at("over", time - 9, time), at("old", time - 5, time + 9), at("new", time - 1, time + 9)];
    const ahead = at("ahead", time + 3_600, time + 9_000);
    expect(newestEpoch({ ...keyset, epochs: [...epochs, ahead] } as Keyset)?.kid).toBe("new");
    expect(newestEpoch({ ...keyset, epochs: [ahead, epochs[0]!] } as Keyset)).toBeUndefined();
  });

  it("[DC3] with a member more, or a number that is none, is refused", async () => {
    const { signing, bid, keyset } = await broker();
    for (const wrong of [{ extra: 1 }, { time: "1760000000" }, { time: 1.5 }, { time: {} }, { epochs: [] }]) {
      const jws = await signDocument("jc-keys+jwt", { ...keyset, ...wrong }, signing.privateKey);
      expect(await verifyKeyset(jws, bid), JSON.stringify(wrong)).toBeUndefined();
    }
  });
});
