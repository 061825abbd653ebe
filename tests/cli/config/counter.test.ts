import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { nextCounter } from "../../../cli/src/config/counter.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "jcfetch-counter-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (seconds: number) => async (): Promise<number> => {
  const next = await nextCounter(folder, () => seconds * 1_000);
  if (!next.ok) throw new Error(next.error.title);
  return next.value;
};

describe("the counter of proofs", () => {
  it("[PF5] gives each of many callers a number of its own, all of them neighbors", async () => {
    const next = at(1_000);
    const given = await Promise.all(Array.from({ length: 60 }, next));
    expect(given.sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, i) => 1_000 + i));
    expect(readdirSync(folder)).toEqual(["counter"]);
  });

  it("[PF5] goes on from where it was when the clock is set back", async () => {
    expect([await at(5_000)(), await at(10)(), await at(5_000)()]).toEqual([5_000, 5_001, 5_002]);
  });

  it.each(["", "12e", "-4", "9".repeat(30)])(
    "[PF5] that was damaged (%j) starts at the clock",
    async (text) => {
      writeFileSync(join(folder, "counter"), text);
      expect(await at(7_000)()).toBe(7_000);
    },
  );

  it("[CL5] says so when it cannot be kept", async () => {
    rmSync(folder, { recursive: true });
    expect(await nextCounter(folder, () => 0)).toMatchObject({ ok: false, error: { code: "cannot-write" } });
    folder = mkdtempSync(join(tmpdir(), "jcfetch-counter-"));
  });
});
