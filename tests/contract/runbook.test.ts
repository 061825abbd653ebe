import { readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { readSettings } from "../../tools/deploy/settings.ts";
import { program, ROOT, run } from "../../tools/lib/process.ts";
import { SECRET_NAMES } from "../../worker/src/local/config.ts";

/** Every command of the operator's handbook is there, and takes what it is given. */
const text = readFileSync(join(ROOT, "docs/runbook.md"), "utf8");
const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};
const FENCED = /```\w*\n([\s\S]*?)```/g;
/** In a block of their own, or in backticks; broken over lines or not. */
const commands = (name: string): string[] => {
  const blocks = [...text.matchAll(FENCED)].flatMap(([, block]) => block!.split("\n"));
  const quoted = [...text.replaceAll(FENCED, "").matchAll(/`([^`]+)`/g)].map(([, code]) => code!);
  const all = [...blocks, ...quoted].map((one) => one.trim().replaceAll(/\s+/g, " "));
  return [...new Set(all.filter((one) => one.startsWith(`${name} `)))];
};

describe("docs/runbook.md", () => {
  it("names npm scripts that are there", () => {
    const named = commands("npm run").map((command) => command.split(" ")[2]!);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it("names secrets that are there to be changed, and all of them", () => {
    const named = [...text.matchAll(/--rotate ([A-Z_]{5,})/g)].map(([, name]) => name!);
    expect([...new Set(named)].sort()).toEqual([...SECRET_NAMES].sort());
  });

  it("shows settings that can be used, and an account that is none", async () => {
    const folder = await mkdtemp(join(tmpdir(), "jcfetch-runbook-"));
    try {
      const path = join(folder, "deploy.json");
      writeFileSync(path, /```json\n([\s\S]*?)```/.exec(text)![1]!);
      expect(readSettings(path)).toMatchObject({ host: "broker.acme.example", jurisdiction: "eu" });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it.each(commands("npx wrangler"))("names `%s`, which wrangler knows", async (command) => {
    const [, , ...words] = command.split(" ");
    const { code, output } = await run(program("wrangler"), [...words, "--help"]);
    expect(code, output).toBe(0);
    const verbs = words.filter((word) => /^[a-z]+$/.test(word)).slice(0, 2);
    expect(output).toContain(`wrangler ${verbs[0]}`);
    for (const option of words.filter((word) => word.startsWith("--"))) expect(output).toContain(option);
  });

  it.each(commands("jcfetch"))("names `%s`, which jcfetch knows", async (command) => {
    const [, name] = command.split(" ");
    const { path } = await ensureBuilt("cli");
    const { output } = await run(process.execPath, [path, "help"]);
    expect(output).toMatch(new RegExp(`^ +(?:jcfetch )?${name}\\b`, "m"));
  });
});
