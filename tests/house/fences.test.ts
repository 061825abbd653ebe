import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT, read } from "./tree.ts";

/** Mistakes that lint must find, each in the folder where it is one. Written to a folder apart, under our own settings. */
const MISTAKES: Record<string, { text: string; rule: string }> = {
  "tools/floating.ts": {
    text: "async function f(): Promise<void> {\n  await Promise.resolve();\n}\nexport function g(): void {\n  f();\n}\n",
    rule: "noFloatingPromises",
  },
  "tools/misused.ts": {
    text: "async function f(): Promise<boolean> {\n  return await Promise.resolve(true);\n}\nexport const g = (): number => (f() ? 1 : 2);\n",
    rule: "noMisusedPromises",
  },
  "tools/any.ts": { text: "export const x: any = 1;\n", rule: "noExplicitAny" },
  "cli/src/console.ts": { text: 'console.log("x");\nexport const x = 1;\n', rule: "noConsole" },
  "shared/src/node.ts": {
    text: 'import { join } from "node:path";\nexport const x = join;\n',
    rule: "noRestrictedImports",
  },
  "worker/src/cli.ts": {
    text: 'import { x } from "../../cli/src/io.ts";\nexport const y = x;\n',
    rule: "noRestrictedImports",
  },
  "cli/src/hono.ts": {
    text: 'import { Hono } from "hono";\nexport const x = Hono;\n',
    rule: "noRestrictedImports",
  },
  "extension/src/ui/node.ts": { text: 'import "node:fs";\n', rule: "noRestrictedImports" },
  "extension/src/portal/token.ts": {
    text: 'import { x } from "../sessions/token.ts";\nexport const y = x;\n',
    rule: "noRestrictedImports",
  },
  "cli/src/long.ts": {
    text: `export function f(): number[] {\n  const list: number[] = [];\n${"  list.push(1);\n".repeat(60)}  return list;\n}\n`,
    rule: "noExcessiveLinesPerFunction",
  },
  "tests/sim/ours.ts": {
    text: 'import { x } from "@jcfetch/shared/result";\nexport const y = x;\n',
    rule: "noRestrictedImports",
  },
};

const folder = mkdtempSync(join(tmpdir(), "jcfetch-lint-"));
let report = "";

beforeAll(async () => {
  // Our settings as they are, but for git, which does not know that folder.
  const settings = { ...(JSON.parse(read("biome.json")) as object), vcs: { enabled: false } };
  writeFileSync(join(folder, "biome.json"), JSON.stringify(settings));
  cpSync(join(ROOT, "package.json"), join(folder, "package.json"));
  for (const [path, { text }] of Object.entries(MISTAKES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const args = ["lint", "--colors=off", "--reporter=json", "--max-diagnostics=none"];
  report = await new Promise<string>((done) => {
    execFile(join(ROOT, "node_modules/.bin/biome"), args, { cwd: folder }, (_error, stdout) => done(stdout));
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("lint", () => {
  it.each(Object.entries(MISTAKES))("refuses the mistake in %s", (path, { rule }) => {
    const { diagnostics } = JSON.parse(report) as {
      diagnostics: { category: string; severity: string; location: { path: string } }[];
    };
    const found = diagnostics
      .filter(({ location, severity }) => location.path.endsWith(path) && severity === "error")
      .map(({ category }) => category.split("/").at(-1));
    expect(found).toContain(rule);
  });
});
