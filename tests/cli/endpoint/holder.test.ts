import type { RoleCredentials } from "@jcfetch/shared/domain/role-credentials";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { Secret } from "@jcfetch/shared/secret";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "@jcfetch/shared/time";
import { describe, expect, it } from "vitest";
import type { Fetched } from "../../../cli/src/credentials.ts";
import { holdRole } from "../../../cli/src/endpoint/holder.ts";
import { type Failure, fail } from "../../../cli/src/exit.ts";

/** AWS as far as a holder sees it: credentials of some life, or a refusal, after a while if it is held back. */
function world({ lifeMs = HOUR_MS, minTtlMs }: { lifeMs?: number; minTtlMs?: number } = {}) {
  const at = {
    nowMs: 1_000_000,
    lifeMs,
    fetches: 0,
    refuses: undefined as Failure | undefined,
    warning: undefined as string | undefined,
    held: undefined as Promise<void> | undefined,
    said: [] as string[],
  };
  const fetch = async (): Promise<Result<Fetched, Failure>> => {
    at.fetches += 1;
    const number = at.fetches;
    await at.held;
    if (at.refuses) return err(at.refuses);
    const credentials: RoleCredentials = {
      accessKeyId: `ASIA${number}`,
      secretAccessKey: new Secret("s"),
      sessionToken: new Secret("t"),
      expiresAtMs: at.nowMs + at.lifeMs,
    };
    return ok({ credentials, ...(at.warning === undefined ? {} : { warning: at.warning }) });
  };
  const holder = holdRole({
    fetch,
    now: () => at.nowMs,
    tell: (line) => at.said.push(line),
    ...(minTtlMs === undefined ? {} : { minTtlMs }),
  });
  const id = async (): Promise<string> => {
    const got = await holder.credentials();
    return got.ok ? got.value.accessKeyId : got.error.code;
  };
  return { at, id };
}

const ENDED = fail("not-paired", "it is over", "begin again");

describe("held credentials", () => {
  it("[US7] are renewed a quarter of an hour before they end, and not before", async () => {
    const { at, id } = world();
    expect([await id(), await id()]).toEqual(["ASIA1", "ASIA1"]);
    at.nowMs += 45 * MINUTE_MS - 1;
    expect(await id()).toBe("ASIA1");
    at.nowMs += 1;
    expect(await id()).toBe("ASIA2");
  });

  it("[US7] that live shorter are renewed in the last quarter of their life", async () => {
    const { at, id } = world({ lifeMs: 20 * SECOND_MS });
    expect(await id()).toBe("ASIA1");
    at.nowMs += 15 * SECOND_MS - 1;
    expect(await id()).toBe("ASIA1");
    at.nowMs += 1;
    expect(await id()).toBe("ASIA2");
  });

  it("[US7] are renewed as soon as they live shorter than was asked for", async () => {
    const { at, id } = world({ minTtlMs: 50 * MINUTE_MS });
    expect(await id()).toBe("ASIA1");
    at.nowMs += 10 * MINUTE_MS;
    expect(await id()).toBe("ASIA2");
  });

  it("[US7] cost one call for all who ask at one time, also for those who have given up", async () => {
    const { at, id } = world();
    const { promise, resolve } = Promise.withResolvers<void>();
    at.held = promise;
    const all = Promise.all([id(), id(), id()]);
    resolve();
    expect(await all).toEqual(["ASIA1", "ASIA1", "ASIA1"]);
    expect(at.fetches).toBe(1);
  });

  it("[US7] serve on while they are good when the renewal fails, which is said once, and tried every ten seconds", async () => {
    const { at, id } = world();
    await id();
    at.refuses = ENDED;
    at.nowMs += 46 * MINUTE_MS;
    expect([await id(), await id(), await id()]).toEqual(["ASIA1", "ASIA1", "ASIA1"]);
    expect([at.fetches, at.said]).toEqual([2, ["not renewed: it is over; begin again"]]);
    at.nowMs += 10 * SECOND_MS;
    expect([await id(), at.fetches, at.said.length]).toEqual(["ASIA1", 3, 1]);
    at.refuses = undefined;
    at.nowMs += 10 * SECOND_MS;
    expect(await id()).toBe("ASIA4");
  });

  it("[US7] that are over are not served", async () => {
    const { at, id } = world();
    await id();
    at.refuses = ENDED;
    at.nowMs += HOUR_MS;
    expect(await id()).toBe("not-paired");
    expect(at.fetches).toBe(2);
  });

  it("[US7] are not asked for again and again when AWS gives none that live longer", async () => {
    const { at, id } = world({ lifeMs: 30 * MINUTE_MS, minTtlMs: 45 * MINUTE_MS });
    expect([await id(), await id(), await id()]).toEqual(["ASIA1", "ASIA1", "ASIA1"]);
    expect(at.fetches).toBe(1);
  });

  it("tell what is not as it should be once", async () => {
    const { at, id } = world();
    at.warning = "these end soon";
    await id();
    at.nowMs += 50 * MINUTE_MS;
    await id();
    expect(at.said).toEqual(["these end soon"]);
  });
});
