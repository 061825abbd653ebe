import { revoke } from "@jcfetch/shared/protocol/endpoints";
import { MINUTE_MS, SECOND_MS } from "@jcfetch/shared/time";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openTestDevice, type RawAnswer } from "../support/clients.ts";
import { type PairedDevice, S3_ADMIN, startWorld, type TestWorld } from "../support/world.ts";
import { measured } from "./scale.ts";

/** Clocks that are wrong, jump, or stand still, at each of the three: terminal and extension, broker, AWS. */
let world: TestWorld;
beforeEach(async () => {
  world = await startWorld({ clock: "movable" });
});
afterEach(() => world?.[Symbol.asyncDispose]());

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const YEAR = 365 * 24 * HOUR;
const OFFSETS = [0, 30, 59, 60, 61, HOUR, YEAR].flatMap((seconds) => [seconds, -seconds]);

const code = (answer: RawAnswer): string => answer.code ?? String(answer.status);

/** Ask so that request and check fall into the same second, or the offset would not be what it says. */
async function withinOneSecond(ask: (nowSeconds: number) => Promise<RawAnswer>): Promise<RawAnswer> {
  for (;;) {
    const second = Math.floor(world.now() / SECOND_MS);
    const answer = await ask(second);
    if (Math.floor(world.now() / SECOND_MS) === second) return answer;
  }
}

describe("the time in a proof", () => {
  it("D-11: is accepted exactly inside sixty seconds, of a terminal and of an extension", async (test) => {
    const device = await world.pairedDevice();
    const { extension } = device.user;
    for (const off of OFFSETS) {
      const expected = Math.abs(off) <= 60 ? "200" : "clock-skew";
      const byDevice = await withinOneSecond((now) =>
        device.send("/v1/envelope", { grant: device.grant }, { iat: now + off }),
      );
      const byExtension = await withinOneSecond((now) =>
        extension.send("/v1/devices", {}, { iat: now + off }),
      );
      expect([code(byDevice), code(byExtension)], `${off} s`).toEqual([expected, expected]);
    }
    measured(test, `${OFFSETS.length} offsets × 2`);
  });
});

/** The same terminal on a host whose clock is off by this much. `asked` are the paths it has called. */
async function onWrongClock(
  { signing, agreement, keys, grant, nextCounter }: PairedDevice,
  offSeconds: number,
) {
  const clock = { offMs: offSeconds * SECOND_MS };
  const now = (): number => world.now() + clock.offMs;
  const device = await openTestDevice({ signing, agreement, keys }, grant, { ...world.at, now });
  // Two clients over the same keys must not say the same number.
  for (let i = await nextCounter(); i > 0; i--) await device.nextCounter();
  return { ...device, clock };
}

describe("a terminal whose clock is wrong", () => {
  it.each([30, -30, 59, -59, 61, -61, 9 * MINUTE, -9 * MINUTE])(
    "D-11: by %i s is served, if need be with one correction",
    async (off) => {
      const device = await onWrongClock(await world.pairedDevice(), off);
      expect(await device.credentials(S3_ADMIN)).toMatchObject({ ok: true });
    },
  );

  it.each([11 * MINUTE, -11 * MINUTE, HOUR, -HOUR, YEAR, -YEAR])(
    "D-11: by %i s is told so, and has sent nothing that opens",
    async (off) => {
      const device = await onWrongClock(await world.pairedDevice(), off);
      const answer = await device.credentials(S3_ADMIN);
      expect(answer).toMatchObject({ ok: false, error: { code: "clock-skew" } });
      expect(world.broker.log()).not.toContain('"/v1/credentials"');
    },
  );

  it("D-11: mends it once, and no further than ten minutes from its own, whatever the broker says", async () => {
    const paired = await world.pairedDevice();
    const device = await onWrongClock(paired, 0);
    // The broker's clock runs away, a little more each time it is asked.
    for (let i = 1; i <= 4; i++) {
      await world.broker.advance(4 * MINUTE);
      const answer = await device.credentials(S3_ADMIN);
      // Envelopes and epochs are good for hours, so only the clock decides.
      expect(answer.ok, `${i * 4} minutes`).toBe(i * 4 <= 10);
    }
  });

  it("D-11: that sleeps for hours and wakes again is served, or told what has ended", async () => {
    const user = await world.enrolledUser({ sessionSeconds: 20 * HOUR });
    const device = await world.pairedDevice({ user, expiresInSeconds: 30 * HOUR });
    expect(await device.credentials(S3_ADMIN)).toMatchObject({ ok: true });
    await world.advance(8 * HOUR);
    expect(await device.credentials(S3_ADMIN)).toMatchObject({ ok: true });
    await world.advance(5 * HOUR);
    expect(await device.credentials(S3_ADMIN)).toMatchObject({ ok: false, error: { code: "sso-expired" } });
    await world.advance(18 * HOUR);
    expect(await device.credentials(S3_ADMIN)).toMatchObject({ ok: false, error: { code: "grant-expired" } });
  });
});

