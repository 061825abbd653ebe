import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { type Sim, startSim } from "../sim/start.ts";
import { openDirectTerminal, signInByCode } from "../support/direct.ts";

let sim: Sim;
beforeAll(async () => {
  await ensureBuilt("cli");
  sim = await startSim();
});
afterAll(() => sim.close());

describe("by a sign-in of this terminal's own", () => {
  it("[US3] [US10] commands run as the role of a profile, and as any role of a session that is named", async () => {
    await using direct = await openDirectTerminal(sim);
    const { terminal } = direct;
    const before = await terminal.run("exec", "acme-s3", "--", "/bin/false");
    expect([before.code, before.stdout]).toEqual([6, ""]);
    await signInByCode(sim, terminal, "acme");
    const role = (stdout: string): string | undefined =>
      sim.world.credentials.find(/ASIA\w+/.exec(stdout)?.[0] ?? "")?.role.name;
    const own = await terminal.run("exec", "acme-s3", "--static", "--", "env");
    expect(role(own.stdout)).toBe("S3Admin");
    const named = await terminal.run(
      ...["exec", "--session", "acme", "999999999999/ReadOnly", "--static", "--", "env"],
    );
    expect(role(named.stdout)).toBe("ReadOnly");
    const many = await terminal.run("run", "acme-*", "--static", "--json", "--", "env");
    expect([many.code, role(many.stdout)]).toEqual([0, "S3Admin"]);
  });
});
