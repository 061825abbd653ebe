import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newMailboxId } from "../../worker/src/local/keys.ts";
import { post, type RawAnswer } from "../support/clients.ts";
import { readDatabases } from "../support/databases.ts";
import {
  joinedMailbox,
  type OpenMailbox,
  openMailbox,
  strangeMailboxId,
  strangeToken,
} from "../support/mailbox-cases.ts";
import { startWorld, type TestWorld } from "../support/world.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld({ clock: "movable" });
});
afterAll(() => world?.[Symbol.asyncDispose]());

const terminal = (what: "join" | "send" | "receive", body: object): Promise<RawAnswer> =>
  post(world.broker.url, `/v1/pairing/${what}`, { body });
const send = ({ m, t }: OpenMailbox, slot: string, box: string): Promise<RawAnswer> =>
  terminal("send", { m, t, slot, box });
const receive = ({ m, t }: OpenMailbox, slot: string): Promise<RawAnswer> =>
  terminal("receive", { m, t, slot });
const put = ({ m, extension }: OpenMailbox, slot: string, box: string): Promise<RawAnswer> =>
  extension.send("/v1/pairing/put", { m, slot, box });
const take = ({ m, extension }: OpenMailbox, slot: string): Promise<RawAnswer> =>
  extension.send("/v1/pairing/take", { m, slot });

