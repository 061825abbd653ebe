import { digest } from "@jcfetch/shared/crypto/encoding";
import { signDocument } from "@jcfetch/shared/crypto/sign";
import type { AccountId, BrokerId, DeviceId, RoleName } from "@jcfetch/shared/domain/ids";
import type { Approval } from "@jcfetch/shared/protocol/documents";
import { SOCKET_CLOSE } from "@jcfetch/shared/protocol/relay";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowserSide } from "../support/browser-side.ts";
import { post, sealRequest } from "../support/clients.ts";
import { vaultOf } from "../support/databases.ts";
import {
  credentialRequest,
  type PairedDevice,
  type PairOptions,
  S3_ADMIN,
  startWorld,
  type TestWorld,
  takeInner,
} from "../support/world.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld({ clock: "movable" });
});
afterAll(() => world?.[Symbol.asyncDispose]());

const relayDevice = (from: PairOptions = {}): Promise<PairedDevice> =>
  world.pairedDevice({ modes: ["relay"], deposited: false, ...from });

const codeOf = async (device: PairedDevice): Promise<string> => {
  const answer = await device.credentials(S3_ADMIN);
  return answer.ok ? "ok" : answer.error.code;
};

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const startedMs = performance.now();
  await work();
  return (performance.now() - startedMs) / 1_000;
};

/** [RM7] After so long without a word a browser counts as away; what is told at once is told before. */
const SILENT_SECONDS = 5;

const entries = async ({ did }: PairedDevice) =>
  (await vaultOf(world.broker, did)).audit!.filter((row) => row.did === did);

