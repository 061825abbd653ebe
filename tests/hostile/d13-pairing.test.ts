import { existsSync } from "node:fs";
import { join } from "node:path";
import { readActivity } from "@jcfetch/shared/protocol/endpoints";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { must, Partner } from "../scripts/partner.ts";
import { post } from "../support/clients.ts";
import { changed, type HostileBroker, startHostileBroker } from "../support/hostile-broker.ts";
import { type Running, Terminal } from "../support/terminal.ts";
import { startWorld, type TestUser, type TestWorld } from "../support/world.ts";

/** Pairing with the real command line at a real broker, with everything that can go wrong or be made to. */
let world: TestWorld;
let hostile: HostileBroker;
let terminal: Terminal;
let user: TestUser;
let partner: Partner;
let closing: AsyncDisposableStack;
beforeAll(() => ensureBuilt("cli"));
beforeEach(async () => {
  closing = new AsyncDisposableStack();
  world = closing.use(await startWorld({ clock: "movable" }));
  hostile = closing.use(await startHostileBroker(world.broker));
  terminal = closing.use(await Terminal.open());
  user = await world.enrolledUser();
  partner = await Partner.open(world, user);
});
afterEach(() => closing.disposeAsync());

function pairing(code = partner.code): Running {
  const running = terminal.jcfetch("pair", "--broker", hostile.url);
  running.type(code);
  return running;
}

const hasDevice = (): boolean => existsSync(join(terminal.home, ".config/jcfetch/device.json"));

/** The command has failed, has said so, and has kept nothing. */
async function expectNoPairing(running: Running, code: number, said: string): Promise<void> {
  const ended = await running.ended;
  expect([ended.code, ended.stdout], ended.stderr).toEqual([code, ""]);
  expect(ended.stderr).toContain(said);
  expect(hasDevice()).toBe(false);
}

/** The mailbox that a terminal has joined, from what the broker has heard. */
const mailboxOf = (): { m: string; t: string } =>
  JSON.parse(hostile.heard.find(({ path }) => path === "/v1/pairing/send")!.body) as { m: string; t: string };

describe("pairing, attacked", () => {
  it("D-13: a second joiner destroys it for both", async () => {
    const running = pairing();
    await partner.meet();
    await running.says(/three words/);
    const { m } = mailboxOf();
    expect((await post(world.broker.url, "/v1/pairing/join", { body: { m } })).code).toBe("pairing-joined");
    await expect(partner.approve()).rejects.toThrow("pairing-joined");
    await expectNoPairing(running, 8, "pairing-joined");
  });

  it("D-13: a late joiner finds it closed, and gets none of its messages", async () => {
    const running = pairing();
    await partner.meet();
    await partner.approve();
    expect((await running.ended).code).toBe(0);
    const { m } = mailboxOf();
    const joined = await post(world.broker.url, "/v1/pairing/join", { body: { m } });
    expect(joined.code).toBe("pairing-joined");
    const t = "A".repeat(22);
    const read = await post(world.broker.url, "/v1/pairing/receive", { body: { m, t, slot: "answer" } });
    expect(read.code).toBe("pairing-joined");
    // The terminal that was there first keeps what it has.
    expect(await terminal.run("process", "999999999999/S3Admin")).toMatchObject({ code: 0 });
  });

  it("D-13: a code is over after 121 seconds", async () => {
    await world.advance(121);
    await expectNoPairing(pairing(), 8, "pairing-expired");
  });

  it("D-13: one wrong word ends it, and the right ones come too late", async () => {
    const running = pairing();
    await partner.meet();
    await running.says(/three words/);
    await partner.burn("pairing-words");
    await expect(partner.approve()).rejects.toThrow("pairing-words");
    await expectNoPairing(running, 8, "pairing-words");
  });

  it("D-13: a guessed token of the joiner destroys it", async () => {
    const running = pairing();
    await partner.meet();
    const { m } = mailboxOf();
    const guess = { m, t: "A".repeat(22), slot: "answer" };
    expect((await post(world.broker.url, "/v1/pairing/receive", { body: guess })).code).toBe(
      "pairing-unknown",
    );
    await expectNoPairing(running, 8, "pairing-unknown");
  });

  it("D-13: a code given as an argument is not used", async () => {
    const { code, stderr } = await terminal.run("pair", partner.code);
    expect([code, hasDevice()]).toEqual([2, false]);
    expect(stderr).not.toContain(partner.code);
    expect(hostile.heard).toEqual([]);
  });

  it("D-13: the sixth mailbox of an hour is refused", async () => {
    for (let i = 1; i < 5; i++) await Partner.open(world, user);
    await expect(Partner.open(world, user)).rejects.toThrow("pairing-limit");
  });
});

