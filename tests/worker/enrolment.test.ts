import { base64url, fromBase64url } from "@jcfetch/shared/crypto/encoding";
import { decodeEnrolmentCode } from "@jcfetch/shared/protocol/enrolment";
import { toSeconds } from "@jcfetch/shared/time";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeEnrolmentToken } from "../../worker/src/broker/enrolment-token.ts";
import { newExtension, post, type TestExtension } from "../support/clients.ts";
import { readDatabases } from "../support/databases.ts";
import { enrolmentKeyOf, sealToken } from "../support/enrolment.ts";
import { strangeMailboxId } from "../support/mailbox-cases.ts";
import { startWorld, type TestWorld } from "../support/world.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld({ clock: "movable" });
});
afterAll(() => world?.[Symbol.asyncDispose]());

const newToken = async (): Promise<string> =>
  (await decodeEnrolmentCode(await world.broker.newEnrolmentCode()))!.token;

const enrol = async (extension: TestExtension, token: string, wrong: object = {}) =>
  extension.send("/v1/enrol", await sealToken(world.at, extension.uid, token), wrong);

describe("enrolment", () => {
  it("[EN1] takes a code of this broker, which names it and its address", async () => {
    const code = await decodeEnrolmentCode(await world.broker.newEnrolmentCode());
    expect(code).toMatchObject({ bid: world.broker.bid, url: world.broker.url });
    const extension = await newExtension(world.at);
    expect(await extension.enrol(code!.token)).toMatchObject({ ok: true });
    expect((await extension.send("/v1/devices")).json).toEqual({ rl: 0, regressed: false, devices: [] });
  });

  it("[EN2] spends a code once, whoever comes second", async () => {
    const token = await newToken();
    const extensions = await Promise.all([1, 2, 3, 4].map(() => newExtension(world.at)));
    const statuses = await Promise.all(
      extensions.map(async (extension) => (await enrol(extension, token)).status),
    );
    expect(statuses.sort()).toEqual([200, 401, 401, 401]);
  });

  it("[EN2] lets the extension that spent a code come again with it, and nobody else", async () => {
    const extension = await newExtension(world.at);
    expect((await enrol(extension, await newToken(), { ctr: 500 })).status).toBe(200);
    const token = await newToken();
    expect((await enrol(extension, token, { ctr: 500 })).code).toBe("replay");
    expect((await enrol(await newExtension(world.at), token)).code).toBe("enrolment-refused");
    expect((await enrol(extension, token, { ctr: 501 })).status).toBe(200);
    expect((await enrol(extension, token, { ctr: 502 })).status).toBe(200); // the answer before may have been lost
    expect((await enrol(await newExtension(world.at), token)).code).toBe("enrolment-refused");
  });

  it("[EN2] remembers a used code for as long as a broker whose clock is behind would take it", async () => {
    await using late = await startWorld({ clock: "movable" });
    await late.advance(-300);
    const token = await makeEnrolmentToken(enrolmentKeyOf(late.broker), toSeconds(late.now()) - 540);
    const first = await newExtension(late.at);
    expect((await first.send("/v1/enrol", await sealToken(late.at, first.uid, token))).status).toBe(200);
    for (let i = 0; i < 20; i++) {
      const other = await newExtension(late.at);
      const { code } = await other.send("/v1/enrol", await sealToken(late.at, other.uid, token));
      expect(code).toBe("enrolment-refused");
    }
  });

  it("[EN2] refuses every code that the broker did not make", async () => {
    const extension = await newExtension(world.at);
    const bytes = fromBase64url(await newToken())!;
    for (const at of [0, 3, 4, 19, 20, 51]) {
      const forged = bytes.slice();
      forged[at]! ^= 1;
      expect((await enrol(extension, base64url(forged))).code, `byte ${at}`).toBe("enrolment-refused");
    }
  });

  it("[EN2] refuses a code after ten minutes, used or not, also when its ticket has been forgotten", async () => {
    const unused = await newToken();
    const used = await newToken();
    await enrol(await newExtension(world.at), used);
    await world.advance(601);
    expect((await enrol(await newExtension(world.at), unused)).code).toBe("enrolment-refused");
    expect((await enrol(await newExtension(world.at), used)).code).toBe("enrolment-refused");
  });

  it("[EN3] refuses a token that was sealed for another user", async () => {
    const extension = await newExtension(world.at);
    const other = await newExtension(world.at);
    const body = await sealToken(world.at, other.uid, await newToken());
    expect((await extension.send("/v1/enrol", body)).code).toBe("enrolment-refused");
  });

  it("[EN3] refuses a box with anything else in it", async () => {
    const extension = await newExtension(world.at);
    for (const token of ["", "short", "A".repeat(70), "A".repeat(71)]) {
      expect((await enrol(extension, token)).code).toBe("enrolment-refused");
    }
  });

  it("[PF5] keeps the counter when the same extension enrols again", async () => {
    const extension = await newExtension(world.at);
    expect((await enrol(extension, await newToken(), { ctr: 500 })).status).toBe(200);
    expect((await enrol(extension, await newToken(), { ctr: 500 })).code).toBe("replay");
    expect((await enrol(extension, await newToken(), { ctr: 501 })).status).toBe(200);
  });

  it("[PF6] [EN5] [PA13] never done leaves nothing behind, whatever the stranger signs or guesses", async () => {
    await using empty = await startWorld();
    const stranger = await newExtension(empty.at);
    for (const path of ["/v1/devices", "/v1/envelopes/drop"]) {
      expect((await stranger.send(path)).code).toBe("unknown");
    }
    expect((await stranger.send("/v1/pairing/open")).code).toBe("unknown");
    expect((await stranger.send("/v1/devices", {}, { member: "A".repeat(22) })).code).toBe("unknown");
    for (let i = 0; i < 20; i++) {
      const { code } = await post(empty.broker.url, "/v1/pairing/join", { body: { m: strangeMailboxId() } });
      expect(code).toBe("pairing-unknown");
    }
    const old = await makeEnrolmentToken(enrolmentKeyOf(empty.broker), toSeconds(empty.now()) - 700);
    expect((await stranger.send("/v1/enrol", await sealToken(empty.at, stranger.uid, old))).code).toBe(
      "enrolment-refused",
    );
    const unregistered = await empty.pairedDevice({ registered: false });
    expect((await unregistered.send("/v1/envelope", { grant: unregistered.grant })).code).toBe("unknown");

    const vaults = await readDatabases(empty.broker, "vault");
    expect(vaults.length).toBe(1); // the enrolled user's, who made the grant that was never registered
    expect(vaults[0]).toMatchObject({ devices: [], envelopes: [] });
    expect((await readDatabases(empty.broker, "mailbox")).length).toBe(0);
    expect((await readDatabases(empty.broker, "ticket")).length).toBe(1);
  });
});
