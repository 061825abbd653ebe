import type { AskVoice } from "@jcfetch/shared/device-asking";
import type { Region } from "@jcfetch/shared/domain/portal";
import type { RoleCredentials } from "@jcfetch/shared/domain/role-credentials";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "@jcfetch/shared/time";
import { describe, expect, it } from "vitest";
import { Agent } from "../../../cli/src/agent/agent.ts";
import type { Asked } from "../../../cli/src/agent/ports.ts";
import type { Caller } from "../../../cli/src/agent/wire.ts";
import { type Failure, failureOf } from "../../../cli/src/exit.ts";
import { S3_ADMIN } from "../../support/world.ts";
import { after, living, START } from "./moments.ts";

type Fetched = Result<RoleCredentials, Failure>;
const PROGRAM: Caller = { interactive: false };
const PERSON: Caller = { interactive: true };

/** An agent in a world whose time, keys and AWS stand in variables. */
function agentIn() {
  const world = {
    at: START,
    stamp: "keys" as string | undefined,
    asks: false,
    calls: 0,
    /** How often the keys of a source were looked at. */
    looks: 0,
    voices: [] as AskVoice[],
    give: async (): Promise<Fetched> => ok(living(HOUR_MS)),
    /** Ends the patience of whoever waits for a renewal. */
    impatient: Promise.withResolvers<void>(),
  };
  const agent = new Agent({
    now: () => world.at,
    stampOf: () => {
      world.looks += 1;
      return world.stamp;
    },
    pause: () => world.impatient.promise,
    open: async (_ref, voice) =>
      ok({
        asks: () => world.asks,
        credentials: () => {
          world.calls += 1;
          world.voices.push(voice());
          return world.give();
        },
      }),
  });
  const ask = async (more: Partial<Asked> = {}) => {
    const asked: Asked = {
      source: { kind: "brokered" },
      want: S3_ADMIN,
      minTtlMs: undefined,
      caller: PROGRAM,
      ...more,
    };
    const answer = await agent.credentials(asked, { taken() {}, voice: { show() {}, done() {} } });
    if (answer.answer === "credentials") {
      return `${answer.credentials.accessKeyId}${answer.warning === undefined ? "" : ", stale"}`;
    }
    return answer.answer === "failure" ? answer.failure.code : answer.answer;
  };
  return { world, agent, ask };
}

