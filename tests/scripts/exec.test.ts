import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { processes, search } from "../support/canaries.ts";
import { type PairedTerminal, pairedTerminal } from "../support/paired.ts";
import { listenersOf } from "../support/processes.ts";
import type { Running } from "../support/terminal.ts";
import { startWorld, type TestWorld } from "../support/world.ts";
import { BUILDS, type Build } from "./bin.ts";

let world: TestWorld;
beforeAll(async () => {
  await ensureBuilt("cli");
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const ROLE = "999999999999/S3Admin";

const paired = (build: Build): Promise<PairedTerminal> => pairedTerminal(world, { build });

/** A command that says which signals it gets, and ends with 7 on SIGTERM. */
const LISTENER = `
  const count = {};
  const names = ["SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGWINCH"];
  for (const name of names) process.on(name, () => {
    count[name] = (count[name] ?? 0) + 1;
    console.error("got " + JSON.stringify(count));
  });
  process.on("SIGTERM", () => process.exit(7));
  setInterval(() => {}, 1000);
  console.error("ready " + process.pid);
`;
const listening = ({ terminal }: PairedTerminal): Running => {
  const running = terminal.jcfetch("exec", ROLE, "--", process.execPath, "-e", LISTENER);
  running.closeInput();
  return running;
};

const statusOf = (pid: number, field: string): string =>
  new RegExp(`^${field}:\\s+(\\S+)`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]!;
const stateOf = (pid: number): string => statusOf(pid, "State");
const parentOf = (pid: number): number => Number(statusOf(pid, "PPid"));

/**
 * Starts a command as a shell starts a job: in a group of its own, with somebody outside who could continue it. The system
 * stops nobody by SIGTSTP for whom there is no such one, as in a service.
 */
const AS_A_JOB = `
import os, sys
pid = os.fork()
if pid == 0:
    os.setpgid(0, 0)
    os.execv(sys.argv[1], sys.argv[1:])
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

/** In the command's place: asks the endpoint as an SDK does, and tells the answer. */
const ASK = `
  const { AWS_CONTAINER_CREDENTIALS_FULL_URI: url, AWS_CONTAINER_AUTHORIZATION_TOKEN: authorization } = process.env;
  const ask = async () => (await fetch(url, { headers: { authorization } })).json();
`;

describe.each(BUILDS)("exec with the %s", (build) => {
  it("[US5] hands each signal on, once, and ends as the command does", async () => {
    await using at = await paired(build);
    const running = listening(at);
    await running.says(/ready/);
    const signals = ["SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGWINCH"] as const;
    for (const signal of signals) {
      running.kill(signal);
      await running.says(new RegExp(`got .*"${signal}":1`));
    }
    running.kill("SIGTERM");
    const { code, stderr } = await running.ended;
    expect(code).toBe(7);
    expect(stderr).not.toMatch(/"SIG\w+":2/);
  });

  it("[US5] stops with the command, and goes on with it", async () => {
    await using at = await paired(build);
    const command = [...at.terminal.command, "exec", ROLE, "--", process.execPath, "-e", LISTENER];
    const running = at.terminal.start(["/usr/bin/python3", "-c", AS_A_JOB, ...command]);
    running.closeInput();
    const [, listener] = await running.says(/ready (\d+)/);
    const pids = [parentOf(Number(listener)), Number(listener)] as const;
    process.kill(pids[0], "SIGTSTP");
    await expect.poll(() => pids.map(stateOf)).toEqual(["T", "T"]);
    process.kill(pids[0], "SIGCONT");
    await expect.poll(() => pids.map(stateOf)).not.toContain("T");
    process.kill(pids[0], "SIGTERM");
    expect((await running.ended).code).toBe(7);
  });

  it("[US5] a Ctrl-C at the terminal reaches the command once, and ends only what it ends", async () => {
    await using at = await paired(build);
    const running = at.terminal.onConsole("exec", ROLE, "--", process.execPath, "-e", LISTENER);
    const [, command] = await running.says(/ready (\d+)/);
    running.press("\u0003");
    await running.says(/got {"SIGINT":1}/);
    // By jcfetch's own hands, after whatever it made of the Ctrl-C.
    const own = parentOf(Number(command));
    process.kill(own, "SIGUSR1");
    await running.says(/got {"SIGINT":1,"SIGUSR1":1}/);
    process.kill(own, "SIGTERM");
    expect((await running.ended).code).toBe(7);
  });

  it("[US7] renews under the running command, which asks at the same place", async () => {
    await using at = await paired(build);
    const LIFE_SECONDS = 4;
    world.sim.world.clockOffsetMs = (LIFE_SECONDS - 3_600) * 1_000;
    const running = at.terminal.jcfetch(
      ...["exec", ROLE, "--", process.execPath, "-e"],
      `${ASK}
      (async () => {
        const first = await ask();
        console.error("first " + first.Expiration);
        for await (const _ of require("node:timers/promises").setInterval(50)) {
          const next = await ask();
          if (next.AccessKeyId !== first.AccessKeyId) return console.log(JSON.stringify([first, next]));
          if (Date.parse(next.Expiration) < Date.now()) return process.exit(1);
        }
      })();`,
    );
    await running.says(/first/).finally(() => {
      world.sim.world.clockOffsetMs = 0;
    });
    const { code, stdout } = await running.ended;
    expect(code).toBe(0);
    const [first, next] = JSON.parse(stdout) as { Expiration: string }[];
    expect(Date.parse(next!.Expiration) - Date.parse(first!.Expiration)).toBeGreaterThan(3_000_000);
  });

  it("[US6] serves nobody but its command, on loopback alone, and nothing when that has ended", async () => {
    await using at = await paired(build);
    const running = at.terminal.jcfetch(
      ...["exec", ROLE, "--", process.execPath, "-e"],
      `${ASK}
      ask().then((got) => {
        console.error("asked " + JSON.stringify([url, authorization]));
        process.stdin.once("data", () => console.log(JSON.stringify(got)));
      });`,
    );
    const [, asked] = await running.says(/asked (.*)\n/);
    const [url, authorization] = JSON.parse(asked!) as [string, string];
    const { port } = new URL(url);
    expect(await listenersOf(running.pid)).toEqual([{ address: "0100007F", port: Number(port) }]);
    const status = async (path: string, headers: Record<string, string>): Promise<number> =>
      (await fetch(new URL(path, url), { headers })).status;
    expect(await status(url, { authorization })).toBe(200);
    expect(await status(url, {})).toBe(401);
    expect(await status(url, { authorization: `${authorization}x` })).toBe(401);
    expect(await status(url, { authorization, origin: "https://evil.example" })).toBe(403);
    expect(await status("/credentials/999999999999/ReadOnly", { authorization })).toBe(404);
    const places = processes();
    running.type("");
    running.closeInput();
    const { stdout } = await running.ended;
    const { SecretAccessKey, Token } = JSON.parse(stdout) as Record<string, string>;
    const secrets = new Map([
      ["secret access key", SecretAccessKey!],
      ["session token", Token!],
    ]);
    expect(search(places, secrets)).toEqual([]);
    const commandLines = new Map([...places].filter(([place]) => place.startsWith("cmdline")));
    expect(search(commandLines, new Map([["token of the endpoint", authorization]]))).toEqual([]);
    await expect(fetch(url, { headers: { authorization } })).rejects.toThrow();
  });

  it("[US6] [US3] is taken by the AWS SDK for JavaScript, which also reads why there are none", async () => {
    await using at = await paired(build);
    const program = `
      import { defaultProvider } from "@aws-sdk/credential-provider-node";
      import { fromHttp } from "@aws-sdk/credential-provider-http";
      const { accessKeyId, secretAccessKey, sessionToken, expiration } = await defaultProvider()();
      console.log(JSON.stringify([accessKeyId, secretAccessKey, sessionToken, expiration.toISOString()]));
      process.env.AWS_CONTAINER_AUTHORIZATION_TOKEN += "x";
      await fromHttp({ maxRetries: 0 })().catch(({ Code, Message }) => console.log(Code + ": " + Message));
    `;
    const line = ["exec", ROLE, "--", process.execPath, "--input-type=module", "-e", program];
    const running = at.terminal.start(
      ["/bin/sh", "-c", 'cd "$ROOT" && exec "$@"', "sh", ...at.terminal.command, ...line],
      {
        ROOT,
      },
    );
    running.closeInput();
    const { stdout, stderr } = await running.ended;
    expect(stderr).toBe("");
    const [got, refused] = stdout.trim().split("\n");
    const [id, secret, token] = JSON.parse(got!) as string[];
    expect(world.sim.world.credentials.find(id!)).toMatchObject({
      secretAccessKey: secret,
      sessionToken: token,
    });
    expect(refused).toMatch(/^AccessDenied: AWS_CONTAINER_AUTHORIZATION_TOKEN is not the one/);
  });
});

describe.each(BUILDS)("the profile of the %s", (build) => {
  it("[CL2] [CR1] is taken by the AWS SDK for JavaScript, as a credential_process", async () => {
    await using at = await paired(build);
    const [account, role] = ROLE.split("/") as [string, string];
    const flags = ["--profile", "dev", "--account", account, "--role", role, "--region", "eu-west-1"];
    expect((await at.terminal.run("configure", ...flags)).code).toBe(0);
    const program = `
      import { defaultProvider } from "@aws-sdk/credential-provider-node";
      const { accessKeyId, secretAccessKey, sessionToken } = await defaultProvider()();
      console.log(JSON.stringify([accessKeyId, secretAccessKey, sessionToken]));
    `;
    const line = [process.execPath, "--input-type=module", "-e", program];
    const running = at.terminal.start(["/bin/sh", "-c", 'cd "$ROOT" && exec "$@"', "sh", ...line], {
      ROOT,
      AWS_PROFILE: "dev",
    });
    running.closeInput();
    const { stdout, stderr } = await running.ended;
    expect(stderr).toBe("");
    const [id, secretAccessKey, sessionToken] = JSON.parse(stdout) as string[];
    expect(world.sim.world.credentials.find(id!)).toMatchObject({ secretAccessKey, sessionToken });
  });
});

describe.each(BUILDS)("serve with the %s", (build) => {
  it("[US9] serves each role to whoever has its token, tells SDKs why not, and ends by itself", async () => {
    await using at = await paired(build);
    const readOnly = "999999999999/ReadOnly";
    const serving = at.terminal.jcfetch("serve", ROLE, readOnly, "--json");
    await serving.says(/until Ctrl-C/);
    const offers = JSON.parse(serving.said) as { role: string; variables: Record<string, string> }[];
    expect(offers.map(({ role }) => role)).toEqual(["S3Admin", "ReadOnly"]);
    const ask = (offer: number, token = offer) =>
      fetch(offers[offer]!.variables.AWS_CONTAINER_CREDENTIALS_FULL_URI!, {
        headers: { authorization: offers[token]!.variables.AWS_CONTAINER_AUTHORIZATION_TOKEN! },
      });
    const roles = await Promise.all(
      [0, 1].map(async (offer) => {
        const { AccessKeyId } = (await (await ask(offer)).json()) as { AccessKeyId: string };
        return world.sim.world.credentials.find(AccessKeyId)?.role.name;
      }),
    );
    expect(roles).toEqual(["S3Admin", "ReadOnly"]);
    expect((await ask(0, 1)).status).toBe(401);
    expect((await ask(1, 0)).status).toBe(401);
    serving.kill("SIGINT");
    expect((await serving.ended).code).toBe(0);
    await expect(ask(0)).rejects.toThrow();
  });

  it("[US9] prints lines for a program, says when its port is taken, and starts nothing without credentials", async () => {
    await using at = await paired(build);
    const first = at.terminal.jcfetch("serve", ROLE);
    await first.says(/until Ctrl-C/);
    const [, port] = /^AWS_CONTAINER_CREDENTIALS_FULL_URI=http:\/\/127\.0\.0\.1:(\d+)\//m.exec(first.said)!;
    expect(first.said).toMatch(
      /^# 999999999999_S3Admin · 999999999999 S3Admin\nAWS_.*\nAWS_CONTAINER_AUTHORIZATION_TOKEN=/,
    );
    const second = await at.terminal.run("serve", ROLE, "--port", port!);
    expect([second.code, second.stdout]).toEqual([10, ""]);
    expect(second.stderr).toContain(`port ${port} of this computer cannot be listened on (EADDRINUSE)`);
    first.kill("SIGTERM");
    expect((await first.ended).code).toBe(0);
    world.sim.endSession(at.user.token.reveal());
    const refused = await at.terminal.run("serve", ROLE);
    expect([refused.code, refused.stdout]).toEqual([6, ""]);
  });

  it("[US13] puts its token over one that was left lying or into an empty file, and over nothing else", async () => {
    await using at = await paired(build);
    const path = join(at.terminal.home, "token");
    const mine = Buffer.alloc(32).toString("base64url"); // might be some other tool's
    await writeFile(path, mine);
    const refused = await at.terminal.run("serve", ROLE, "--token-file", path);
    expect([refused.code, refused.stdout]).toEqual([11, ""]);
    expect(refused.stderr).toContain("~/token is there already, and is no token of jcfetch's");
    expect(readFileSync(path, "utf8")).toBe(mine);

    await writeFile(path, "");
    const killed = at.terminal.jcfetch("serve", ROLE, "--token-file", path);
    await killed.says(/until Ctrl-C/);
    const beside = await at.terminal.run("serve", ROLE, "--token-file", path);
    expect(beside.stderr).toMatch(/token holds the token of a jcfetch serve that still runs \(process \d+\)/);
    killed.kill("SIGKILL");
    await killed.ended;
    const left = readFileSync(path, "utf8");
    const next = at.terminal.jcfetch("serve", ROLE, "--token-file", path);
    await next.says(/until Ctrl-C/);
    const token = readFileSync(path, "utf8");
    for (const one of [left, token]) expect(one).toMatch(/^jcfetch-\d+-[\w-]{43}$/);
    expect(left).not.toBe(token);
    next.kill("SIGTERM");
    await next.ended;
    expect(existsSync(path)).toBe(false);
  });
});
