import { execFileSync } from "node:child_process";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { VERSION } from "../../cli/src/version.ts";
import { ensureBuilt } from "../../tools/build.ts";
import { filesIn } from "../../tools/lib/files.ts";
import { ROOT, run } from "../../tools/lib/process.ts";
import { tarGz } from "../../tools/lib/tar.ts";
import { completions, npmPackage } from "../../tools/release/layout.ts";
import { freePort } from "../support/free-port.ts";
import { pairedTerminal } from "../support/paired.ts";
import { Terminal } from "../support/terminal.ts";
import { startWorld, type TestWorld } from "../support/world.ts";

/** The npm package as it is packed, installed as docs/install.md says, by an npm that reaches nobody and knows nothing yet. */
const folder = mkdtempSync(join(tmpdir(), "jcfetch-release-"));
const archive = join(folder, `jcfetch-${VERSION}.tgz`);
const prefix = join(folder, "prefix");
const home = join(prefix, "lib/node_modules/jcfetch");
const program = join(prefix, "bin/jcfetch");

/** Of the machine itself, not the one of the lock file: an older one, wherever there is no reason for another. */
const machinesNode = (process.env.PATH ?? "")
  .split(delimiter)
  .filter((path) => !path.includes("node_modules"))
  .map((path) => join(path, "node"))
  .find(existsSync);
const NODES = { "the Node of the lock file": process.execPath, "the machine's own Node": machinesNode };

let world: TestWorld;
beforeAll(async () => {
  await ensureBuilt("cli");
  writeFileSync(archive, await tarGz(npmPackage()));
  const nobody = ["--offline", "--cache", join(folder, "cache")];
  const { code, output } = await run("npm", ["install", "--global", "--prefix", prefix, ...nobody, archive]);
  if (code !== 0) throw new Error(output);
  symlinkSync(join(ROOT, "node_modules/workerd"), join(home, "../workerd"));
  world = await startWorld();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const tar = (...args: string[]): string =>
  execFileSync("tar", args, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });

describe("the npm package", () => {
  it("holds these files and no others", () => {
    const names = tar("-tzf", archive).trim().split("\n");
    const parts = names.filter((name) => /^package\/parts\/[\w-]+\.mjs$/.test(name));
    expect(parts.length).toBeGreaterThan(20);
    expect(names.filter((name) => !parts.includes(name))).toEqual(
      [
        "README.md",
        "THIRD-PARTY.txt",
        "broker/host.mjs",
        "broker/worker.js",
        "completions/_jcfetch",
        "completions/jcfetch.bash",
        "completions/jcfetch.fish",
        "completions/jcfetch.ps1",
        "jcfetch.1",
        "jcfetch.mjs",
        "package.json",
      ].map((name) => `package/${name}`),
    );
  });

  it("tells nothing of where it was made", () => {
    const traces = [ROOT, "node_modules/", "sourcesContent"];
    const telling = filesIn(home).filter((name) => {
      const text = readFileSync(join(home, name), "utf8");
      return traces.some((trace) => text.includes(trace));
    });
    expect(telling).toEqual([]);
  });

  it("runs nothing when it is installed, and needs no other package", () => {
    const manifest = JSON.parse(readFileSync(join(home, "package.json"), "utf8")) as Record<string, unknown>;
    expect(Object.keys(manifest)).not.toContain("scripts");
    expect(Object.keys(manifest)).not.toContain("dependencies");
    expect(manifest).toMatchObject({ name: "jcfetch", version: VERSION, bin: { jcfetch: "jcfetch.mjs" } });
    expect(Object.keys(manifest.optionalDependencies as object)).toEqual(["@napi-rs/keyring"]);
    expect(existsSync(join(home, "node_modules"))).toBe(false);
  });

  it("puts the program and its manual page where people look for them", () => {
    expect(readFileSync(program, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(readFileSync(join(prefix, "share/man/man1/jcfetch.1"), "utf8")).toContain(`"jcfetch ${VERSION}"`);
  });

  it("has the completions that the program itself prints", async () => {
    await using terminal = await Terminal.open({ command: [process.execPath, program] });
    for (const shell of ["bash", "zsh", "fish", "powershell"]) {
      const { stdout } = await terminal.run("completion", shell);
      expect(completions().map(({ content }) => content.toString())).toContain(stdout);
    }
    expect(filesIn(join(home, "completions"))).toHaveLength(4);
  });
});

describe.each(Object.entries(NODES))("installed, on %s, jcfetch", (_, node) => {
  const onNode = (skip: (why: string) => void): readonly string[] => {
    if (node === undefined) skip("this machine has no Node of its own");
    return [node!, program];
  };

  it("says its version, helps, and finds all of its parts", async ({ skip }) => {
    await using terminal = await Terminal.open({ command: onNode(skip) });
    expect(await terminal.run("--version")).toMatchObject({ code: 0, stdout: `jcfetch ${VERSION}\n` });
    expect((await terminal.run("help", "exec")).stdout).toContain("jcfetch exec");
    const parts = globSync("parts/*.mjs", { cwd: home }).map((name) => pathToFileURL(join(home, name)).href);
    const script = `for (const part of ${JSON.stringify(parts)}) await import(part);`;
    const { code, stderr } = await terminal.start([node!, "--input-type=module", "-e", script]).ended;
    expect([code, stderr]).toEqual([0, ""]);
  });

  it("pairs, fetches, and refuses what was not granted", async ({ skip }) => {
    await using at = await pairedTerminal(world, { command: onNode(skip) });
    const fetched = await at.terminal.run("process", "999999999999/S3Admin");
    expect([fetched.code, fetched.stderr]).toEqual([0, ""]);
    expect(JSON.parse(fetched.stdout)).toMatchObject({ Version: 1, AccessKeyId: expect.any(String) });
    expect((await at.terminal.run("process", "111122223333/Nothing")).code).not.toBe(0);
  });

  it("runs a broker in the workerd that is installed beside it", async ({ skip }) => {
    await using terminal = await Terminal.open({ command: onNode(skip) });
    try {
      const started = await terminal.run("broker", "start", "--port", String(await freePort()));
      expect([started.code, started.stderr]).toEqual([0, expect.stringContaining("The broker runs at")]);
    } finally {
      await terminal.run("broker", "stop");
    }
  });
});
