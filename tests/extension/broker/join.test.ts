import type { BrokerId } from "@jcfetch/shared/domain/ids";
import { encodeBrokerAddress } from "@jcfetch/shared/protocol/membership";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWorld, type TestWorld } from "../../support/world.ts";
import { ACME, Background, networkOf, signedIn } from "../messaging/background-world.ts";

/** A real broker in workerd, which may have to be built first. */

let world: TestWorld;
let code: string;
beforeAll(async () => {
  world = await startWorld();
  code = await encodeBrokerAddress({ bid: world.broker.bid as BrokerId, url: world.broker.url });
}, 60_000);
afterAll(() => world[Symbol.asyncDispose]());

/** Paths of the broker that were asked for. */
const pathsAsked = ({ asked }: Background): string[] =>
  asked.filter((url) => url.startsWith(world.broker.url)).map((url) => new URL(url).pathname);

describe("joining as a member, in the extension", () => {
  it("[EN6] [EN9] enrols with the session of the portal, and keeps no word of its token", async () => {
    const background = new Background(networkOf(world.sim));
    const token = await signedIn(world.sim, background);
    expect(await background.ask("joinPreview", { code })).toEqual({
      ok: true,
      value: { url: world.broker.url, permission: null, replaces: null },
    });
    const done = await background.ask("join", { code, portal: ACME });
    expect(done).toEqual({ ok: true, value: { url: world.broker.url, bid: world.broker.bid } });
    expect(await background.ask("state")).toMatchObject({ value: { broker: { status: "ok" } } });
    expect(await background.ask("pairStart")).toMatchObject({ value: { step: "waiting" } });
    expect(background.dump()).not.toContain(token);
  });

  it("[EN6] is refused for a member of another directory, and stays without a broker", async () => {
    const background = new Background(networkOf(world.sim));
    await signedIn(world.sim, background, "globex");
    const done = await background.ask("join", { code, portal: "https://globex.awsapps.com" });
    expect(done).toMatchObject({ ok: false, problem: { code: "not-a-member" } });
    expect(await background.ask("state")).toMatchObject({ value: { broker: { status: "none" } } });
  });

  it("[EN10] sends the token to no broker but the one of the code", async () => {
    const background = new Background(networkOf(world.sim));
    await signedIn(world.sim, background);
    const other = await encodeBrokerAddress({ bid: "A".repeat(43) as BrokerId, url: world.broker.url });
    const done = await background.ask("join", { code: other, portal: ACME });
    expect(done).toMatchObject({ ok: false, problem: { code: "answer-refused" } });
    expect(pathsAsked(background)).toEqual(["/v1/keys"]);
  });

  it("[EN10] sends nothing to an address that the browser may not reach, and nothing without a session", async () => {
    const background = new Background(networkOf(world.sim));
    const url = "https://broker.acme.example";
    const remote = await encodeBrokerAddress({ bid: world.broker.bid as BrokerId, url });
    const signedOut = await background.ask("join", { code: remote, portal: ACME });
    expect(signedOut).toMatchObject({ ok: false, problem: { code: "no-portal" } });
    await signedIn(world.sim, background);
    background.refusedHosts.add(`${url}/*`);
    const preview = await background.ask("joinPreview", { code: remote });
    expect(preview).toMatchObject({ value: { permission: `${url}/*` } });
    const refused = await background.ask("join", { code: remote, portal: ACME });
    expect(refused).toMatchObject({ ok: false, problem: { code: "permission" } });
    expect(background.asked.filter((one) => one.startsWith(url))).toEqual([]);
  });

  it("takes no invite for an address, and no address for an invite", async () => {
    const background = new Background(networkOf(world.sim));
    const invite = await world.broker.newEnrolmentCode();
    const join = await background.ask("join", { code: invite, portal: ACME });
    expect(join).toMatchObject({ ok: false, problem: { code: "bad-request" } });
    const enrol = await background.ask("enrol", { code });
    expect(enrol).toMatchObject({ ok: false, problem: { code: "code-unreadable" } });
  });
});
