import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import { SIZE_BUDGETS } from "../../bench/budgets.ts";
import { ensureBuilt } from "../../tools/build.ts";
import { filesBelow, processes, search } from "../support/canaries.ts";
import { type PairedTerminal, pairedTerminal } from "../support/paired.ts";
import { JCFETCH } from "../support/terminal.ts";
import { startWorld, type TestWorld } from "../support/world.ts";

/* What others can have of an agent that holds credentials, and what its clients load. */

const ROLE = "999999999999/S3Admin";

let world: TestWorld;
let at: PairedTerminal;
beforeAll(async () => {
  await ensureBuilt("cli");
  world = await startWorld();
  at = await pairedTerminal(world, { agent: true, env: { GITHUB_TOKEN: "of-the-shell-alone" } });
  expect((await at.terminal.run("process", ROLE)).code).toBe(0);
});
afterAll(async () => {
  await at[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

const NOBODY = ["--reuid", "65534", "--regid", "65534", "--clear-groups", "--bounding-set=-all"];
const curl = (url: string, ...more: string[]) => [
  "curl",
  "-sS",
  "--max-time",
  "10",
  "--unix-socket",
  at.terminal.agent.socket,
  ...more,
  url,
];
const run = (words: readonly string[]) => {
  const [program, ...args] = words as [string, ...string[]];
  return spawnSync(program, args, { encoding: "utf8", cwd: "/" });
};

/** Let everybody through every folder on the way to a path. */
async function openAbove(path: string): Promise<{ close(): Promise<void> }> {
  const before = new Map<string, number>();
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    const mode = statSync(folder).mode & 0o7777;
    if ((mode & 0o005) !== 0o005) before.set(folder, mode);
  }
  for (const [folder, mode] of before) await chmod(folder, mode | 0o055);
  return {
    close: async () => {
      for (const [folder, mode] of before) await chmod(folder, mode);
    },
  };
}

describe("the socket of an agent", () => {
  it("[AG2] is 0600 in a folder of mode 0700", () => {
    const { socket } = at.terminal.agent;
    const modes = [socket, dirname(socket)].map((path) => statSync(path).mode & 0o777);
    expect(modes).toEqual([0o600, 0o700]);
  });

  it("[AG2] is closed to another user, also where the folders above are open", async (context: TestContext) => {
    if (process.getuid?.() !== 0) context.skip("only root can act as another user");
    const { socket } = at.terminal.agent;
    const asNobody = () => run(["setpriv", ...NOBODY, ...curl(`http://jcfetch/credentials/${ROLE}`)]);
    expect(asNobody()).toMatchObject({ status: 7, stdout: "" });
    const opened = await openAbove(socket);
    try {
      expect(run(["setpriv", ...NOBODY, "ls", socket])).toMatchObject({ status: 0 });
      expect(asNobody()).toMatchObject({ status: 7, stdout: "" });
    } finally {
      await opened.close();
    }
    expect(run(curl(`http://jcfetch/credentials/${ROLE}`))).toMatchObject({ status: 0 });
  });

  it("[AG11] answers curl as a credential_process and as the container endpoint", () => {
    const asProcess = run(curl(`http://jcfetch/credentials/${ROLE}`, "-f")).stdout;
    expect(JSON.parse(asProcess)).toMatchObject({ Version: 1, AccountId: "999999999999" });
    const container = JSON.parse(run(curl(`http://localhost/container/${ROLE}`, "-f")).stdout) as object;
    expect(Object.keys(container)).toEqual(["AccessKeyId", "SecretAccessKey", "Token", "Expiration"]);
    expect(container).toMatchObject({
      AccessKeyId: (JSON.parse(asProcess) as { AccessKeyId: string }).AccessKeyId,
    });
  });

  it.each([
    ["403", ["-H", "Host: attacker.example"]],
    ["403", ["-H", "Origin: http://localhost"]],
    ["405", ["-X", "POST"]],
  ])("[AG11] refuses with %s what a browser or a mistake would send: %j", (status, more) => {
    const { stdout } = run(curl(`http://jcfetch/credentials/${ROLE}`, "-w", "%{http_code}", ...more));
    expect(stdout).toContain(status);
    expect(stdout).not.toContain("ASIA");
  });

  it("[AG11] says why it gives nothing in a status and a code", async () => {
    const words = curl("http://jcfetch/container/999999999999/NoSuchRole", "-w", "%{http_code}");
    const { stdout } = await at.terminal.start(words).ended;
    expect(stdout).toMatch(/^\{"code":"role-not-assigned","message":"AWS says .*"\}\s+403$/);
  });

  it.each(["nonsense\n\r\n\r\n", "{}\n", '{"v":1,"op":"dump"}\n', `{${"x".repeat(20_000)}`, "\u0000\n"])(
    "[AG11] gives nothing to whoever says something else: %#",
    async (bytes) => {
      const { agent } = at.terminal;
      const heard = agent.say(bytes);
      if (bytes === "\u0000\n") return; // half a request: it is left alone, and cut off in its own time
      expect(await heard).not.toContain("ASIA");
      expect(await agent.status()).toBeDefined();
    },
  );
});

describe("what an agent holds", () => {
  it("[AG10] is in no file, in no environment and in no arguments, in no disguise", async () => {
    const issued = world.sim.world.credentials.all.flatMap(({ secretAccessKey, sessionToken }, i) => [
      [`secret access key ${i}`, secretAccessKey] as const,
      [`session token ${i}`, sessionToken] as const,
    ]);
    expect(issued.length).toBeGreaterThan(0);
    const { home, agent } = at.terminal;
    const places = new Map([
      ...(await filesBelow(home)),
      ...(await filesBelow(agent.runtimeDir)),
      ...processes(),
    ]);
    expect(search(places, new Map(issued))).toEqual([]);
  });

  it("[AG10] has nothing of the shell beside it that started the agent", async () => {
    const pid = await at.terminal.agent.pid();
    const environment = readFileSync(`/proc/${pid}/environ`, "utf8").split("\u0000");
    const names = environment.filter(Boolean).map((line) => line.split("=")[0]!);
    expect(names).toContain("HOME");
    expect(names.filter((name) => !/^(PATH|HOME|USER|LANG|XDG_RUNTIME_DIR)$/.test(name))).toEqual([]);
    const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\u0000").slice(-3, -1);
    expect(words).toEqual(["agent", "run"]);
  });
});

describe("a command that the agent answers", () => {
  it("[AG14] loads one small script, and no cryptography or network client of Node", () => {
    const folder = mkdtempSync(join(tmpdir(), "jcfetch-loaded-"));
    try {
      const list = join(folder, "modules");
      const watch = `const before = new Set(process.moduleLoadList); process.on("exit", () => require("fs").writeFileSync(${JSON.stringify(list)}, process.moduleLoadList.filter((name) => !before.has(name)).join("\\n")));`;
      const preload = join(folder, "watch.cjs");
      execFileSync("sh", ["-c", 'printf %s "$1" > "$2"', "sh", watch, preload]);
      const env = { ...at.terminal.env, NODE_V8_COVERAGE: folder };
      const args = ["--require", preload, JCFETCH.bundle, "process", ROLE];
      const ran = spawnSync(process.execPath, args, { encoding: "utf8", env });
      expect(ran, ran.stderr).toMatchObject({ status: 0 });

      const report = readdirSync(folder).find((name) => name.startsWith("coverage-"))!;
      const { result } = JSON.parse(readFileSync(join(folder, report), "utf8")) as {
        result: { url: string }[];
      };
      const dist = dirname(JCFETCH.bundle);
      const ours = result.map(({ url }) => url).filter((url) => url.includes(dist));
      expect(ours.map((url) => basename(url))).toEqual(["jcfetch.mjs"]);
      expect(statSync(JCFETCH.bundle).size).toBeLessThanOrEqual(SIZE_BUDGETS.cliWarmPath);
      expect(readFileSync(JCFETCH.bundle, "utf8")).not.toMatch(/hpke|aws-sdk|subtle|ECDSA/i);

      const builtin = readFileSync(list, "utf8").split("\n");
      expect(builtin).toContain("NativeModule net");
      expect(
        builtin.filter((name) => /undici|crypto|tls|http|child_process|tty|worker|fs\/promises/.test(name)),
      ).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