/** What a broker in the middle can do to the real command line: whatever the box, it is another one. */
const BOXES: Record<string, (box: string) => string> = {
  "one character changed": (box) => box.slice(0, 40) + (box[40] === "A" ? "B" : "A") + box.slice(41),
  "cut off": (box) => box.slice(0, box.length >> 1),
  "of its own making": (box) => "A".repeat(box.length),
};

describe.each(["invite", "answer"])("a broker that swaps the message %s", (slot) => {
  it.each(Object.keys(BOXES))(`D-13: ${slot} %s: the terminal refuses and keeps nothing`, async (name) => {
    hostile.set("/v1/pairing/receive", async (heard, honest) => {
      const reply = await honest();
      if (!heard.body.includes(`"slot":"${slot}"`) || reply.status !== 200) return reply;
      return changed(reply, ({ box }) => ({ box: box === null ? null : BOXES[name]!(box as string) }));
    });
    const running = pairing();
    if (slot === "answer") {
      await partner.meet();
      await partner.approve();
      await expectNoPairing(running, 9, "answer-refused");
    } else {
      // The extension waits for a terminal that has gone; nobody waits for it here.
      partner.meet().catch(() => undefined);
      await expectNoPairing(running, 9, "answer-refused");
    }
  });

  it(`D-13: ${slot} of another pairing: the terminal refuses and keeps nothing`, async () => {
    const { m, extension } = { m: (await user.extension.send("/v1/pairing/open")).json.m as string, ...user };
    const { t } = (await post(world.broker.url, "/v1/pairing/join", { body: { m } })).json as { t: string };
    await extension.send("/v1/pairing/put", { m, slot, box: "AAAA" });
    const other = (await post(world.broker.url, "/v1/pairing/receive", { body: { m, t, slot } })).json.box;
    hostile.set("/v1/pairing/receive", async (_, honest) => changed(await honest(), () => ({ box: other })));
    const running = pairing();
    partner.meet().catch(() => undefined);
    await expectNoPairing(running, 9, "answer-refused");
  });
});

describe("a person who is talked through all of it", () => {
  it("D-13: gives away what was ticked, under a name, for as long as it is not taken back; and nothing more", async () => {
    // Somebody from "IT" has the victim start a pairing, read out the code, and type the words that the caller's own
    // terminal shows. Every check passes: this is what remains, and here is what bounds it.
    const running = pairing();
    const seen = await partner.meet();
    expect(seen.info).toMatchObject({ host: expect.any(String), osUser: expect.any(String), ssh: false });
    await partner.approve({
      policy: { allow: [{ account: "999999999999", roles: ["ReadOnly"] }], maxCredentialSeconds: 3_600 },
    });
    expect((await running.ended).code).toBe(0);

    expect(await terminal.run("process", "999999999999/ReadOnly")).toMatchObject({ code: 0 });
    expect(await terminal.run("process", "999999999999/S3Admin")).toMatchObject({ code: 5, stdout: "" });
    expect(await terminal.run("process", "123456789012/Admin")).toMatchObject({ code: 5, stdout: "" });

    // The victim's extension is shown who fetched what, and takes it back with one click.
    const page = must(await user.extension.authority.call(readActivity, { after: 0, limit: 50 }));
    const told = JSON.stringify(page.lines);
    expect(told).toContain(seen.did);
    expect(told).toContain("ReadOnly");
    await partner.revoke();
    expect(await terminal.run("process", "999999999999/ReadOnly")).toMatchObject({ code: 3, stdout: "" });
  });
});
