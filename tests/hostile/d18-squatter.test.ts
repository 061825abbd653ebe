import { exportPublicKey, generateKeys } from "@jcfetch/shared/crypto/keys";
import { signDocument } from "@jcfetch/shared/crypto/sign";
import type { Keyset } from "@jcfetch/shared/protocol/documents";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { changed, type HostileBroker, startHostileBroker } from "../support/hostile-broker.ts";
import { startWorld, type TestWorld } from "../support/world.ts";
import { openable, pairedVictim, type Victim } from "./victim.ts";

/*
 * Somebody else answers at the broker's address, or the broker shows another keyset than it should. The command line has
 * no keyset of its own at that time. It refuses before it has sent anything that could be opened.
 */
let world: TestWorld;
let hostile: HostileBroker;
let victim: Victim;
const closing = new AsyncDisposableStack();
beforeAll(async () => {
  world = closing.use(await startWorld());
  hostile = closing.use(await startHostileBroker(world.broker));
  victim = closing.use(await pairedVictim(world, hostile));
});
afterAll(() => closing.disposeAsync());
beforeEach(async () => {
  hostile.behave();
  await victim.forget("keyset.jws");
});

const claimsOf = (jws: string): Keyset =>
  JSON.parse(Buffer.from(jws.split(".")[1]!, "base64url").toString()) as Keyset;

interface Forged {
  readonly keyset: Keyset;
  /** Whose signature stands under it; the broker's own when not said. */
  readonly by?: CryptoKey;
  /** Sent as it is instead. */
  readonly text?: string;
  /** Of the refusal; 9 when not said. */
  readonly code?: number;
}

type Forger = (honest: Keyset, jws: string) => Promise<Forged>;

const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/** A key pair of the squatter's own, as a keyset names it. */
const own = async () => {
  const pair = await generateKeys("sign");
  return { by: pair.privateKey, Bsig: await exportPublicKey(pair.publicKey) };
};
const ownEpoch = async (): Promise<string> => exportPublicKey((await generateKeys("agree")).publicKey);

const epochsAt = (keyset: Keyset, nbf: number, exp: number): Keyset => ({
  ...keyset,
  epochs: keyset.epochs.map((epoch) => ({ ...epoch, nbf, exp })),
});

const FORGERIES: Record<string, Forger> = {
  "a keyset of a broker of its own": async (keyset) => {
    const { by, Bsig } = await own();
    const pk = await ownEpoch();
    return { keyset: { ...keyset, Bsig, epochs: [{ ...keyset.epochs[0]!, pk }] }, by };
  },
  "the same, under the name that its key has": async (keyset) => {
    const { by, Bsig } = await own();
    const name = await crypto.subtle.digest("SHA-256", Buffer.from(Bsig, "base64url"));
    return { keyset: { ...keyset, Bsig, bid: Buffer.from(name).toString("base64url") as never }, by };
  },
  "the broker's keyset with another signing key in it": async (keyset) => ({
    keyset: { ...keyset, Bsig: (await own()).Bsig },
  }),
  "the broker's keyset with an epoch key swapped in it": async (keyset, jws) => {
    const pk = await ownEpoch();
    const forged = { ...keyset, epochs: [{ ...keyset.epochs[0]!, pk }] };
    const [head, , signature] = jws.split(".");
    const payload = Buffer.from(JSON.stringify(forged)).toString("base64url");
    return { keyset: forged, text: `${head}.${payload}.${signature}` };
  },
  "a keyset signed by the key of an epoch": async (keyset) => {
    const { by } = await own();
    return { keyset, by };
  },
  "a keyset whose epochs are over": async (keyset) => ({
    keyset: epochsAt(keyset, keyset.time - 48 * HOUR_SECONDS, keyset.time - HOUR_SECONDS),
  }),
  "a keyset whose epochs have yet to begin": async (keyset) => ({
    keyset: epochsAt(keyset, keyset.time + DAY_SECONDS, keyset.time + 48 * HOUR_SECONDS),
  }),
  "an old keyset, as it was": async (keyset) => ({
    keyset: { ...epochsAt(keyset, keyset.time - DAY_SECONDS, keyset.time - 1), time: keyset.time - 1_000 },
    code: 3,
  }),
  "a keyset without a key": async (keyset) => ({ keyset: { ...keyset, epochs: [] } }),
  "a keyset with more in it": async (keyset) => ({ keyset: { ...keyset, more: 1 } as Keyset }),
  "another document with the broker's signature": async (keyset) => ({
    keyset,
    text: await hostile.sign("jc-state+jwt", keyset),
  }),
};

const signed = ({ keyset, by }: Forged): Promise<string> =>
  by ? signDocument("jc-keys+jwt", keyset, by) : hostile.sign("jc-keys+jwt", keyset);

describe("the command line, before a squatter", () => {
  it("D-18: is served by the broker itself", async () => {
    expect(await victim.fetch()).toMatchObject({ code: 0 });
    expect(openable(hostile.heard)).toContain("/v1/credentials");
  });

  it.each(Object.keys(FORGERIES))("D-18: refuses %s, and has sent nothing that opens", async (name) => {
    let expected = 9;
    hostile.set("/v1/keys", async (_, honest) => {
      const reply = await honest();
      const jws = (JSON.parse(reply.body) as { keyset: string }).keyset;
      const forged = await FORGERIES[name]!(claimsOf(jws), jws);
      expected = forged.code ?? expected;
      const text = forged.text ?? (await signed(forged));
      return changed(reply, () => ({ keyset: text }));
    });
    const { code, stdout, stderr } = await victim.fetch();
    expect([code, stdout], stderr).toEqual([expected, ""]);
    expect(openable(hostile.heard)).toEqual([]);
  });

  it("D-18: refuses somebody who is no broker at all", async () => {
    for (const body of ["", "{}", "<html>", "null", "[]", '{"keyset":1}', '{"keyset":"a.b.c"}']) {
      hostile.behave();
      hostile.set("/v1/keys", () => ({ status: 200, headers: { "content-type": "text/html" }, body }));
      const { code, stdout, stderr } = await victim.fetch();
      expect([code, stdout], stderr).toEqual([9, ""]);
      expect(openable(hostile.heard)).toEqual([]);
    }
  });

  it("D-18: does not go where somebody sends it", async () => {
    const answer = { status: 307, headers: { location: `${world.broker.url}/v1/keys` }, body: "" };
    hostile.set("/v1/keys", () => answer);
    const { code, stdout } = await victim.fetch();
    expect([code, stdout]).toEqual([9, ""]);
  });

  it("D-18: tells a squatter neither token nor key nor credential, whatever it is told", async () => {
    const before = hostile.heard.length;
    expect((await victim.fetch()).code).toBe(0);
    const heard = JSON.stringify(hostile.heard.slice(before));
    for (const [what, secret] of await victim.secrets()) expect(heard, what).not.toContain(secret);
  });
});