describe("a mailbox", () => {
  it("[PA9] passes four messages, each to the other side", async () => {
    const at = await joinedMailbox(world);
    await send(at, "commit", "CCCC");
    expect((await take(at, "commit")).json).toEqual({ box: "CCCC", from: null });
    await put(at, "invite", "IIII");
    expect((await receive(at, "invite")).json).toEqual({ box: "IIII" });
    await send(at, "reveal", "RRRR");
    expect((await take(at, "reveal")).json).toMatchObject({ box: "RRRR" });
    await put(at, "answer", "AAAA");
    expect((await receive(at, "answer")).json).toEqual({ box: "AAAA" });
  });

  it("[PA9] hands a message to who has been waiting for it", async () => {
    const at = await joinedMailbox(world);
    const taken = take(at, "commit");
    const received = receive(at, "invite");
    await send(at, "commit", "CCCC");
    await put(at, "invite", "IIII");
    expect((await taken).json.box).toBe("CCCC");
    expect((await received).json.box).toBe("IIII");
  });

  it("[PA9] says after ten seconds that nothing has come", async () => {
    const at = await joinedMailbox(world);
    const [taken, received] = await Promise.all([take(at, "commit"), receive(at, "invite")]);
    expect([taken.json.box, received.json.box]).toEqual([null, null]);
  });

  it("[PA9] lets nobody write a slot twice; the same message again is the same message", async () => {
    const at = await joinedMailbox(world);
    expect((await send(at, "commit", "CCCC")).status).toBe(200);
    expect((await send(at, "commit", "CCCC")).status).toBe(200);
    expect((await send(at, "commit", "DDDD")).code).toBe("bad-request");
    expect((await take(at, "commit")).json.box).toBe("CCCC");
  });

  it("[PA9] is closed to whoever writes or reads the other side's slots", async () => {
    const at = await joinedMailbox(world);
    const codes = [
      send(at, "invite", "AAAA"),
      receive(at, "commit"),
      put(at, "reveal", "AAAA"),
      take(at, "answer"),
    ];
    expect((await Promise.all(codes)).map(({ code }) => code)).toEqual(Array(4).fill("bad-request"));
  });

  it("[PA9] burns at a wrong token", async () => {
    const at = await joinedMailbox(world);
    await send(at, "commit", "CCCC");
    expect((await receive({ ...at, t: strangeToken() }, "invite")).code).toBe("pairing-unknown");
    expect((await receive(at, "invite")).code).toBe("pairing-unknown");
    expect((await take(at, "commit")).code).toBe("pairing-unknown");
  });

  it("[PA9] is unknown to another user, and goes on undisturbed", async () => {
    const at = await joinedMailbox(world);
    const { extension } = await world.enrolledUser();
    const foreign = { ...at, extension };
    expect((await take(foreign, "commit")).code).toBe("pairing-unknown");
    expect((await put(foreign, "invite", "AAAA")).code).toBe("pairing-unknown");
    expect((await put(at, "invite", "IIII")).status).toBe(200);
  });

  it("[PA8] is destroyed by a second joiner, and both who wait are told at once", async () => {
    const at = await joinedMailbox(world);
    const waiting = [take(at, "commit"), receive(at, "invite")];
    expect((await terminal("join", { m: at.m })).code).toBe("pairing-joined");
    expect((await Promise.all(waiting)).map(({ code }) => code)).toEqual([
      "pairing-joined",
      "pairing-joined",
    ]);
    expect((await terminal("join", { m: at.m })).code).toBe("pairing-joined");
  });

  it("[PA8] has one winner when many join at once", async () => {
    const at = await openMailbox(world);
    const joins = await Promise.all(Array.from({ length: 10 }, () => terminal("join", { m: at.m })));
    expect(joins.filter(({ status }) => status === 200).length).toBe(1);
    expect((await take(at, "commit")).code).toBe("pairing-joined");
  });

  it.each(["pairing-refused", "pairing-words"] as const)(
    "[PA5] [PA12] tells who waits: %s",
    async (reason) => {
      const at = await joinedMailbox(world);
      await send(at, "commit", "CCCC");
      const waiting = receive(at, "invite");
      expect((await at.extension.send("/v1/pairing/burn", { m: at.m, reason })).status).toBe(200);
      expect((await waiting).code).toBe(reason);
      expect((await send(at, "reveal", "RRRR")).code).toBe(reason);
    },
  );

  it("[PA1] can be joined for two minutes, and then has five more", async () => {
    const late = await openMailbox(world);
    const inTime = await openMailbox(world);
    await world.advance(119);
    const { json } = await terminal("join", { m: inTime.m });
    await world.advance(2);
    expect((await terminal("join", { m: late.m })).code).toBe("pairing-expired");
    await world.advance(296);
    const at = { ...inTime, t: json.t as string };
    expect((await put(at, "invite", "IIII")).status).toBe(200);
    await world.advance(5);
    expect((await receive(at, "invite")).code).toBe("pairing-expired");
    await world.advance(700);
    expect((await receive(at, "invite")).code).toBe("pairing-unknown");
  });

  it("[PA10] is given five times an hour", async () => {
    const { extension } = await world.enrolledUser();
    const open = (): Promise<RawAnswer> => extension.send("/v1/pairing/open");
    for (let i = 0; i < 5; i++) expect((await open()).status).toBe(200);
    const sixth = await open();
    expect(sixth.code).toBe("pairing-limit");
    await world.advance(sixth.json.retryAfter as number);
    expect((await open()).status).toBe(200);
  });

  it("[PA9] cannot be opened by somebody else once it is there", async () => {
    const at = await openMailbox(world);
    const { extension } = await world.enrolledUser();
    expect((await extension.send("/v1/pairing/open", { m: at.m })).code).toBe("pairing-unknown");
    expect((await put(at, "invite", "IIII")).status).toBe(200);
  });

  it("[ST2] that was minted beside the keys is opened by the first extension that names it, once", async () => {
    const [first, second] = [await world.enrolledUser(), await world.enrolledUser()];
    const m = await newMailboxId(world.broker.keys);
    const open = ({ extension }: typeof first): Promise<RawAnswer> =>
      extension.send("/v1/pairing/open", { m });
    expect((await terminal("join", { m })).code).toBe("pairing-unknown");
    expect((await open(first)).json.m).toBe(m);
    expect((await open(second)).code).toBe("pairing-unknown");
    expect((await open(first)).code).toBe("pairing-unknown");
    expect((await terminal("join", { m })).status).toBe(200);
  });

  it("[PA13] that the broker has not minted is not opened, and costs it no storage", async () => {
    await using empty = await startWorld();
    const { extension } = await empty.enrolledUser();
    const strange = await extension.send("/v1/pairing/open", { m: strangeMailboxId() });
    expect(strange.code).toBe("pairing-unknown");
    expect(
      (await readDatabases(empty.broker, "mailbox")).filter((tables) => Object.keys(tables).length > 0),
    ).toEqual([]);
  });

  it("[PF6] that nobody opened leaves nothing behind when somebody asks for it", async () => {
    await using empty = await startWorld();
    await post(empty.broker.url, "/v1/pairing/join", { body: { m: strangeMailboxId() } });
    await post(empty.broker.url, "/v1/pairing/receive", {
      body: { m: strangeMailboxId(), t: strangeToken(), slot: "invite" },
    });
    expect(
      (await readDatabases(empty.broker, "mailbox")).filter((tables) => Object.keys(tables).length > 0),
    ).toEqual([]);
  });
});
