import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { type PairedTerminal, pairedTerminal } from "../support/paired.ts";
import { startWorld, type TestWorld } from "../support/world.ts";
import { BUILDS, type Build } from "./bin.ts";

let world: TestWorld;
beforeAll(async () => {
  await ensureBuilt("cli");
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const ROLE = "999999999999/S3Admin";

const paired = (build: Build): Promise<PairedTerminal> =>
  pairedTerminal(world, { build, env: { AWS_ENDPOINT_URL_SIGNIN: world.sim.origin } });

/** In a browser's place: notes how it was started, then follows the address as far as it stays on this computer, twice. */
const BROWSER = `
  const { writeFileSync } = require("node:fs");
  const [address, ...more] = process.argv.slice(2);
  const told = { address, more, environment: Object.keys(process.env) };
  const ask = async (url, headers) => {
    const { status, headers: got } = await fetch(url, { redirect: "manual", headers });
    return { status, location: got.get("location"), cache: got.get("cache-control") };
  };
  (async () => {
    told.wrong = await ask(address + "x");
    told.first = await ask(address);
    told.second = await ask(address).catch(() => ({ status: 0 }));
    writeFileSync(process.env.HOME + "/told.json", JSON.stringify(told));
  })();
`;

/** Where the console's sign-in sends whoever comes with this address. */
async function signIn(
  address: string,
): Promise<{ readonly location: string | null; readonly role: string | undefined }> {
  const { host, pathname, search } = new URL(address);
  expect(host).toBe("signin.aws.amazon.com");
  const before = new Set(world.sim.world.signin.consoleSessions.keys());
  const answer = await fetch(`${world.sim.origin}${pathname}${search}`, { redirect: "manual" });
  const session = [...world.sim.world.signin.consoleSessions].find(([id]) => !before.has(id))?.[1];
  return { location: answer.headers.get("location"), role: session?.roleName };
}

describe.each(BUILDS)("the console with the %s", (build) => {
  it("[US11] opens in the browser by an address that holds no secret, once", async () => {
    await using at = await paired(build);
    const { terminal } = at;
    const script = join(terminal.home, "browser.cjs");
    await writeFile(script, BROWSER);
    terminal.env.BROWSER = `${process.execPath} ${script}`;
    const { code, stdout, stderr } = await terminal.run("console", "s3", "-p", ROLE, "--region", "eu-west-1");
    expect([code, stdout]).toEqual([0, ""]);
    const page = "https://eu-west-1.console.aws.amazon.com/s3/home?region=eu-west-1";
    expect(stderr).toBe(`999999999999_S3Admin · 999999999999 S3Admin · ${page}\n`);
    await expect.poll(() => readFileSync(join(terminal.home, "told.json"), "utf8")).toMatch(/}$/);
    const told = JSON.parse(readFileSync(join(terminal.home, "told.json"), "utf8"));
    expect(told.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{22}$/);
    expect(told.more).toEqual([]);
    expect(told.environment.filter((name: string) => /^(AWS|JCFETCH)_/.test(name))).toEqual([]);
    expect(told.wrong.status).toBe(404);
    expect(told.first).toMatchObject({ status: 302, cache: "no-store" });
    expect([0, 404]).toContain(told.second.status);
    expect(await signIn(told.first.location)).toEqual({ location: page, role: "S3Admin" });
  });

  it("[US11] is printed as an address that signs in, once", async () => {
    await using at = await paired(build);
    const { terminal } = at;
    const { code, stdout, stderr } = await terminal.run("console", "--url", "--profile", ROLE);
    expect([code, stderr]).toEqual([0, ""]);
    const page = "https://us-east-1.console.aws.amazon.com/console/home?region=us-east-1";
    expect(await signIn(stdout.trim())).toEqual({ location: page, role: "S3Admin" });
    expect(await signIn(stdout.trim())).toEqual({ location: null, role: undefined });
  });

  it("[US11] says where there is no browser", async () => {
    await using at = await paired(build);
    const { terminal } = at;
    terminal.env.BROWSER = "/nonexistent/browser";
    terminal.env.PATH = "";
    const { code, stdout, stderr } = await terminal.run("console", "-p", ROLE);
    expect([code, stdout]).toEqual([10, ""]);
    expect(stderr).toContain(
      "→ open it yourself where you have one: jcfetch console --url   [no-browser, exit 10]",
    );
  });
});