describe("credentials by relay", () => {
  it("[RM1] [RM5] [AU1] come from the extension, and the broker notes neither account nor role", async () => {
    const device = await relayDevice();
    await using browser = await openBrowserSide(world, device.user);
    const answer = await device.credentials(S3_ADMIN);
    if (!answer.ok) throw new Error(answer.error.code);
    expect(world.sim.world.credentials.find(answer.value.accessKeyId)).toMatchObject({
      secretAccessKey: answer.value.secretAccessKey.reveal(),
    });
    expect(browser.requests).toMatchObject([{ kind: "relay", request: { ...S3_ADMIN, ask: null } }]);
    const noted = (await entries(device)).slice(-2);
    expect(noted).toMatchObject([
      { act: "fetch", mode: "relay", account: null, role: null },
      { act: "fetched", mode: "relay", outcome: "ok", intent: noted[0]!.seq },
    ]);
    expect(JSON.stringify(await vaultOf(world.broker, device.did))).not.toContain(S3_ADMIN.role);
  });

  it("[JS1] [JS4] bring a new join state each time", async () => {
    const device = await relayDevice();
    await using _ = await openBrowserSide(world, device.user);
    const states: number[] = [];
    for (let i = 0; i < 3; i++) {
      expect(await codeOf(device)).toBe("ok");
      states.push((await device.remembered.loadSeen()).n);
    }
    expect(states).toEqual(states.toSorted((a, b) => a - b));
    expect(new Set(states).size).toBe(3);
  });

  it("[RM7] are refused at once when no browser is there", async () => {
    const device = await relayDevice();
    expect(await seconds(async () => expect(await codeOf(device)).toBe("browser-offline"))).toBeLessThan(
      SILENT_SECONDS,
    );
    expect(await device.device.browser()).toEqual({ ok: true, value: { online: false } });
    const browser = await openBrowserSide(world, device.user);
    expect(await device.device.browser()).toEqual({ ok: true, value: { online: true } });
    await browser.close();
    expect(await codeOf(device)).toBe("browser-offline");
    expect(await device.device.browser()).toEqual({ ok: true, value: { online: false } });
  });

  it("[RM7] are refused after five seconds without a word, and the socket is closed", async () => {
    const device = await relayDevice();
    const browser = await openBrowserSide(world, device.user, { isSilent: true });
    const waited = await seconds(async () => {
      expect(await Promise.all([codeOf(device), codeOf(device)])).toEqual([
        "browser-offline",
        "browser-offline",
      ]);
    });
    expect(waited).toBeGreaterThan(4);
    expect(waited).toBeLessThan(2 * SILENT_SECONDS);
    expect(await browser.closed).toEqual({ code: SOCKET_CLOSE.silent });
    expect((await entries(device)).at(-1)).toMatchObject({ act: "fetched", outcome: "browser-offline" });
  });

  it("[RM2] are refused before the browser sees them when it could not read them: others of the user go on", async () => {
    const device = await relayDevice();
    await using browser = await openBrowserSide(world, device.user);
    const box = { e: "A".repeat(87), c: "AAAA" };
    for (const blemish of ["==", " ", "\t"]) {
      const body = JSON.stringify({ grant: device.grant, box });
      const headers = await device.prove("/v1/relay", body);
      const proof = headers["JC-Proof"]!;
      headers["JC-Proof"] = `${proof.slice(0, -4)}${blemish}${proof.slice(-4)}`;
      expect((await post(device.url, "/v1/relay", { headers, body })).code).toBe("unknown");
      headers["JC-Proof"] = `${proof}==`;
      expect((await post(device.url, "/v1/relay", { headers, body })).code).toBe("unknown");
    }
    expect(browser.asked).toEqual([]);
    expect(await codeOf(device)).toBe("ok");
  });

  it("[RM7] are refused at once when the browser goes away while it is asked", async () => {
    const device = await relayDevice();
    const browser = await openBrowserSide(world, device.user, { isSilent: true });
    const asked = codeOf(device);
    await expect.poll(() => browser.asked.length).toBe(1);
    expect(
      await seconds(async () => {
        await browser.close();
        expect(await asked).toBe("browser-offline");
      }),
    ).toBeLessThan(SILENT_SECONDS);
  });

  it("[CR9] are not given to a device that was removed or locked meanwhile; it is told at once", async () => {
    for (const [list, code] of [
      [{ dids: true }, "revoked"],
      [{ locked: true }, "locked"],
      [{ lock: true }, "locked"],
    ] as const) {
      const device = await relayDevice();
      await using browser = await openBrowserSide(world, device.user, { isSilent: true });
      const asked = codeOf(device);
      await expect.poll(() => browser.asked.length).toBe(1);
      const did = [device.did];
      const revocations = await device.user.extension.authority.signRevocations({
        rl: 1,
        dids: "dids" in list ? did : [],
        locked: "locked" in list ? did : [],
        lock: "lock" in list,
      });
      await device.user.extension.send("/v1/revocations", { revocations });
      expect(await seconds(async () => expect(await asked).toBe(code))).toBeLessThan(SILENT_SECONDS);
    }
  });

  it("[RM5] keep what the extension refuses, word for word", async () => {
    const device = await relayDevice();
    await using _ = await openBrowserSide(world, device.user, {
      twist: (message) =>
        message.t === "answer"
          ? { t: "refusal", id: message.id, code: "upstream-throttled", retryAfterSeconds: 7 }
          : message,
    });
    expect(await device.credentials(S3_ADMIN)).toMatchObject({
      error: { code: "upstream-throttled", retryAfterSeconds: 7 },
    });
  });

  it("[PO2] are not asked for where the grant has no relay mode", async () => {
    const device = await world.pairedDevice();
    await using browser = await openBrowserSide(world, device.user);
    const body = { grant: device.grant, box: { e: "A".repeat(87), c: "AAAA" } };
    expect((await device.send("/v1/relay", body)).code).toBe("policy");
    expect((await device.send("/v1/approval", body)).code).toBe("policy");
    expect(browser.asked).toEqual([]);
  });

  it("[RM7] of very many at one time: some wait their turn", async () => {
    const device = await relayDevice();
    await using browser = await openBrowserSide(world, device.user, { isSilent: true });
    const asked = Array.from({ length: 40 }, () => codeOf(device));
    await expect.poll(() => browser.asked.length).toBe(32);
    const codes = await Promise.all(asked);
    expect(codes.filter((code) => code === "browser-offline").length).toBe(32);
    expect(codes.filter((code) => code === "rate").length).toBe(8);
  });
});

