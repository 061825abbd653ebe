import { createHmac } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { utf8 } from "@jcfetch/shared/crypto/encoding";
import { importPublicKey } from "@jcfetch/shared/crypto/keys";
import { requestContext } from "@jcfetch/shared/protocol/contexts";
import { decodeEnrolmentCode, encodeEnrolmentCode } from "@jcfetch/shared/protocol/enrolment";
import { decodePairingCode, encodePairingCode } from "@jcfetch/shared/protocol/pairing";
import { Secret } from "@jcfetch/shared/secret";
import * as HPKE from "hpke";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { fetchKeyset, type RawAnswer } from "../support/clients.ts";
import { changed, type HostileBroker, startHostileBroker } from "../support/hostile-broker.ts";
import {
  credentialRequest,
  type PairedDevice,
  sendRequest,
  startWorld,
  type TestWorld,
  takeInner,
} from "../support/world.ts";
import { signText } from "./fuzz/documents.ts";
import { openable, pairedVictim, type Victim } from "./victim.ts";

/** Talked into something weaker: an older version, another suite, a signature that is none, a mode, a way without TLS. */
let world: TestWorld;
let device: PairedDevice;
let hostile: HostileBroker;
let victim: Victim;
const closing = new AsyncDisposableStack();
beforeAll(async () => {
  world = closing.use(await startWorld());
  device = await world.pairedDevice();
  hostile = closing.use(await startHostileBroker(world.broker));
  victim = closing.use(await pairedVictim(world, hostile));
});
afterAll(() => closing.disposeAsync());
beforeEach(async () => {
  hostile.behave();
  await victim.forget("keyset.jws");
});

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Other ways to sign the same claims. `pk` is the public key that everybody knows. */
const SIGNATURES: Record<string, (jws: string, pk: string) => string> = {
  none: (jws) => `${head(jws, "none")}.${jws.split(".")[1]}.`,
  "none, with the old signature": (jws) => `${head(jws, "none")}.${jws.split(".").slice(1).join(".")}`,
  "HS256 with the public key": (jws, pk) => hmac(jws, Buffer.from(pk, "base64url")),
  "HS256 with the public key's text": (jws, pk) => hmac(jws, Buffer.from(pk)),
  "HS256 with nothing": (jws) => hmac(jws, Buffer.alloc(0)),
  ES384: (jws) => `${head(jws, "ES384")}.${jws.split(".").slice(1).join(".")}`,
  RS256: (jws) => `${head(jws, "RS256")}.${jws.split(".").slice(1).join(".")}`,
  "zeroes (CVE-2022-21449)": (jws) => `${jws.split(".").slice(0, 2).join(".")}.${"A".repeat(86)}`,
};

const typOf = (jws: string): unknown =>
  (JSON.parse(Buffer.from(jws.split(".")[0]!, "base64url").toString()) as { typ: unknown }).typ;
const head = (jws: string, alg: string): string => part({ alg, typ: typOf(jws) });

function hmac(jws: string, key: Buffer): string {
  const signed = `${head(jws, "HS256")}.${jws.split(".")[1]}`;
  return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
}

describe("the broker", () => {
  it.each(["0", "2", "1.0", "01", "one", ""])("D-19: refuses version %j", async (version) => {
    const answer = await device.send("/v1/envelope", { grant: device.grant }, {}, { "jc-version": version });
    expect(answer.code).toBe("version");
  });

  it("D-19: refuses a grant for a later version, and documents of another", async () => {
    const { extension } = device.user;
    const resigned = (claims: object): Promise<string> =>
      signText(
        { typ: "jc-grant+jwt" },
        JSON.stringify({ ...device.device.grant, ...claims }),
        extension.signing.privateKey,
      );
    const minv = await extension.send("/v1/grants", { grant: await resigned({ minv: 2 }) });
    expect(minv.code).toBe("version");
    for (const v of [0, 2, "1"]) {
      const other = await extension.send("/v1/grants", { grant: await resigned({ v }) });
      expect(other.code).toBe("unknown");
    }
  });

  it.each(Object.keys(SIGNATURES))("D-19: refuses grant, proof and envelope signed with %s", async (name) => {
    const weaker = SIGNATURES[name]!;
    const { Dsig, Esig } = device.device.grant;
    const grant = weaker(device.grant, Esig);
    const body = JSON.stringify({ grant: device.grant });
    const proof = weaker((await device.prove("/v1/envelope", body))["JC-Proof"]!, Dsig);
    const held = await takeInner(device);
    const request = await credentialRequest(device, { ...held, jws: weaker(held.jws, Esig) });
    const answers: RawAnswer[] = [
      await device.send("/v1/envelope", { grant }),
      await device.send("/v1/envelope", { grant: device.grant }, {}, { "jc-proof": proof }),
      await sendRequest(device, request),
    ];
    // A signature that is no text of the right form is refused by the schema already.
    for (const { code } of answers) expect(["unknown", "bad-request"]).toContain(code);
  });

  it.each([
    ["AES-128-GCM", HPKE.KDF_HKDF_SHA256, HPKE.AEAD_AES_128_GCM],
    ["ChaCha20-Poly1305", HPKE.KDF_HKDF_SHA256, HPKE.AEAD_ChaCha20Poly1305],
    ["HKDF-SHA512", HPKE.KDF_HKDF_SHA512, HPKE.AEAD_AES_256_GCM],
  ] as const)("D-19: opens no box of another suite: %s", async (_, kdf, aead) => {
    const { epochs } = await fetchKeyset(device.url, device.bid);
    const { kid, pk } = epochs[0]!;
    const suite = new HPKE.CipherSuite(HPKE.KEM_DHKEM_P256_HKDF_SHA256, kdf, aead);
    const request = await credentialRequest(device, await takeInner(device));
    const { encapsulatedSecret, ciphertext } = await suite.Seal(
      (await importPublicKey("agree", pk)) as never,
      utf8(JSON.stringify(request)),
      { info: utf8(`jc1/req/${device.bid}`), aad: utf8(requestContext(device.uid, "/v1/credentials")) },
    );
    const box = {
      e: Buffer.from(encapsulatedSecret).toString("base64url"),
      c: Buffer.from(ciphertext).toString("base64url"),
    };
    expect((await device.send("/v1/credentials", { kid, box })).code).toBe("unknown");
  });

  it.each(["relay", "direct", "", null])(
    "D-19: serves no request whose mode is %j in sealed mode",
    async (mode) => {
      const request = { ...(await credentialRequest(device, await takeInner(device))), mode };
      const before = world.sim.calls("GetRoleCredentials");
      const { code } = await sendRequest(device, request);
      expect(["bad-request", "policy"]).toContain(code);
      expect(world.sim.calls("GetRoleCredentials")).toBe(before);
    },
  );

  it("D-19: serves no terminal in sealed mode whose grant says relay", async () => {
    const relayed = await world.pairedDevice({ modes: ["relay"] });
    const request = await credentialRequest(relayed, await takeInner(relayed));
    const { code } = await sendRequest(relayed, request);
    expect(code).toBe("policy");
  });
});

