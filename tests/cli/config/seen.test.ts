import { writeFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mergeSeen, NOTHING_SEEN, type Seen } from "@jcfetch/shared/device-line";
import type { DeviceId } from "@jcfetch/shared/domain/ids";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readSeen, saveSeen } from "../../../cli/src/config/seen.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "jcfetch-seen-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const DID = "abcdefghijklmnopqrstuvwxyz" as DeviceId;
const LATER = "zyxwvutsrqponmlkjihgfedcba" as DeviceId;

const seen = (n: number, seq = n, rl = 0): Seen => ({ n, seq, ah: "a".repeat(43), rl });

describe("what a terminal has seen", () => {
  it("[JS4] is nothing at first, and then what was saved", async () => {
    expect(await readSeen(folder, DID)).toEqual({ ok: true, value: NOTHING_SEEN });
    expect(await saveSeen(folder, DID, seen(7), NOTHING_SEEN)).toEqual({ ok: true, value: null });
    expect(await readSeen(folder, DID)).toEqual({ ok: true, value: seen(7) });
  });

  it.each(["", "{", "null", '{"n":-1,"seq":0,"ah":null,"rl":0}', '{"n":1,"seq":1,"ah":"short","rl":0}'])(
    "[JS4] is never taken for nothing when it cannot be read: %j",
    async (text) => {
      await writeFile(join(folder, "seen.json"), text, { mode: 0o600 });
      expect(await readSeen(folder, DID)).toMatchObject({ ok: false, error: { code: "device-damaged" } });
      expect(await saveSeen(folder, DID, seen(9), seen(1))).toMatchObject({ ok: false });
    },
  );

  it("[JS4] by an earlier terminal in its place is nothing that a later one has seen", async () => {
    await saveSeen(folder, DID, seen(7), NOTHING_SEEN);
    expect(await readSeen(folder, LATER)).toEqual({ ok: true, value: NOTHING_SEEN });
    expect(await saveSeen(folder, LATER, seen(3), NOTHING_SEEN)).toEqual({ ok: true, value: null });
    expect(await readSeen(folder, LATER)).toEqual({ ok: true, value: seen(3) });
  });

  it("[JS3] moves from the state that was presented only, so that of many at once the first wins", async () => {
    await saveSeen(folder, DID, seen(1), NOTHING_SEEN);
    const answers = Array.from({ length: 40 }, (_, i) => seen(2 + i, 100 - i, i));
    await Promise.all(answers.map((answer) => saveSeen(folder, DID, answer, seen(1))));
    const kept = await readSeen(folder, DID);
    expect(kept.ok && answers.some(({ n }) => n === kept.value.n)).toBe(true);
    expect(kept).toMatchObject({ value: { seq: 100, rl: 39 } });
    // What comes back late leads nowhere.
    await saveSeen(folder, DID, seen(99), seen(1));
    expect(await readSeen(folder, DID)).toEqual(kept);
  });

  it("[JS3] is not led back by a program that was stopped until its lock was taken over", async () => {
    await saveSeen(folder, DID, seen(1), NOTHING_SEEN);
    const others = seen(9, 50, 4);
    let goesOn = false;
    const late: Seen = {
      ...seen(2),
      // Asked for after the file was read and before it is written: here it is stopped, and the others go on.
      get seq() {
        if (!goesOn) writeFileSync(join(folder, "seen.json"), JSON.stringify({ did: DID, ...others }));
        goesOn = true;
        return 2;
      },
    };
    expect(await saveSeen(folder, DID, late, seen(1))).toEqual({ ok: true, value: null });
    expect(await readSeen(folder, DID)).toEqual({ ok: true, value: others });
  });

  it("[JS4] audit head and revocation number never go back", () => {
    const any = fc.record({
      n: fc.nat(),
      seq: fc.nat(),
      ah: fc.constantFrom("b".repeat(43), "c".repeat(43)),
      rl: fc.nat(),
    });
    fc.assert(
      fc.property(any, any, any, (stored, next, presented) => {
        const merged = mergeSeen(stored, next, presented);
        expect(merged.seq).toBe(Math.max(stored.seq, next.seq));
        expect(merged.rl).toBe(Math.max(stored.rl, next.rl));
        expect(merged.ah).toBe(next.seq > stored.seq ? next.ah : stored.ah);
      }),
    );
  });
});
