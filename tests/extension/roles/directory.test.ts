import { MINUTE_MS } from "@jcfetch/shared/time";
import { describe, expect, it } from "vitest";
import { startSim } from "../../sim/start.ts";
import { ACME, Background, networkOf, signedIn } from "../messaging/background-world.ts";

const GLOBEX = "https://globex.awsapps.com";
const HASTE = 1_000;
/** Hundreds of calls over a real socket each, on machines that may be busy. */

describe("the directory", () => {
  it("has every account, and the roles of each, page after page", async () => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim), { haste: HASTE });
    await signedIn(sim, background);
    const view = await background.directory();
    expect(view).toMatchObject({ complete: true, problem: null, progress: null });
    expect(view.accounts).toHaveLength(307);
    expect(view.roles["999999999999"]).toEqual(["ReadOnly", "S3Admin"]);
    const rows = Object.values(view.roles);
    expect(rows).toHaveLength(307);
    expect(rows.filter((roles) => roles.length === 0).length).toBeGreaterThan(0);
    expect(Math.max(...rows.map((roles) => roles.length))).toBeGreaterThanOrEqual(30);
  });

  it("can be used while it is being read, and says how far it is", async () => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim), { haste: HASTE });
    await signedIn(sim, background);
    sim.faults.add({ operation: "ListAccountRoles", kind: "hold" });
    await background.ask("directory", { portal: ACME });
    await sim.faults.waiting("ListAccountRoles");
    const view = await background.ask("directory", { portal: ACME });
    expect(view).toMatchObject({ value: { complete: false, progress: { done: 0, total: 307 } } });
    expect(view.ok && view.value.accounts.length).toBe(307);
    sim.faults.clear();
    expect((await background.directory()).complete).toBe(true);
  });

  it("goes on where it was after the background was stopped", async () => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim), { haste: HASTE });
    await signedIn(sim, background);
    await background.ask("directory", { portal: ACME });
    await background.until("directory", async () => {
      const view = await background.ask("directory", { portal: ACME });
      return view.ok && Object.keys(view.value.roles).length > 40 ? true : undefined;
    });
    background.start();
    const callsBefore = sim.calls("ListAccounts");
    const view = await background.directory();
    expect(view.complete).toBe(true);
    expect(sim.calls("ListAccounts")).toBe(callsBefore);
  });

  it("is read to its end under a throttle, without an error", async () => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim), { haste: 100 });
    await signedIn(sim, background, "globex");
    sim.faults.add({ operation: "ListAccountRoles", kind: "throttle", times: 12 });
    sim.faults.add({ operation: "ListAccounts", kind: "throttle", times: 2 });
    const view = await background.directory(GLOBEX);
    expect(view).toMatchObject({ complete: true, problem: null });
    expect(sim.calls("ListAccountRoles")).toBeGreaterThanOrEqual(view.accounts.length + 12);
  });

  it("keeps what it has when the session ends midway, says why, and is completed after the next sign-in", async () => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim), { haste: HASTE });
    const token = await signedIn(sim, background, "globex");
    sim.faults.add({ operation: "ListAccountRoles", kind: "hold" });
    await background.ask("directory", { portal: GLOBEX });
    await sim.faults.waiting("ListAccountRoles");
    sim.endSession(token);
    sim.faults.clear();
    const stopped = await background.directory(GLOBEX);
    expect(stopped).toMatchObject({ complete: false, problem: { code: "sso-expired" } });
    expect(stopped.accounts.length).toBeGreaterThan(10);
    await signedIn(sim, background, "globex");
    expect(await background.directory(GLOBEX)).toMatchObject({ complete: true, problem: null });
  });

  it("is shown at once with its age, and read anew when it is stale", async () => {
    await using sim = await startSim();
    const clock = { aheadMs: 0 };
    const now = () => Date.now() + clock.aheadMs;
    const background = new Background(networkOf(sim), { haste: HASTE, now });
    await signedIn(sim, background, "globex");
    const { roles } = await background.directory(GLOBEX);
    const callsBefore = sim.calls("ListAccounts");
    await background.directory(GLOBEX);
    expect(sim.calls("ListAccounts")).toBe(callsBefore);

    clock.aheadMs = 16 * MINUTE_MS;
    const stale = await background.ask("directory", { portal: GLOBEX });
    expect(stale.ok && stale.value.ageMs).toBeGreaterThanOrEqual(16 * MINUTE_MS);
    expect(stale).toMatchObject({ value: { roles, complete: true } });
    expect((await background.directory(GLOBEX)).ageMs).toBeLessThan(MINUTE_MS);
    expect(sim.calls("ListAccounts")).toBeGreaterThan(callsBefore);
  });

  it("shows nothing of one user's to the next at the same portal", async () => {
    await using sim = await startSim();
    const background = new Background(networkOf(sim), { haste: HASTE });
    await signedIn(sim, background);
    const ana = await background.directory();
    await background.cookies.remove("acme.awsapps.com");
    await signedIn(sim, background, "acme", "ben");
    const atOnce = await background.ask("directory", { portal: ACME });
    expect(atOnce).toMatchObject({ value: { accounts: [], roles: {} } });
    const ben = await background.directory();
    expect(ben.accounts.length).toBeLessThan(ana.accounts.length);
    expect(Object.keys(ben.roles).toSorted()).toEqual(ben.accounts.map(({ id }) => id as string).toSorted());
  });

  it("does not ask AWS again and again while something stands in the way", async () => {
    const background = new Background(() => Promise.reject(new TypeError("offline")), { haste: HASTE });
    await background.ask("portalAdd", { startUrl: `${ACME}/start`, region: "us-east-1" });
    for (let i = 0; i < 5; i++) {
      expect(await background.directory()).toMatchObject({ problem: { code: "signed-out" }, accounts: [] });
    }
    expect(background.asked).toEqual([]);
  });
});