/** Everything that can happen without time going by has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve));
const refusing = (code: Parameters<typeof failureOf>[0]["code"]) => async (): Promise<Fetched> =>
  err(failureOf({ code }));

describe("an agent", () => {
  it("[AG3] makes one call for a hundred who ask at once, and none for those who ask later", async () => {
    const { world, ask } = agentIn();
    const all = await Promise.all(Array.from({ length: 100 }, () => ask()));
    expect(new Set([...all, await ask()])).toEqual(new Set(["ASIAEXAMPLEone"]));
    expect(world.calls).toBe(1);
  });

  it("[AG4] renews ahead what is used, and not what is not", async () => {
    const { world, agent, ask } = agentIn();
    await ask();
    world.at = after(50 * MINUTE_MS);
    world.give = async () => ok(living(2 * HOUR_MS, "two"));
    agent.tend();
    agent.tend();
    await settled();
    expect(world.calls).toBe(2);
    world.at = after(110 * MINUTE_MS);
    agent.tend();
    await settled();
    expect(world.calls).toBe(2);
    expect(await ask({ want: S3_ADMIN })).toBe("ASIAEXAMPLEtwo");
  });

  it("[AG5] gives what is still good where renewing fails, or takes too long", async () => {
    const { world, ask } = agentIn();
    await ask();
    world.at = after(50 * MINUTE_MS);
    world.give = refusing("broker-unreachable");
    expect(await ask()).toBe("ASIAEXAMPLEone, stale");
    expect(await ask()).toBe("ASIAEXAMPLEone, stale");
    expect(world.calls).toBe(2); // it rests between two tries
    world.at = after(51 * MINUTE_MS);
    const late = Promise.withResolvers<Fetched>();
    world.give = () => late.promise;
    const answer = ask();
    await settled();
    world.impatient.resolve();
    expect(await answer).toBe("ASIAEXAMPLEone, stale");
    late.resolve(ok(living(2 * HOUR_MS, "two")));
    await settled();
    expect(await ask()).toBe("ASIAEXAMPLEtwo");
  });

  it("[AG1] fetches once for a longer life, and says so where AWS gives none", async () => {
    const { world, ask } = agentIn();
    await ask();
    world.at = after(30 * MINUTE_MS);
    world.give = async () => ok(living(90 * MINUTE_MS, "two"));
    expect(await ask({ minTtlMs: 45 * MINUTE_MS })).toBe("ASIAEXAMPLEtwo");
    expect(await ask({ minTtlMs: 2 * HOUR_MS })).toBe("too-short");
    expect(world.calls).toBe(2);
  });

  it("[AG6] answers a program from memory, and lets a person try", async () => {
    const { world, ask } = agentIn();
    world.give = refusing("sso-expired");
    expect([await ask(), await ask(), await ask()]).toEqual(Array(3).fill("sso-expired"));
    expect(world.calls).toBe(1);
    expect(await ask({ caller: PERSON })).toBe("sso-expired");
    expect(world.calls).toBe(2);
    world.give = async () => ok(living(HOUR_MS));
    world.at = after(6 * SECOND_MS);
    expect(await ask()).toBe("sso-expired");
    expect(await ask({ caller: PERSON })).toBe("ASIAEXAMPLEone");
    expect(await ask()).toBe("ASIAEXAMPLEone");
  });

  it("[AG7] asks for each caller, tells who asks, and keeps nothing of it", async () => {
    const { world, agent, ask } = agentIn();
    world.asks = true;
    expect(await ask({ caller: PERSON })).toBe("whose");
    const caller = { interactive: true, about: { process: "make", directory: "~/work" } };
    await Promise.all([ask({ caller }), ask({ caller })]);
    expect(world.calls).toBe(2);
    expect(world.voices[0]).toMatchObject({ interactive: true, process: "make", directory: "~/work" });
    expect(agent.holdsNothing).toBe(true);
  });

  it("[AG8] drops what it holds when the keys change, also while it fetches", async () => {
    const { world, agent, ask } = agentIn();
    await ask();
    world.stamp = "other keys";
    world.give = async () => ok(living(HOUR_MS, "two"));
    expect(await ask()).toBe("ASIAEXAMPLEtwo");
    world.stamp = undefined;
    agent.tend();
    expect(agent.holdsNothing).toBe(true);
    const slow = Promise.withResolvers<Fetched>();
    world.give = () => slow.promise;
    const answer = ask();
    await settled();
    world.stamp = "third keys";
    slow.resolve(ok(living(HOUR_MS, "three")));
    await answer;
    expect(agent.roles()).toEqual([]);
  });

  it.each(["revoked", "locked", "policy", "role-not-assigned"] as const)(
    "[AG8] drops what it holds when it hears that the terminal is to have it no more: %s",
    async (code) => {
      const { world, agent, ask } = agentIn();
      await ask();
      world.at = after(50 * MINUTE_MS);
      world.give = refusing(code);
      expect(await ask()).toBe(code);
      expect(agent.holdsNothing).toBe(true);
    },
  );

  it("[AG9] forgets what failed before a sleep", async () => {
    const { world, ask } = agentIn();
    world.give = refusing("browser-offline");
    await ask();
    world.at = { wallMs: START.wallMs + 2 * MINUTE_MS, steadyMs: START.steadyMs + 1 };
    await ask();
    expect(world.calls).toBe(2);
  });

  it("[AG20] gives no role that asks by a shared socket, and is not kept awake by it", async () => {
    const { world, agent, ask } = agentIn();
    await ask();
    world.at = after(10 * MINUTE_MS);
    expect(await ask({ shared: true })).toBe("ASIAEXAMPLEone");
    expect(agent.idleMs()).toBe(10 * MINUTE_MS);
    world.asks = true;
    world.stamp = "other keys";
    expect(await ask({ shared: true, caller: PERSON })).toBe("not-shared");
    expect(world.voices).toHaveLength(1);
    agent.lock();
    expect(await ask({ shared: true })).toBe("agent-locked");
  });

  it("[AG8] looks once at the keys of a source, however many of its roles it holds, and not for those that ended", async () => {
    const { world, agent, ask } = agentIn();
    await ask();
    await ask({ want: { ...S3_ADMIN, role: "ReadOnly" as typeof S3_ADMIN.role } });
    const session = { startUrl: "https://acme.awsapps.com/start", region: "us-east-1" as Region, scopes: [] };
    await ask({ source: { kind: "direct", session: { name: "acme", ...session } } });
    const looksOfTend = (): number => {
      const before = world.looks;
      agent.tend();
      return world.looks - before;
    };
    expect(looksOfTend()).toBe(2);
    world.at = after(2 * HOUR_MS);
    expect([looksOfTend(), agent.roles()]).toEqual([0, []]);
  });

  it("[AG13] that is locked gives nothing, holds nothing, and keeps nothing that comes in late", async () => {
    const { world, agent, ask } = agentIn();
    await ask();
    const slow = Promise.withResolvers<Fetched>();
    world.give = () => slow.promise;
    world.at = after(50 * MINUTE_MS);
    const late = ask({ minTtlMs: 30 * MINUTE_MS });
    await settled();
    agent.lock();
    slow.resolve(ok(living(2 * HOUR_MS)));
    expect(await late).toBe("agent-locked");
    expect([await ask(), await ask({ caller: PERSON })]).toEqual(["agent-locked", "agent-locked"]);
    expect(agent.holdsNothing).toBe(true);
    agent.unlock();
    world.give = async () => ok(living(2 * HOUR_MS));
    expect(await ask()).toBe("ASIAEXAMPLEone");
  });
});
