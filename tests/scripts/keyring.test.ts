import { copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { pairedTerminal } from "../support/paired.ts";
import { JCFETCH, Terminal } from "../support/terminal.ts";
import { startWorld, type TestWorld } from "../support/world.ts";
import { BUILDS, type Build } from "./bin.ts";

/*
 * The keys of a terminal under a key of the system's keyring. What runs here has no desktop, so a module of the keyring's shape
 * stands where the real one is installed: beside the program.
 */

let world: TestWorld;
beforeAll(async () => {
  await ensureBuilt("cli");
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const ROLE = "999999999999/S3Admin";
const DEVICE = ".config/jcfetch/device.json";

const KEYRING = `
  const { existsSync, readFileSync, writeFileSync } = require("node:fs");
  const { join } = require("node:path");
  const kept = join(__dirname, "kept");
  exports.Entry = class {
    getPassword() {
      if (existsSync(join(__dirname, "locked"))) throw new Error("locked");
      return existsSync(kept) ? readFileSync(kept, "utf8") : null;
    }
    setPassword(text) { writeFileSync(kept, text); }
  };
`;

interface Installed extends AsyncDisposable {
  readonly command: readonly string[];
  readonly keyring: string;
}

/** jcfetch as a person installs it, with the keyring's module beside it. */
async function installed(build: Build): Promise<Installed> {
  const folder = await mkdtemp(join(tmpdir(), "jcfetch-installed-"));
  const program = join(folder, basename(JCFETCH[build]));
  await copyFile(JCFETCH[build], program);
  if (build === "bundle")
    await cp(join(dirname(JCFETCH.bundle), "parts"), join(folder, "parts"), { recursive: true });
  const keyring = join(folder, "node_modules/@napi-rs/keyring");
  await mkdir(keyring, { recursive: true });
  await writeFile(join(keyring, "index.js"), KEYRING);
  const command = build === "bundle" ? [process.execPath, program] : [program];
  return { command, keyring, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

describe.each(BUILDS)("the keys of a terminal in the keyring, with the %s", (build) => {
  it("[CL8] serve it, and the file alone serves nobody", async () => {
    await using at = await installed(build);
    await using paired = await pairedTerminal(world, { command: at.command, keyring: true });
    const { terminal } = paired;
    expect((await terminal.run("process", ROLE)).code).toBe(0);
    const file = await readFile(join(terminal.home, DEVICE), "utf8");
    expect(Object.keys(JSON.parse(file)).sort()).toEqual(["grant", "sealed", "url", "v"]);
    expect(file).not.toContain("P-256");

    await using elsewhere = await installed(build);
    await using thief = await Terminal.open({ command: elsewhere.command });
    await mkdir(dirname(join(thief.home, DEVICE)), { recursive: true, mode: 0o700 });
    await writeFile(join(thief.home, DEVICE), file, { mode: 0o600 });
    const stolen = await thief.run("process", ROLE);
    expect([stolen.code, stolen.stdout]).toEqual([10, ""]);
    expect(stolen.stderr).toContain("[device-damaged, exit 10]");
  });

  it("[CL8] wait for a keyring that is locked, and are not made anew", async () => {
    await using at = await installed(build);
    await using paired = await pairedTerminal(world, { command: at.command, keyring: true });
    const { terminal } = paired;
    await writeFile(join(at.keyring, "locked"), "");
    const { code, stdout, stderr } = await terminal.run("process", ROLE);
    expect([code, stdout]).toEqual([10, ""]);
    expect(stderr).toContain("the system's keyring, which this terminal's keys need, cannot be used");
    await rm(join(at.keyring, "locked"));
    expect((await terminal.run("process", ROLE)).code).toBe(0);
  });

  it("[CL8] are refused before a code is asked for where there is no keyring, and nothing is left", async () => {
    await using terminal = await Terminal.open({ build });
    await using at = await installed(build);
    await writeFile(join(at.keyring, "locked"), "");
    await using locked = await Terminal.open({ command: at.command });
    for (const command of ["pair", "setup"]) {
      const { code, stdout, stderr } = await locked.run(command, "--keyring");
      expect([code, stdout]).toEqual([10, ""]);
      expect(stderr).toMatch(/^jcfetch: the system's keyring cannot be used/);
      expect(await readFile(join(terminal.home, DEVICE)).catch(() => "none")).toBe("none");
    }
  });
});
