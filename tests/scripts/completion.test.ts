import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { Terminal } from "../support/terminal.ts";
import { BUILDS, type Build, installBin } from "./bin.ts";

const CONFIG = `[profile payments-prod]
jcfetch_account_id = 444455556666
jcfetch_role_name = ReadOnly
[profile payments:dev]
jcfetch_account_id = 444455557777
jcfetch_role_name = ReadOnly
`;

/** How each shell is started without anybody's settings, and gets its completion. */
const SHELLS = {
  bash: { line: "bash --norc --noprofile -i", load: 'eval "$(jcfetch completion bash)"' },
  zsh: { line: "zsh -f -i", load: 'eval "$(jcfetch completion zsh)"' },
  fish: { line: "fish --no-config -i", load: "jcfetch completion fish | source" },
} as const;

beforeAll(() => ensureBuilt("cli"));

async function open(build: Build) {
  const terminal = await Terminal.open({ build, env: { TERM: "xterm", JCFETCH_AGENT: "off" } });
  const bin = await installBin(build);
  await mkdir(join(terminal.home, ".aws"));
  await writeFile(join(terminal.home, ".aws/config"), CONFIG);
  const env = { PATH: `${bin.path}:${process.env.PATH}` };
  const on = (line: string) =>
    terminal.start(["/bin/sh", "-c", 'exec script -qefc "$LINE" /dev/null 1>&2'], { ...env, LINE: line });
  const dispose = async (): Promise<void> => {
    await terminal.close();
    await bin[Symbol.asyncDispose]();
  };
  return { terminal, env, on, [Symbol.asyncDispose]: dispose };
}

describe.each(BUILDS)("with the %s", (build) => {
  let at: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    at = await open(build);
  });
  afterAll(() => at[Symbol.asyncDispose]());

  it.each(Object.keys(SHELLS) as (keyof typeof SHELLS)[])(
    "[CF4] %s completes commands, topics and profiles",
    async (shell) => {
      const { line, load } = SHELLS[shell];
      const running = at.on(line);
      running.type(load);
      running.type("echo LOA''DED");
      await running.says(/LOADED/);
      running.type("jcfetch hel\texi\t");
      await running.says(/Exit codes of jcfetch/);
      running.type("jcfetch json payments-\t");
      await running.says(/not paired yet/);
      running.type("exit");
      const { stderr } = await running.ended;
      expect(stderr).not.toMatch(/there is no/);
    },
  );

  it("[CF4] it tells a shell candidates and what they are, and nothing on stderr", async () => {
    const asked = at.terminal.jcfetch("complete", "--", "env", "payments");
    const { stdout, stderr, code } = await asked.ended;
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toBe("payments-prod\t444455556666/ReadOnly\npayments:dev\t444455557777/ReadOnly\n");
  });

  it("[CF6] lets a person choose where none was named, and forgets nothing", async () => {
    const running = at.on('eval "$(jcfetch env)"; echo "ended with $?"');
    await running.says(/Profile: [\s\S]*2 of 2/);
    running.type("dev");
    await running.says(/not paired yet/);
    await running.ended;
    const { stdout } = await at.terminal.start(["cat", ".config/jcfetch/recent.json"]).ended;
    expect(JSON.parse(stdout)).toEqual({ "payments:dev": { weight: 1, atMs: expect.any(Number) } });
    const again = at.on("jcfetch dotenv");
    await again.says(/> payments:dev[\s\S]*2 of 2/);
    again.type("\u0003");
    const { code, stderr } = await again.ended;
    expect(code).toBe(2);
    expect(stderr).toContain("nothing was chosen");
  });

  it("[CF6] asks nobody without a terminal", async () => {
    const { code, stderr } = await at.terminal.run("env");
    expect(code).toBe(2);
    expect(stderr).toContain("no profile was named");
  });
});
