import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { Container, NOBODY, whyNoContainer } from "../support/container.ts";
import { type PairedTerminal, pairedTerminal } from "../support/paired.ts";
import { JCFETCH } from "../support/terminal.ts";
import { startWorld, type TestWorld } from "../support/world.ts";

/* packaging/: the dev container Feature and the recipe for compose, as far as the kernel alone can show them. */

const packaging = fileURLToPath(new URL("../../packaging/", import.meta.url));
const INSTALL = join(packaging, "devcontainer/src/jcfetch/install.sh");
const SHARED = "999999999999/S3Admin";
const OTHER = "999999999999/ReadOnly";
const reason = whyNoContainer();
const run = promisify(execFile);

/** As it is run while an image is built. @returns what it has said; rejects with it where it refuses. */
const install = async (destdir: string, options: Record<string, string>): Promise<string> => {
  const env = { PATH: process.env.PATH ?? "", HOME: destdir, DESTDIR: destdir, ...options };
  return (await run(INSTALL, [], { env })).stdout;
};
/** An archive as a release has it: a folder of its own with the program in it. @returns the options for it. */
async function archived(program: string, folder: string): Promise<Record<string, string>> {
  const archive = join(folder, "jcfetch.tar");
  const into = "s,^.*$,jcfetch-0.0.0-linux-x64/jcfetch,";
  await run("tar", ["-cf", archive, "-C", dirname(program), "--transform", into, basename(program)]);
  return { URL: `file://${archive}`, SHA256: sha256(archive) };
}
const sha256 = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

describe("the dev container Feature", () => {
  let folder: string;
  let program: string;
  const installed = () => readdirSync(join(folder, "usr/local/lib/jcfetch"));
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "jcfetch-feature-"));
    program = join(folder, "program");
    writeFileSync(program, '#!/bin/sh\necho "jcfetch 0.0.0"\n', { mode: 0o755 });
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("installs what has the checksum, and a starter", async () => {
    const said = await install(folder, await archived(program, folder));
    expect(said).toContain("jcfetch 0.0.0");
    expect(installed()).toEqual(["jcfetch"]);
    expect(readFileSync(join(folder, "usr/local/bin/jcfetch"), "utf8")).toContain(
      'exec /usr/local/lib/jcfetch/jcfetch "$@"',
    );
  });

  it.each([
    [
      "another checksum",
      () => ({ URL: `file://${program}`, SHA256: "0".repeat(64) }),
      "has another checksum",
    ],
    ["no checksum", () => ({ URL: `file://${program}` }), "sha256 must be"],
    [
      "an address without TLS",
      () => ({ URL: "http://acme.example/jcfetch", SHA256: "0".repeat(64) }),
      "url must",
    ],
    ["nothing to install", () => ({}), "say what to install"],
    ["two things to install", () => ({ URL: "https://a.example", PACKAGE: "b" }), "do not go together"],
  ])("refuses %s, and installs nothing", async (_what, options, why) => {
    await expect(install(folder, options())).rejects.toThrow(why);
    expect(existsSync(join(folder, "usr/local/bin/jcfetch"))).toBe(false);
    expect(installed()).toEqual([]);
  });

  it("installs an npm package without running its scripts", async () => {
    mkdirSync(join(folder, "package"));
    const manifest = {
      name: "jcfetch",
      version: "0.0.0",
      bin: { jcfetch: "jcfetch.sh" },
      scripts: { install: `touch ${folder}/ran` },
    };
    writeFileSync(join(folder, "package/package.json"), JSON.stringify(manifest));
    writeFileSync(join(folder, "package/jcfetch.sh"), readFileSync(program), { mode: 0o755 });
    await run("tar", ["-czf", join(folder, "jcfetch.tgz"), "-C", folder, "package"]);
    expect(await install(folder, { PACKAGE: join(folder, "jcfetch.tgz") })).toContain("jcfetch 0.0.0");
    expect(existsSync(join(folder, "ran"))).toBe(false);
    expect(readFileSync(join(folder, "usr/local/bin/jcfetch"), "utf8")).toContain("lib/jcfetch/bin/jcfetch");
  });
});

