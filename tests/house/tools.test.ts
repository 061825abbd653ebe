import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { withLock } from "../../tools/lib/lock.ts";
import { judge } from "../../tools/lib/suites.ts";
import { packagesAreInstalled } from "../../tools/setup.mjs";

const folder = mkdtempSync(join(tmpdir(), "jcfetch-tools-"));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const green = { passed: 3, failed: [], skipped: [], strayErrors: 0 };

describe("the count of a suite", () => {
  it.each([
    ["all tests passed", 0, green, 3, 0],
    ["one failed", 1, { ...green, failed: ["a > b"] }, 3, 1],
    ["a test was skipped and says why", 0, { ...green, skipped: [{ name: "a", reason: "needs zsh" }] }, 3, 0],
    [
      "a test was skipped and does not say why",
      0,
      { ...green, skipped: [{ name: "a", reason: null }] },
      3,
      1,
    ],
    ["an error came from nowhere", 1, { ...green, strayErrors: 2 }, 3, 1],
    ["every test passed but vitest says otherwise", 1, green, 3, 1],
    ["no test ran", 0, { ...green, passed: 0 }, 0, 1],
    ["vitest died", 134, undefined, 0, 1],
  ])("when %s", (_what, exitCode, tally, passed, failed) => {
    expect(judge(exitCode, tally).tally).toEqual({ passed, failed });
  });
});

describe("a lock", () => {
  const path = join(folder, "locks/x.lock");

  it("lets one in at a time, and all in the end", async () => {
    let inside = 0;
    let most = 0;
    const turns = Array.from({ length: 8 }, () =>
      withLock(path, async () => {
        most = Math.max(most, ++inside);
        await new Promise(setImmediate);
        inside -= 1;
      }),
    );
    await Promise.all(turns);
    expect(most).toBe(1);
    expect(readdirSync(join(folder, "locks"))).toEqual([]);
  });

  it("goes when the work fails", async () => {
    await expect(withLock(path, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    await expect(withLock(path, () => Promise.resolve("in"))).resolves.toBe("in");
  });

  it("of a process that has ended holds nobody up", async () => {
    mkdirSync(join(folder, "locks"), { recursive: true });
    // Above the highest process id that Linux gives.
    writeFileSync(path, String(2 ** 22 + 1));
    await expect(withLock(path, () => Promise.resolve("in"))).resolves.toBe("in");
  });
});

describe("set-up", () => {
  const lock = (version: string): string =>
    JSON.stringify({
      packages: {
        "": {},
        "node_modules/a": { version },
        "node_modules/b": { version: "9.0.0", optional: true },
      },
    });
  const installation = (wanted: string, installed: string | undefined): boolean => {
    mkdirSync(join(folder, "node_modules/node/bin"), { recursive: true });
    writeFileSync(join(folder, "node_modules/node/bin/node"), "");
    writeFileSync(join(folder, "package-lock.json"), lock(wanted));
    if (installed !== undefined)
      writeFileSync(join(folder, "node_modules/.package-lock.json"), lock(installed));
    return packagesAreInstalled(folder);
  };

  it("leaves an installation alone that fits the lock file", () => {
    expect(installation("1.0.0", "1.0.0")).toBe(true);
  });

  it("sees that the lock file has moved on", () => {
    expect(installation("1.0.1", "1.0.0")).toBe(false);
  });

  it("does not take an interrupted installation for a whole one", () => {
    expect(installation("1.0.0", undefined)).toBe(false);
  });
});
