import { readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { pairedTerminal } from "../support/paired.ts";
import type { Terminal } from "../support/terminal.ts";
import { startWorld, type TestWorld } from "../support/world.ts";
import { installBin } from "./bin.ts";

/* The functions of `jcfetch shell-init`, in the real shells, with the real program behind them. */

const closing = new AsyncDisposableStack();
let world: TestWorld;
let terminal: Terminal;
let bin: Awaited<ReturnType<typeof installBin>>;
beforeAll(async () => {
  await ensureBuilt("cli");
  world = closing.use(await startWorld());
  ({ terminal } = closing.use(await pairedTerminal(world, { build: "executable" })));
  bin = closing.use(await installBin("executable"));
  const role = ["--account", "999999999999", "--role", "S3Admin"];
  for (const region of ["eu-west-1", "eu-west-2"]) {
    await terminal.run("configure", "--profile", region, ...role, "--region", region);
  }
});
afterAll(() => closing.disposeAsync());

interface Shell {
  readonly command: readonly string[];
  readonly init: string;
  readonly set: (name: string, value: string, exported: boolean) => string;
}

const POSIX_SET: Shell["set"] = (name, value, exported) =>
  `${exported ? "export " : ""}${name}='${value.replaceAll("'", `'\\''`)}'`;
const SHELLS: Record<string, Shell> = {
  bash: {
    command: ["/bin/bash", "--norc", "-eu"],
    init: 'eval "$(jcfetch shell-init bash)"',
    set: POSIX_SET,
  },
  zsh: { command: ["/usr/bin/zsh", "-f", "-eu"], init: 'eval "$(jcfetch shell-init zsh)"', set: POSIX_SET },
  fish: {
    command: ["/usr/bin/fish", "--no-config"],
    init: "jcfetch shell-init fish | source",
    set: (name, value, exported) =>
      `set -g${exported ? "x" : "u"} ${name} '${value.replaceAll(/[\\']/g, "\\$&")}'`,
  },
};

const NAMES =
  /^(AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|SECURITY_TOKEN|CREDENTIAL_EXPIRATION|(DEFAULT_)?(PROFILE|REGION))|JCFETCH_PROFILE|__jcfetch\w*)=/;

describe.each(Object.entries(SHELLS))("in %s", (name, shell) => {
  /** Run lines; `look NAME` writes what programs see and what the shell itself has into a file of that name. */
  async function run(lines: readonly string[]) {
    const own = name === "fish" ? "set -g" : "set";
    const script = lines
      .map((line) => line.replace(/^look (\w+)$/, `env -0 > "$HOME/$1.env"; ${own} > "$HOME/$1.set"`))
      .join("\n");
    const path = join(terminal.home, "script");
    await writeFile(path, `${script}\n`);
    const running = terminal.start([...shell.command, path], {
      PATH: `${bin.path}:${process.env.PATH}`,
      AWS_DEFAULT_REGION: "us-west-2",
    });
    running.closeInput();
    const ended = await running.ended;
    await rm(path);
    return ended;
  }
  const seen = (look: string): Record<string, string> =>
    Object.fromEntries(
      readFileSync(join(terminal.home, `${look}.env`), "utf8")
        .split("\0")
        .filter((entry) => NAMES.test(entry))
        .map((entry) => entry.split(/=(.*)/s).slice(0, 2)),
    );
  const ownVariables = (look: string): string[] =>
    readFileSync(join(terminal.home, `${look}.set`), "utf8")
      .split("\n")
      .filter((line) => /^(AWS_|JCFETCH_PROFILE|__jcfetch)/.test(line));

  it("[US12] use sets this very shell, and unset puts back what was there, and what was not", async () => {
    const hostile = "o'l\"d `x` $y \\ !z";
    const ended = await run([
      shell.set("AWS_PROFILE", hostile, true),
      shell.set("AWS_SECRET_ACCESS_KEY", hostile, false),
      shell.set("AWS_REGION", "", true),
      shell.init,
      "look before",
      "jcfetch use eu-west-1",
      "look first",
      "jcfetch use eu-west-2",
      "look second",
      "jcfetch unset",
      "look after",
    ]);
    expect(ended).toMatchObject({ code: 0, stdout: "" });
    expect(ended.stderr).toMatch(
      /^eu-west-1 · 999999999999 S3Admin · [^·]+ left · as it was before: jcfetch unset\neu-west-2 · .*\n$/,
    );
    for (const [look, region] of [
      ["first", "eu-west-1"],
      ["second", "eu-west-2"],
    ] as const) {
      const set = seen(look);
      const issued = world.sim.world.credentials.find(set.AWS_ACCESS_KEY_ID!);
      expect(set).toEqual({
        AWS_ACCESS_KEY_ID: issued?.accessKeyId,
        AWS_SECRET_ACCESS_KEY: issued?.secretAccessKey,
        AWS_SESSION_TOKEN: issued?.sessionToken,
        AWS_CREDENTIAL_EXPIRATION: new Date(issued!.expiresAtMs).toISOString().replace(".000Z", "Z"),
        AWS_REGION: region,
        AWS_DEFAULT_REGION: region,
        JCFETCH_PROFILE: region,
      });
    }
    expect(seen("before")).toEqual({ AWS_PROFILE: hostile, AWS_REGION: "", AWS_DEFAULT_REGION: "us-west-2" });
    expect(seen("after")).toEqual(seen("before"));
    expect(ownVariables("after")).toEqual(ownVariables("before"));
  });

  it("[US12] leaves the shell alone when there are no credentials, and passes on what it does not know", async () => {
    const no = name === "fish" ? "; or echo code $status" : " || echo code $?";
    const ended = await run([
      shell.init,
      "look before",
      `jcfetch use no-such-profile${no}`,
      `jcfetch unset${no}`,
      "jcfetch use --help",
      "look after",
      "jcfetch --version",
    ]);
    expect(ended.code).toBe(0);
    expect(ended.stdout).toMatch(/^code 10\ncode 2\njcfetch use NAME[\s\S]*\njcfetch 0\./);
    expect(ended.stderr).toContain("[unknown-profile, exit 10]");
    expect(seen("after")).toEqual(seen("before"));
    expect(ownVariables("after")).toEqual(ownVariables("before"));
  });

  it("[US12] says nothing secret, also where the shell traces and remembers what it does", async () => {
    const trace = name === "fish" ? "set -g fish_trace 1" : "set -x";
    const history =
      name === "bash" ? { begin: ["set -o history"], end: ["history"] } : { begin: [], end: [] };
    const use = ["jcfetch use eu-west-1", "look traced", "jcfetch unset"];
    const ended = await run([shell.init, ...history.begin, trace, ...use, ...history.end]);
    expect(ended.code).toBe(0);
    if (name === "bash") expect(ended.stdout).toContain("jcfetch use eu-west-1");
    const { AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = seen("traced");
    expect(AWS_SECRET_ACCESS_KEY).toMatch(/./);
    expect(ended.stderr).toMatch(/jcfetch use eu-west-1/);
    for (const said of [ended.stdout, ended.stderr]) {
      expect(said).not.toContain(AWS_SECRET_ACCESS_KEY);
      expect(said).not.toContain(AWS_SESSION_TOKEN);
    }
  });
});
