import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { filesIn, sha256 } from "../../tools/lib/files.ts";

// They may have to be built first.
vi.setConfig({ testTimeout: 120_000 });

const MANIFEST = "manifest.json";

interface Manifest {
  readonly host_permissions?: readonly string[];
  readonly optional_host_permissions: readonly string[];
}

const manifestIn = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, MANIFEST), "utf8")) as Manifest;

const filesWithSums = (folder: string): string[] =>
  filesIn(folder)
    .filter((name) => name !== MANIFEST)
    .map((name) => `${sha256(join(folder, name))}  ${name}`);

describe.each(["chromium", "firefox"] as const)("the extension that tests load in %s", (browser) => {
  it("[PM3] is the shipped one, but for hosts that are moved from optional to granted", async () => {
    const { path: shipped } = await ensureBuilt(`extension-${browser}`);
    const { path: tested } = await ensureBuilt(`extension-${browser}-tested`);
    expect(filesWithSums(tested)).toEqual(filesWithSums(shipped));

    const { host_permissions: none = [], optional_host_permissions: asked, ...rest } = manifestIn(shipped);
    const { host_permissions: moved = [], optional_host_permissions: kept, ...same } = manifestIn(tested);
    expect(same).toEqual(rest);
    expect(none).toEqual([]);
    expect(moved.length).toBeGreaterThan(0);
    expect([...moved, ...kept].sort()).toEqual([...asked].sort());
    expect(kept).toEqual(["https://*/*"]);
  });
});