describe("the command line", () => {
  it.each(Object.keys(SIGNATURES))("D-19: refuses a keyset signed with %s", async (name) => {
    hostile.set("/v1/keys", async (_, honest) => {
      const reply = await honest();
      const { keyset } = JSON.parse(reply.body) as { keyset: string };
      const { Bsig } = await fetchKeyset(world.broker.url, world.broker.bid);
      return changed(reply, () => ({ keyset: SIGNATURES[name]!(keyset, Bsig) }));
    });
    const { code, stdout } = await victim.fetch();
    expect([code, stdout]).toEqual([9, ""]);
    expect(openable(hostile.heard)).toEqual([]);
  });

  it.each(Object.keys(SIGNATURES))("D-19: refuses an answer signed with %s", async (name) => {
    const { Bsig } = await fetchKeyset(world.broker.url, world.broker.bid);
    hostile.set("/v1/credentials", async (_, honest) =>
      changed(await honest(), (answer) => ({
        ...answer,
        signature: SIGNATURES[name]!(answer.signature as string, Bsig),
      })),
    );
    const { code, stdout } = await victim.fetch();
    expect([code, stdout]).toEqual([9, ""]);
  });

  it.each([{ minv: 2, maxv: 2 }, { minv: 1, maxv: 0 }, { v: 2 }, { v: 0 }])(
    "D-19: speaks to no broker of another version: %j",
    async (claims) => {
      hostile.set("/v1/keys", async (_, honest) => {
        const keyset = await fetchKeyset(world.broker.url, world.broker.bid);
        const jws = await hostile.sign("jc-keys+jwt", { ...keyset, ...claims });
        return changed(await honest(), () => ({ keyset: jws }));
      });
      const { code, stdout } = await victim.fetch();
      expect([code === 2 || code === 9, stdout]).toEqual([true, ""]);
      expect(openable(hostile.heard)).toEqual([]);
    },
  );

  it.each([
    "http://broker.example",
    "http://10.0.0.1:8787",
    "http://127.0.0.1.example:8787",
    "http://0.0.0.0:8787",
    "http://[::]:8787",
    "ftp://127.0.0.1",
  ])("D-19: reads no code with the address %s, and takes no such address", async (url) => {
    const bid = world.broker.bid as never;
    const m = "A".repeat(43);
    const pairing = await encodePairingCode({ bid, url, m, s: new Secret(m) });
    const enrolment = await encodeEnrolmentCode({ bid, url, token: "A".repeat(70) });
    expect(await decodePairingCode(pairing)).toBeUndefined();
    expect(await decodeEnrolmentCode(enrolment)).toBeUndefined();

    const running = victim.terminal.jcfetch("pair");
    running.type(pairing);
    running.closeInput();
    expect(await running.ended).toMatchObject({ code: 8, stdout: "" });
    expect((await victim.terminal.run("pair", "--broker", url)).code).not.toBe(0);
  });

  it("D-19: sends nothing without TLS, also if its own file says so", async () => {
    const path = join(victim.terminal.home, ".config/jcfetch/device.json");
    const kept = await readFile(path, "utf8");
    try {
      // An address of documentation: nobody is there, and a call would take long enough to be seen.
      await writeFile(path, JSON.stringify({ ...JSON.parse(kept), url: "http://192.0.2.1:8787" }));
      const { code, stdout, stderr } = await victim.fetch();
      expect([code, stdout], stderr).toEqual([10, ""]);
    } finally {
      await writeFile(path, kept);
    }
  });
});
