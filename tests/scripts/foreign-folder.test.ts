import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { Terminal } from "../support/terminal.ts";
import { BUILDS } from "./bin.ts";

/*
 * `aws`, and so `jcfetch`, is called in folders that somebody else filled: a repository just cloned, a shared disk. Runtimes look
 * there for settings of theirs.
 */

let folder: string;
let trace: string;

beforeAll(async () => {
  await ensureBuilt("cli");
  folder = await mkdtemp(join(tmpdir(), "jcfetch-foreign-"));
  trace = join(folder, "somebody-else-ran");
  const script = `require("node:fs").writeFileSync(${JSON.stringify(trace)}, "");`;
  const files = {
    "evil.cjs": script,
    "bunfig.toml": 'preload = ["./evil.cjs"]\n[run]\npreload = ["./evil.cjs"]\n',
    ".env": "JCFETCH_HOME=./elsewhere\nHTTPS_PROXY=http://127.0.0.1:9\nNODE_OPTIONS=--require=./evil.cjs\n",
    ".env.local": "AWS_CONFIG_FILE=./elsewhere\n",
    ".env.production": "AWS_CONFIG_FILE=./elsewhere\n",
    "package.json": JSON.stringify({ type: "commonjs", imports: { "#x": "./evil.cjs" }, main: "evil.cjs" }),
    "tsconfig.json": JSON.stringify({ compilerOptions: { paths: { "*": ["./evil.cjs"] } } }),
    ".npmrc": "node-options=--require=./evil.cjs\n",
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
});
beforeEach(() => rm(trace, { force: true }));
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(BUILDS)("the %s, in a folder that somebody else filled,", (build) => {
  it("[CL9] runs nothing of it, and takes no setting from it", async () => {
    await using terminal = await Terminal.open({ build });
    const inIt = (...args: string[]) => {
      const running = terminal.start([
        "/bin/sh",
        "-c",
        'cd "$0" && exec "$@"',
        folder,
        ...terminal.command,
        ...args,
      ]);
      running.closeInput();
      return running.ended;
    };
    expect((await inIt("--version")).stdout).toMatch(/^jcfetch \d/);
    expect((await inIt("profiles", "list", "--json")).stdout).toBe(
      (await terminal.run("profiles", "list", "--json")).stdout,
    );
    const told = await inIt("process", "999999999999/S3Admin");
    expect(told.stderr).toContain("[not-paired, exit 3]");
    expect(existsSync(trace)).toBe(false);
    expect(existsSync(join(folder, "elsewhere"))).toBe(false);
  });
});