describe("an approval in sealed mode", () => {
  const voice = {
    ...{ interactive: true, process: "aws", directory: "~" },
    ...{ show: () => undefined, done: () => undefined },
  };
  const asking = async (from: PairOptions = {}): Promise<PairedDevice> =>
    world.pairedDevice({ policy: { ask: ["S3*"] }, ...from });

  it("[AS1] [AS4] is fetched first, noted, and opens the role", async () => {
    const device = await asking({ voice: () => voice } as PairOptions);
    await using browser = await openBrowserSide(world, device.user);
    expect(await codeOf(device)).toBe("ok");
    expect(browser.requests).toMatchObject([{ kind: "approval", request: S3_ADMIN }]);
    expect((await entries(device)).map(({ act, outcome }) => [act, outcome]).slice(-4)).toEqual([
      ["ask", null],
      ["asked", "ok"],
      ["fetch", null],
      ["fetched", "ok"],
    ]);
  });

  it("[RM10] is asked for again, with the same number, after a browser was away for a moment; where none was, at once refused", async () => {
    const shown: number[] = [];
    const device = await asking({
      voice: () => ({ ...voice, show: (num: number) => shown.push(num) }),
    } as PairOptions);
    const refusedAtOnce = async () => expect(await codeOf(device)).toBe("browser-offline");
    expect(await seconds(refusedAtOnce)).toBeLessThan(3);

    const first = await openBrowserSide(world, device.user, { isSilent: true });
    const asked = codeOf(device);
    await expect.poll(() => first.asked.length).toBe(1);
    await first.close();
    await using second = await openBrowserSide(world, device.user);
    expect(await asked).toBe("ok");
    expect(shown).toHaveLength(2);
    expect(second.requests).toMatchObject([{ request: { ask: { num: shown[1] } } }]);
  });
});

describe("an approval that is not the one for this request", () => {
  const now = (): number => Math.floor(world.now() / 1_000);
  const wrong: [string, (right: Approval) => Partial<Approval>][] = [
    ["for another role", () => ({ role: "ReadOnly" as RoleName })],
    ["for another account", () => ({ account: "111122223333" as AccountId })],
    ["for another answer's key", () => ({ rh: "A".repeat(43) })],
    ["for another device", () => ({ did: "a".repeat(26) as DeviceId })],
    ["under another grant", () => ({ gh: "A".repeat(43) })],
    ["at another broker", () => ({ bid: "B".repeat(43) as BrokerId })],
    ["that is over", () => ({ iat: now() - 121, exp: now() - 61 })],
    ["that would last for hours", () => ({ exp: now() + 7_200 })],
    ["from tomorrow", () => ({ iat: now() + 86_400, exp: now() + 86_460 })],
  ];

  it.each(wrong)("[AS4] opens nothing: %s", async (_, change) => {
    const device = await world.pairedDevice({ policy: { ask: ["S3*"] } });
    const request = await credentialRequest(device, await takeInner(device));
    const { signing } = device.user.extension;
    const { uid, did, gh, bid } = device;
    const right: Approval = {
      ...{ v: 1, uid, did, gh, bid: bid as BrokerId, rh: await digest(request.rpk), ...S3_ADMIN },
      ...{ iat: now(), exp: now() + 60 },
    };
    const sign = (approval: object, key = signing.privateKey) => signDocument("jc-ok+jwt", approval, key);
    const send = async (approval: string | null): Promise<string | number> => {
      const answer = await device.send(
        "/v1/credentials",
        await sealRequest(device, uid, { ...request, approval }),
      );
      return answer.code ?? answer.status;
    };
    const before = world.sim.calls("GetRoleCredentials");
    expect(await send(null)).toBe("needs-approval");
    expect(await send(await sign({ ...right, ...change(right) }))).toBe("needs-approval");
    expect(await send(await sign(right, device.signing.privateKey))).toBe("needs-approval");
    expect(world.sim.calls("GetRoleCredentials")).toBe(before);
    expect(await send(await sign(right))).toBe(200);
  });
});

describe("the socket", () => {
  it("[RM2] of a newer hello takes the place of the older one", async () => {
    const device = await relayDevice();
    const first = await openBrowserSide(world, device.user);
    await using second = await openBrowserSide(world, device.user);
    expect(await first.closed).toEqual({ code: SOCKET_CLOSE.replaced });
    expect(await codeOf(device)).toBe("ok");
    expect([first.asked.length, second.asked.length]).toEqual([0, 1]);
  });

  it.each([
    ["no JSON", "hello"],
    ["unheard of", JSON.stringify({ t: "hello", id: "A".repeat(16) })],
    ["too long", JSON.stringify({ t: "got", id: "A".repeat(16), more: "x".repeat(70_000) })],
    ["bytes", new Uint8Array([1, 2, 3])],
  ])("[RM2] is closed for a message that is %s", async (_, message) => {
    const user = await world.enrolledUser();
    const browser = await openBrowserSide(world, user);
    browser.socket.send(message);
    expect(await browser.closed).toEqual({ code: SOCKET_CLOSE.malformed });
  });

  it("[RM2] answers a ping", async () => {
    const user = await world.enrolledUser();
    await using browser = await openBrowserSide(world, user);
    const pong = new Promise((resolve) =>
      browser.socket.addEventListener("message", ({ data }) => resolve(data), { once: true }),
    );
    browser.ping();
    expect(await pong).toBe("pong");
  });
});