describe("a container with a network of its own", () => {
  let world: TestWorld;
  let at: PairedTerminal;
  let container: Container;
  let mounts: Record<string, string>;
  const ends = new AsyncDisposableStack();
  beforeAll(async () => {
    if (reason !== undefined) return;
    await ensureBuilt("cli");
    world = ends.use(await startWorld());
    at = ends.use(await pairedTerminal(world, { agent: true, build: "executable" }));
    container = ends.use(await Container.open(at.terminal.home));
    const { executable } = JCFETCH;
    await install(container.destdir, await archived(executable, container.destdir));
    const shared = await at.terminal.run("agent", "share", SHARED);
    mounts = { "jcfetch-share": dirname(shared.stdout.trim()) };
  });
  beforeEach((context) => {
    if (reason !== undefined) context.skip(reason);
  });
  afterAll(() => ends.disposeAsync());

  const there = (command: readonly string[], folders = mounts) => {
    const running = container.start(command, { mounts: folders, readOnly: Object.keys(folders)[0] ?? "" });
    running.closeInput();
    return running.ended;
  };

  it("[AG19] has the role that is shared by the mounted folder alone, and no other", async () => {
    const given = await there(["jcfetch", "process", SHARED]);
    expect(given.stderr).toBe("");
    expect(JSON.parse(given.stdout)).toMatchObject({ Version: 1, AccountId: "999999999999" });
    expect((await there(["jcfetch", "process", OTHER])).stderr).toContain("[not-shared, exit 5]");
    const broker = await there(["curl", "-sS", "--max-time", "5", world.broker.url]);
    expect([broker.code, broker.stdout]).toEqual([7, ""]);
    expect((await there(["ls", at.terminal.home])).code).not.toBe(0);
  });

  it("[AG18] has nothing without the mount, and another user of it nothing with it", async () => {
    const bare = await there(["jcfetch", "process", SHARED], {});
    expect([bare.code, bare.stdout]).toEqual([3, ""]);
    const nobody = await there([...NOBODY, "jcfetch", "process", SHARED]);
    expect([nobody.code, nobody.stdout]).toEqual([7, ""]);
    const socket = "/run/jcfetch-share/agent.sock";
    const curl = ["curl", "-sS", "--unix-socket", socket, `http://jcfetch/credentials/${SHARED}`];
    expect((await there(curl)).stdout).toContain("ASIA");
    expect(await there([...NOBODY, ...curl])).toMatchObject({ code: 7, stdout: "" });
  });

  it("[US13] gives an unchanged program credentials by the recipe for compose", async () => {
    const token = await mkdtemp(join(tmpdir(), "jcfetch-token-"));
    const recipe = readFileSync(join(packaging, "compose/compose.yaml"), "utf8");
    const [account, role] = SHARED.split("/") as [string, string];
    const value = (name: string): string =>
      (new RegExp(`^ +${name}: (.*)$`, "m").exec(recipe)?.[1] ?? "")
        .replaceAll(/\$\{JCFETCH_ACCOUNT[^}]*\}/g, account)
        .replaceAll(/\$\{JCFETCH_ROLE[^}]*\}/g, role);
    const words = value("command").slice(1, -1).replaceAll('"', "").split(", ");
    const serving = container.start(["jcfetch", ...words], {
      mounts: { ...mounts, "jcfetch-token": token },
      readOnly: "jcfetch-share",
      settings: { JCFETCH_AGENT: value("JCFETCH_AGENT") },
    });
    try {
      await serving.says(/Served on this computer's loopback/);
      const file = value("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE").replace("/run/jcfetch-token", token);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      const url = value("AWS_CONTAINER_CREDENTIALS_FULL_URI");
      expect(serving.said).toBe("");
      const env = [
        "env",
        "-i",
        "PATH=/usr/bin:/bin",
        `HOME=${token}`,
        `AWS_CONTAINER_CREDENTIALS_FULL_URI=${url}`,
        `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=${file}`,
      ];
      const beside = ["nsenter", `--net=/proc/${serving.pid}/ns/net`, ...env];
      // An SDK that reads a token's file; Debian's AWS CLI (2.9) is of before their time.
      const code = `
        import { fromHttp } from "@aws-sdk/credential-provider-http";
        console.log(JSON.stringify(await fromHttp()()));`;
      const sdk = [process.execPath, "--input-type=module", "-e", code];
      const given = await run(beside[0]!, [...beside.slice(1), ...sdk], { cwd: import.meta.dirname });
      expect(JSON.parse(given.stdout)).toMatchObject({ accessKeyId: expect.stringMatching(/^ASIA/) });
      await expect(run(beside[0]!, [...beside.slice(1), "curl", "-fsS", url])).rejects.toThrow(/401/);
      const withToken = ["-H", `Authorization: ${readFileSync(file, "utf8")}`, url];
      for (const [header, status] of [
        ["Host: attacker.example", /421/],
        ["Origin: http://127.0.0.1:9911", /403/],
      ] as const) {
        const asked = run(beside[0]!, [...beside.slice(1), "curl", "-fsS", "-H", header, ...withToken]);
        await expect(asked).rejects.toThrow(status);
      }
      // The same address in the network outside leads to nobody of ours.
      const outside = await run(env[0]!, [
        ...env.slice(1),
        "sh",
        "-c",
        `curl -sS -H "Authorization: $(cat ${file})" ${url} || :`,
      ]);
      expect(outside.stdout).not.toContain("ASIA");
      serving.kill();
      await serving.ended;
      expect(readdirSync(token)).toEqual([]);
    } finally {
      serving.kill("SIGKILL");
      await serving.ended;
      await rm(token, { recursive: true });
    }
  });
});
