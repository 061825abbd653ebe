import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { Terminal } from "../support/terminal.ts";
import { startWorld, type TestWorld } from "../support/world.ts";
import { BUILDS, type Build } from "./bin.ts";
import { Partner } from "./partner.ts";

let world: TestWorld;

beforeAll(async () => {
  await ensureBuilt("cli");
  world = await startWorld({ clock: "movable" });
});
afterAll(() => world[Symbol.asyncDispose]());

/** A terminal that waits at the prompt, and the extension that has made a code. */
async function atThePrompt(build: Build) {
  const terminal = await Terminal.open({ build });
  const partner = await Partner.open(world, await world.enrolledUser());
  const pairing = terminal.jcfetch("pair");
  await pairing.says(/Paste the code from the extension \(Terminals → Pair a terminal\)/);
  const isPaired = (): boolean => existsSync(join(terminal.home, ".config/jcfetch/device.json"));
  return { terminal, partner, pairing, isPaired, [Symbol.asyncDispose]: () => terminal.close() };
}

describe.each(BUILDS)("pairing with the %s", (build) => {
  it("[PA5] [PA6] shows the extension's three words, waits for the answer, and says what it was given", async () => {
    await using at = await atThePrompt(build);
    at.pairing.type(at.partner.code);
    const { words, info } = await at.partner.meet();
    const shown = await at.pairing.says(/three words into the extension: {3}(\w+) {2}(\w+) {2}(\w+)/);
    expect(shown.slice(1)).toEqual(words);
    expect(info.ssh).toBe(false);
    await at.pairing.says(/Waiting for your approval in the browser, for up to \d:\d\d min/);
    expect(at.isPaired()).toBe(false);
    await at.partner.approve({ policy: { allow: [{ account: "999999999999", roles: ["S3Admin"] }] } });
    const { code, stdout, stderr } = await at.pairing.ended;
    expect([code, stdout]).toEqual([0, ""]);
    expect(stderr).toMatch(/^Paired\. This terminal is ".+" at acme: 1 role, until \d+ \w+( \d{4})?\.$/m);
    expect(stderr).not.toContain(at.partner.code);
  });

  it("[PA8] a second joiner ends it for both", async () => {
    await using first = await atThePrompt(build);
    await using other = await Terminal.open({ build });
    first.pairing.type(first.partner.code);
    await first.partner.meet();
    await first.pairing.says(/three words/);
    const second = other.jcfetch("pair");
    second.type(first.partner.code);
    for (const pairing of [first.pairing, second]) {
      const { code, stdout, stderr } = await pairing.ended;
      expect([code, stdout]).toEqual([8, ""]);
      expect(stderr).toContain("the pairing code was used twice, so it was destroyed");
      expect(stderr).toContain("[pairing-joined, exit 8");
    }
    expect(first.isPaired()).toBe(false);
  });

  it.each([
    ["pairing-words", "the three words did not match"],
    ["pairing-refused", "the pairing was stopped in the extension"],
  ] as const)("[PA5] [PA12] %s ends it at once", async (reason, text) => {
    await using at = await atThePrompt(build);
    at.pairing.type(at.partner.code);
    await at.partner.meet();
    await at.pairing.says(/three words/);
    await at.partner.burn(reason);
    const { code, stderr } = await at.pairing.ended;
    expect(code).toBe(8);
    expect(stderr).toContain(`jcfetch: ${text}`);
    expect(stderr).toContain(`[${reason}, exit 8`);
    expect(at.isPaired()).toBe(false);
  });

  it("[PA1] a code that is older than two minutes has expired", async () => {
    await using at = await atThePrompt(build);
    await world.advance(121);
    at.pairing.type(at.partner.code);
    const { code, stderr } = await at.pairing.ended;
    expect(code).toBe(8);
    expect(stderr).toMatch(/jcfetch: (the pairing code has expired|no pairing waits under this code)/);
    expect(at.isPaired()).toBe(false);
  });

  it.each([
    ["jcb1_c2VjcmV0LWNvZGU", "that is a code that connects an extension with a broker; it pairs no terminal"],
    ["jcm1_c2VjcmV0LWNvZGU", "that is a code that connects an extension with a broker; it pairs no terminal"],
    ["jcs1_c2VjcmV0LWNvZGU", "that is the code of jcfetch setup, which waits for it in the extension"],
  ])("[CL5] the code %s is told where it goes, and not repeated", async (code, title) => {
    await using terminal = await Terminal.open({ build });
    const pairing = terminal.jcfetch("pair");
    await pairing.says(/Paste the code/);
    pairing.type(code);
    const { stderr, ...ended } = await pairing.ended;
    expect(ended).toMatchObject({ code: 8, stdout: "" });
    expect(stderr).toContain(`jcfetch: ${title}\n  → paste it into the extension, under Terminals; `);
    expect(stderr).not.toContain("c2VjcmV0LWNvZGU");
  });

  it("[CL5] half a code is told apart from a wrong one, and nothing is sent", async () => {
    await using at = await atThePrompt(build);
    at.pairing.type(at.partner.code.slice(0, -9));
    const { code, stderr } = await at.pairing.ended;
    expect(code).toBe(8);
    expect(stderr).toContain("jcfetch: that is not a whole pairing code");
    expect(stderr).toContain("→ copy it again from the extension with the copy button");
  });

  it("[CL6] ends when its input ends without a code", async () => {
    await using at = await atThePrompt(build);
    at.pairing.closeInput();
    const { code, stderr } = await at.pairing.ended;
    expect(code).toBe(8);
    expect(stderr).toContain("[no-code, exit 8]");
  });

  it("[RV3] pairing again takes the place of the old terminal, and the broker drops that one", async () => {
    await using terminal = await Terminal.open({ build });
    const user = await world.enrolledUser();
    const pairOnce = async (): Promise<void> => {
      const partner = await Partner.open(world, user);
      const pairing = terminal.jcfetch("pair");
      pairing.type(partner.code);
      await partner.meet();
      await partner.approve();
      expect((await pairing.ended).code).toBe(0);
    };
    await pairOnce();
    await pairOnce();
    const { json } = await user.extension.send("/v1/devices");
    const devices = json.devices as readonly { left: boolean }[];
    expect(devices.map(({ left }) => left).sort()).toEqual([false, true]);
  });
});
