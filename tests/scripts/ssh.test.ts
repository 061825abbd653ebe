import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { openBrowserSide } from "../support/browser-side.ts";
import { RemoteHost, whyNoRemoteHost } from "../support/ssh.ts";
import { Terminal } from "../support/terminal.ts";
import { startWorld, type TestWorld } from "../support/world.ts";
import { Partner } from "./partner.ts";

const ROLE = "999999999999/S3Admin";
const portOf = (world: TestWorld): number => Number(new URL(world.broker.url).port);

let world: TestWorld;
const reason = whyNoRemoteHost();

beforeAll(async () => {
  await ensureBuilt("cli");
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

/** A second host with a forwarded port, and the extension that has made a code. */
async function atTheRemotePrompt() {
  const host = await RemoteHost.open();
  const port = await host.forward(portOf(world));
  const user = await world.enrolledUser();
  const partner = await Partner.open(world, user);
  return {
    host,
    user,
    port,
    address: `http://127.0.0.1:${port}`,
    partner,
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  };
}

const ALLOWED = { policy: { allow: [{ account: "999999999999", roles: ["S3Admin"] }] } };

async function paired(terms: Parameters<Partner["approve"]>[0] = ALLOWED) {
  const at = await atTheRemotePrompt();
  const pairing = at.host.jcfetch("pair", "--broker", at.address);
  pairing.type(at.partner.code);
  const { words, info } = await at.partner.meet();
  const shown = await pairing.says(/three words into the extension: {3}(\w+) {2}(\w+) {2}(\w+)/);
  expect(shown.slice(1)).toEqual(words);
  await at.partner.approve(terms);
  expect((await pairing.ended).code).toBe(0);
  return { ...at, info };
}

describe("a host behind ssh -R", () => {
  beforeEach((context) => {
    if (reason !== undefined) context.skip(reason);
  });

  it("[CL7] cannot reach the broker but through the forward, and is told a way that works", async () => {
    await using at = await atTheRemotePrompt();
    const pairing = at.host.jcfetch("pair");
    pairing.type(at.partner.code);
    const { code, stdout, stderr } = await pairing.ended;
    expect([code, stdout]).toEqual([7, ""]);
    const port = portOf(world);
    expect(stderr).toContain(`the broker at http://127.0.0.1:${port} does not answer`);
    expect(stderr).toContain(`ssh -R ${port}:127.0.0.1:${port}`);

    // That very advice, and the same code: it was not used up.
    await at.host.forward(port, port);
    const again = at.host.jcfetch("pair");
    again.type(at.partner.code);
    await at.partner.meet();
    await at.partner.approve();
    expect((await again.ended).code).toBe(0);
    expect((await at.host.run("process", ROLE)).code).toBe(0);
  });

  it("[CL7] pairs, looks, fetches and signs off as any other, and is known for what it is", async () => {
    await using at = await paired();
    expect(at.info.ssh).toBe(true);
    const status = await at.host.run("status", "--json");
    expect(JSON.parse(status.stdout)).toMatchObject({ ready: true });
    expect(status.stdout).toContain(at.address);
    const made = await at.host.run("configure", "--account", "999999999999", "--role", "S3Admin");
    expect(made.code).toBe(0);
    const fetched = await at.host.run("--profile", "999999999999_S3Admin");
    expect(JSON.parse(fetched.stdout)).toMatchObject({ Version: 1, AccountId: "999999999999" });
    const left = await at.host.run("logout");
    expect(left.code).toBe(0);
    expect(existsSync(join(at.host.home, ".config/jcfetch/device.json"))).toBe(false);
  });

  it("[CL7] says so while the forward is away, and goes on when it is back", async () => {
    await using at = await paired();
    await at.host.stopForward(at.port);
    const away = await at.host.run("process", ROLE);
    expect([away.code, away.stdout]).toEqual([7, ""]);
    expect(away.stderr).toContain(`the broker at ${at.address} does not answer`);
    await at.host.forward(portOf(world), at.port);
    expect((await at.host.run("process", ROLE)).code).toBe(0);
  });

  it("[CL7] is served by the browser in relay mode, and told when it is away", async () => {
    await using at = await paired({ ...ALLOWED, modes: ["relay"] });
    const away = await at.host.run("process", ROLE);
    expect([away.code, away.stdout]).toEqual([6, ""]);
    await using browser = await openBrowserSide(world, at.user);
    const fetched = await at.host.run("process", ROLE);
    expect(JSON.parse(fetched.stdout)).toMatchObject({ Version: 1 });
    expect(browser.requests).toHaveLength(1);
  });

  it("[CL7] shows its two digits to a person who came by ssh, and has none for a program alone", async () => {
    await using at = await paired({ policy: { ...ALLOWED.policy, ask: ["S3Admin"] } });
    await using browser = await openBrowserSide(world, at.user);
    const alone = await at.host.run("process", ROLE);
    expect([alone.code, alone.stdout]).toEqual([5, ""]);
    expect(browser.requests).toEqual([]);
    const { code, stdout } = await at.host.onTerminal("process", ROLE).ended;
    expect(code).toBe(0);
    const { request } = browser.requests[0]!;
    expect(stdout).toMatch(new RegExp(`\\b${request.ask?.num}\\b`));
    expect(stdout).toContain('"Version":1');
  });

  it("[CL7] gives nothing to another broker behind the same port, and takes nothing from it", async () => {
    await using at = await paired();
    await using other = await startWorld();
    await at.host.stopForward(at.port);
    await at.host.forward(portOf(other), at.port);
    const fetched = await at.host.run("process", ROLE);
    expect(fetched.code).not.toBe(0);
    expect(fetched.stdout).toBe("");

    const partner = await Partner.open(world, await world.enrolledUser());
    const pairing = at.host.jcfetch("pair", "--broker", at.address);
    pairing.type(partner.code);
    const { code, stderr } = await pairing.ended;
    expect(code).toBe(9);
    expect(stderr).toContain("[answer-refused, exit 9");
  });
});

describe("another address for the broker", () => {
  it.each([
    "http://broker.example",
    "http://10.0.0.1:8787",
    "https://broker.example/path",
    "ftp://127.0.0.1",
    "8788",
  ])("[CL7] [EN4] %s is no address of a broker", async (address) => {
    await using terminal = await Terminal.open();
    const { code, stdout, stderr } = await terminal.run("pair", "--broker", address);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("--broker takes an https address, or http with a literal loopback address");
  });
});
