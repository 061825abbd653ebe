import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Policy } from "@jcfetch/shared/protocol/policy";
import type { Asking } from "@jcfetch/shared/protocol/relay";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { openBrowserSide } from "../support/browser-side.ts";
import { type Running, Terminal } from "../support/terminal.ts";
import { startWorld, type TestWorld } from "../support/world.ts";
import { BUILDS, type Build, installBin } from "./bin.ts";
import { Partner } from "./partner.ts";

let world: TestWorld;
beforeAll(async () => {
  await ensureBuilt("cli");
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

/** A terminal with a real (pseudo) console: what a person sees of both streams comes on one. */
async function console(build: Build) {
  const terminal = await Terminal.open({ build, agent: true, env: { SHELL: "/bin/bash", TERM: "xterm" } });
  const bin = await installBin(build);
  const run = (line: string): Running =>
    terminal.start(["/bin/sh", "-c", 'exec script -qefc "$LINE" /dev/null 1>&2'], {
      LINE: line,
      PATH: `${bin.path}:${process.env.PATH}`,
    });
  const user = await world.enrolledUser();
  const pair = async (roles: readonly string[], more: Partial<Policy> = {}): Promise<string> => {
    const partner = await Partner.open(world, user);
    const pairing = run("jcfetch pair");
    await pairing.says(/Paste the code/);
    pairing.type(partner.code);
    await partner.meet();
    await pairing.says(/Waiting for your approval in the browser … [45]:\d\d left/);
    await partner.approve({ policy: { allow: [{ account: "999999999999", roles: [...roles] }], ...more } });
    const { code, stderr } = await pairing.ended;
    if (code !== 0) throw new Error(stderr);
    expect(stderr).not.toContain(partner.code);
    return stderr;
  };
  const dispose = async (): Promise<void> => {
    await terminal.close();
    await bin[Symbol.asyncDispose]();
  };
  return { terminal, run, pair, user, [Symbol.asyncDispose]: dispose };
}

describe.each(BUILDS)("on a console, the %s", (build) => {
  it("[PA11] [CL6] hides the code, and counts down while it waits", async () => {
    await using at = await console(build);
    expect(await at.pair(["S3Admin"])).toContain("········");
  });

  it("[CL2] prints lines for the shell, and how long they last", async () => {
    await using at = await console(build);
    await at.pair(["S3Admin"]);
    const { code, stderr } = await at.run("jcfetch --profile 999999999999/S3Admin").ended;
    expect(code).toBe(0);
    expect(stderr).toMatch(/^export AWS_ACCESS_KEY_ID="ASIA/m);
    expect(stderr).toMatch(
      /^999999999999_S3Admin · 999999999999 S3Admin · [^·]+ left · for this shell: eval "\$\(jcfetch env 999999999999_S3Admin\)"/m,
    );
  });

  it.each([
    ["on the terminal", "jcfetch process 999999999999/S3Admin"],
    ["also under a program that takes its streams", "jcfetch process 999999999999/S3Admin 2>/dev/null | cat"],
  ])("[AS2] [AG7] [CL6] shows the number of a request that asks, %s", async (_, line) => {
    await using at = await console(build);
    await at.pair(["S3Admin"], { ask: ["S3*"] });
    const { promise, resolve } = Promise.withResolvers<Asking>();
    await using browser = await openBrowserSide(world, at.user, {
      decide: ({ ask }) => {
        resolve(ask!);
        return "yes";
      },
    });
    const running = at.run(line);
    const { num, process, directory, interactive } = await promise;
    const [, shown] = await running.says(/S3Admin needs your approval: type (\d\d) into the extension/);
    expect(Number(shown)).toBe(num);
    expect({ process, directory, interactive }).toEqual({
      process: expect.stringMatching(/^\w+$/),
      directory: "~",
      interactive: true,
    });
    const { stderr } = await running.ended;
    expect(stderr).toContain('{"Version":1,');
    expect(browser.requests).toHaveLength(1);
  });

  it("[CL5] marks failures in color, unless NO_COLOR is set", async () => {
    await using at = await console(build);
    expect((await at.run("jcfetch status").ended).stderr).toContain("\u001b[31mjcfetch:\u001b[39m");
    expect((await at.run("NO_COLOR=1 jcfetch status").ended).stderr).not.toContain("\u001b[3");
  });

  it("[CL6] asks three questions for a profile, and asks again where an answer does not fit", async () => {
    await using at = await console(build);
    await at.pair(["S3Admin", "ReadOnly"]);
    const wizard = at.run("jcfetch configure");
    await wizard.says(/2 {2}999999999999\/ReadOnly[\s\S]*Role, by number or as ACCOUNT\/ROLE: /);
    wizard.type("7");
    await wizard.says(/a number of the list[\s\S]*Role, by number/);
    wizard.type("2");
    await wizard.says(/Name of the profile \[999999999999_ReadOnly\]: /);
    wizard.type("dev");
    await wizard.says(/Default region \[us-east-1\]: /);
    wizard.type("eu-central-1");
    expect((await wizard.ended).code).toBe(0);
    const config = readFileSync(join(at.terminal.home, ".aws/config"), "utf8");
    expect(config).toMatch(
      /\[profile dev\]\ncredential_process = .* process dev\njcfetch_account_id = 999999999999\njcfetch_role_name = ReadOnly\nregion = eu-central-1\n/,
    );
  });

  it("[PR2] [PR5] [CL6] shows what it would write or take back, and writes it after a yes alone", async () => {
    await using at = await console(build);
    await at.pair(["S3Admin"]);
    const no = at.run("jcfetch profiles sync");
    await no.says(/\+ {2}999999999999_S3Admin[\s\S]*Write 1 profile\? \[y\/N\] /);
    no.type("");
    const refused = await no.ended;
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("you did not say yes")]);
    expect((await at.run("jcfetch profiles").ended).stderr).toContain("no profile is configured yet");

    const yes = at.run("jcfetch profiles sync");
    await yes.says(/Write 1 profile\? /);
    yes.type("y");
    expect((await yes.ended).code).toBe(0);
    const back = at.run("jcfetch profiles undo");
    await back.says(/- \[profile 999999999999_S3Admin\][\s\S]*Take it back\? \[y\/N\] /);
    back.type("yes");
    expect((await back.ended).code).toBe(0);
    expect((await at.run("jcfetch profiles").ended).stderr).toContain("no profile is configured yet");
  });

  it("[PR6] [CL6] asks once whether a directory's own file may choose the profile", async () => {
    await using at = await console(build);
    await at.pair(["S3Admin"]);
    const file = join(at.terminal.home, ".jcfetch.json");
    writeFileSync(file, '{"account": "999999999999", "role": "S3Admin"}');
    const first = at.run("jcfetch json");
    await first.says(/~\/\.jcfetch\.json chooses the profile 999999999999\/S3Admin\. Trust it\? \[y\/N\] /);
    first.type("n");
    expect((await first.ended).stderr).toContain("untrusted-directory, exit 10");
    const second = at.run("jcfetch json");
    await second.says(/Trust it\? /);
    second.type("y");
    expect((await second.ended).code).toBe(0);
    const third = await at.run("jcfetch json").ended;
    expect([third.code, third.stderr]).toEqual([0, expect.not.stringContaining("Trust it?")]);
  });
});