describe("an extension whose clock is wrong", () => {
  it.each([30, -59, 61, -9 * MINUTE, 11 * MINUTE, -YEAR])("D-11: by %i s", async (off) => {
    const user = await world.enrolledUser();
    const { authority } = user.extension;
    await world.broker.advance(-off);
    const revocations = await authority.signRevocations({ rl: 1, dids: [], locked: [], lock: false });
    const answer = await authority.call(revoke, { revocations });
    const served = Math.abs(off) * SECOND_MS <= 10 * MINUTE_MS;
    expect(answer.ok ? "served" : answer.error.code).toBe(served ? "served" : "clock-skew");
  });
});

describe("a broker whose clock is set back", () => {
  it.each([30, HOUR, YEAR])("D-11: by %i s takes no message a second time", async (back) => {
    const device = await world.pairedDevice();
    const now = Math.floor(world.now() / SECOND_MS);
    const heard = { ctr: 1_000, iat: now };
    expect(code(await device.send("/v1/envelope", { grant: device.grant }, heard))).toBe("200");
    await world.broker.advance(-back);
    const again = await device.send("/v1/envelope", { grant: device.grant }, heard);
    expect(code(again)).toBe(back <= 60 ? "replay" : "clock-skew");
    const fresh = { ctr: 1_000, iat: now - back };
    expect(code(await device.send("/v1/envelope", { grant: device.grant }, fresh))).toBe("replay");
  });

  it("D-11: and forward again does not bring back what has ended", async () => {
    const device = await world.pairedDevice({ expiresInSeconds: HOUR });
    await world.advance(2 * HOUR);
    expect(await device.credentials(S3_ADMIN)).toMatchObject({ ok: false });
    // The rows of what ended may be gone; a grant that was over may not count again for a device that is unknown.
    await world.advance(-2 * HOUR);
    const answer = await device.credentials(S3_ADMIN);
    expect(answer.ok ? "served" : answer.error.code).toMatch(
      /^(served|unknown|no-session|sso-expired|state-regressed)$/,
    );
    await world.advance(2 * HOUR);
    expect(await device.credentials(S3_ADMIN)).toMatchObject({ ok: false, error: { code: "grant-expired" } });
  });
});

describe("AWS's clock", () => {
  const asked = async (off: number): Promise<string> => {
    const user = await world.enrolledUser({ sessionSeconds: 2 * YEAR });
    const device = await world.pairedDevice({ user, policy: { maxCredentialSeconds: HOUR } });
    world.sim.world.clockOffsetMs = off * SECOND_MS;
    // The world's time is AWS's now; the terminal stays where it was.
    const stays = await onWrongClock(device, -off);
    const answer = await stays.credentials(S3_ADMIN);
    return answer.ok ? "delivered" : answer.error.code;
  };

  it.each([0, 30, -30, 59, -59, -61])("D-11: that is off by %i s does no harm", async (off) => {
    expect(await asked(off)).toBe("delivered");
  });

  it.each([65, HOUR, YEAR])(
    "D-11: that is ahead by %i s makes credentials that seem to live too long",
    async (off) => {
      expect(await asked(off)).toBe("credential-too-long");
    },
  );

  it.each([-HOUR - 2, -YEAR])(
    "D-11: that is behind by %i s makes credentials that are over, which none gets",
    async (off) => {
      expect(await asked(off)).toBe("upstream");
    },
  );
});

/** Places where calendars jump, or numbers end. */
const INSTANTS: Record<string, string> = {
  "summer time begins in Europe": "2027-03-28T01:00:00Z",
  "summer time ends in Europe": "2027-10-31T01:00:00Z",
  "summer time begins in America": "2027-03-14T07:00:00Z",
  "a year ends, perhaps with a leap second": "2027-01-01T00:00:00Z",
  "a leap day begins": "2028-02-29T00:00:00Z",
  "32 bits of seconds run over": "2038-01-19T03:14:08Z",
};

describe("the calendar", () => {
  it.each(Object.keys(INSTANTS))("D-11: %s, and nobody notices", async (name) => {
    const at = Date.parse(INSTANTS[name]!);
    await world.advance(Math.floor((at - world.now()) / SECOND_MS) - 20);
    const device = await world.pairedDevice();
    expect(await device.credentials(S3_ADMIN)).toMatchObject({ ok: true });
    await world.advance(40);
    expect(await device.credentials(S3_ADMIN)).toMatchObject({ ok: true });
  });
});
