import { type DevicePorts, openDevice } from "@jcfetch/shared/device";
import { requestCredentials, takeEnvelope } from "@jcfetch/shared/protocol/endpoints";
import type { WireErrorCode } from "@jcfetch/shared/protocol/errors";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PairedDevice, S3_ADMIN, startWorld, type TestWorld } from "../support/world.ts";

let world: TestWorld;
let paired: PairedDevice;

beforeAll(async () => {
  world = await startWorld();
  paired = await world.pairedDevice();
});
afterAll(() => world[Symbol.asyncDispose]());

/** A device whose next requests to `path` are refused with these codes before the real broker is let at them. */
async function refusedFirst(path: string, codes: readonly WireErrorCode[], clockOffsetMs = 0) {
  const left = [...codes];
  const asked: string[] = [];
  const fetchOver: typeof fetch = async (input, init) => {
    const to = new URL(String(input)).pathname;
    asked.push(to);
    const code = to === path ? left.shift() : undefined;
    if (code === undefined) return fetch(input, init);
    return Response.json({ code, title: "refused", status: 409 }, { status: 409 });
  };
  const ports: DevicePorts = {
    url: paired.url,
    fetch: fetchOver,
    timeoutMs: 10_000,
    now: () => Date.now() + clockOffsetMs,
    nextCounter: paired.nextCounter,
    ...paired.remembered,
  };
  const { signing, agreement, grant } = paired;
  const device = await openDevice({ signing, agreement, grant }, ports);
  return { device: device!, asked, times: (of: string) => asked.filter((one) => one === of).length };
}

describe("what a device does about a refusal", () => {
  it.each(["replay", "envelope-stale", "epoch-unknown"] as const)(
    "[PF4] mends %s by itself, once",
    async (code) => {
      const { device, times } = await refusedFirst(requestCredentials.path, [code]);
      expect(await device.credentials(S3_ADMIN)).toMatchObject({ ok: true });
      expect(times(requestCredentials.path)).toBe(2);
    },
  );

  it.each(["envelope-stale", "epoch-unknown"] as const)("[PF4] gives up when %s comes back", async (code) => {
    const { device, times } = await refusedFirst(requestCredentials.path, [code, code, code]);
    expect(await device.credentials(S3_ADMIN)).toEqual({ ok: false, error: { code } });
    expect(times(requestCredentials.path)).toBe(2);
  });

  it.each(["policy", "sso-expired", "rate", "upstream", "locked"] as const)(
    "[PF4] does not repeat a request that was refused with %s",
    async (code) => {
      const { device, times } = await refusedFirst(takeEnvelope.path, [code]);
      expect(await device.credentials(S3_ADMIN)).toEqual({ ok: false, error: { code } });
      expect(times(takeEnvelope.path)).toBe(1);
      expect(times(requestCredentials.path)).toBe(0);
    },
  );

  it("[PF3] mends its clock by up to ten minutes from the broker's signed time, and not by more", async () => {
    const slow = await refusedFirst("", [], -9 * 60_000);
    expect(await slow.device.credentials(S3_ADMIN)).toMatchObject({ ok: true });
    const wrong = await refusedFirst("", [], -11 * 60_000);
    expect(await wrong.device.credentials(S3_ADMIN)).toEqual({
      ok: false,
      error: expect.objectContaining({ code: "clock-skew" }),
    });
  });
});
