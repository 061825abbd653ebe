import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { sha256 } from "../../tools/lib/files.ts";
import { program, run } from "../../tools/lib/process.ts";
import { zipForStores } from "../../tools/zip.ts";
import { BROWSERS, extensionFolder, manifestOf } from "./built.ts";
import { read } from "./tree.ts";

const work = mkdtempSync(join(tmpdir(), "jcfetch-store-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

interface Lint {
  readonly summary: { readonly errors: number; readonly notices: number; readonly warnings: number };
  readonly warnings: readonly unknown[];
}

const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

describe("what the stores get", () => {
  it("leaves Mozilla's linter nothing to say, not even a warning", async () => {
    const args = ["lint", "--source-dir", await extensionFolder("firefox"), "--output", "json"];
    const quiet = { HOME: work, NO_UPDATE_NOTIFIER: "1", CI: "true", NO_COLOR: "1", FORCE_COLOR: undefined };
    const { output } = await run(program("web-ext"), [...args, "--no-config-discovery"], quiet);
    const { summary, warnings } = JSON.parse(output.slice(output.indexOf("{"))) as Lint;
    expect(warnings).toEqual([]);
    expect(summary).toEqual({ errors: 0, notices: 0, warnings: 0 });
  });

  it("is the same, byte for byte, when it is made again", async () => {
    const first = await zipForStores(join(work, "first"));
    const second = await zipForStores(join(work, "second"));
    expect(Object.keys(first)).toEqual(["chromium", "firefox", "sources"]);
    for (const [name, path] of Object.entries(first)) {
      expect(readFileSync(path).length).toBeGreaterThan(100_000);
      expect(sha256(second[name]!), name).toBe(sha256(path));
    }
  });

  it.each(BROWSERS)("has a reason for every permission in %s, for the form of the store", async (browser) => {
    const manifest = await manifestOf(browser);
    const text = read("docs/store/permissions.md");
    const asked = [...strings(manifest.permissions), ...strings(manifest.optional_permissions)];
    const reasons = [...text.matchAll(/^\*\*`([\w.]+)`\*\*/gm)].map((match) => match[1]);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter((name) => !reasons.includes(name))).toEqual([]);
  });

  it("describes the extension in no more letters than the stores take", () => {
    const text = read("docs/store/texts.md");
    const part = (title: string): string => text.split(`## ${title}\n`)[1]!.split("\n## ")[0]!.trim();
    expect(part("Name").length).toBeLessThanOrEqual(45);
    expect(part("Summary").length).toBeLessThanOrEqual(132);
    expect(part("Description").length).toBeLessThanOrEqual(16_000);
  });
});
