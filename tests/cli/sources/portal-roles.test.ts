import type { PortalError } from "@jcfetch/shared/aws/errors";
import type { PortalAccess } from "@jcfetch/shared/aws/portal-client";
import type { AccountId, RoleName } from "@jcfetch/shared/domain/ids";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { describe, expect, it } from "vitest";
import { fail } from "../../../cli/src/exit.ts";
import {
  allPages,
  type Checkpoint,
  type Lists,
  type Progress,
  readPortalRoles,
} from "../../../cli/src/sources/portal-roles.ts";

const idOf = (i: number): AccountId => String(100_000_000_000 + i) as AccountId;

/** A portal of so many accounts with two roles each, on a clock that waiting moves; each call takes a tenth of a second. */
function portal(number: number) {
  const at = { nowMs: 1_000_000, calls: [] as number[], asked: [] as string[] };
  const answers: { refuse?: (what: string) => PortalError | undefined } = {};
  const sleepers: { atMs: number; wake: () => void }[] = [];
  /** Time goes on when everybody waits. */
  const wait = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      sleepers.push({ atMs: at.nowMs + ms, wake: resolve });
      setImmediate(() => {
        sleepers.sort((a, b) => a.atMs - b.atMs);
        const first = sleepers.shift();
        at.nowMs = Math.max(at.nowMs, first?.atMs ?? 0);
        first?.wake();
      });
    });
  const answered = async <T>(what: string, value: T): Promise<Result<T, PortalError>> => {
    at.calls.push(at.nowMs);
    at.asked.push(what);
    const refusal = answers.refuse?.(what);
    await wait(100);
    return refusal ? err(refusal) : ok(value);
  };
  const lists: Lists = {
    accounts: (_, next) => {
      const from = Number(next ?? 0);
      const items = Array.from({ length: Math.min(100, number - from) }, (_, i) => ({
        account: idOf(from + i),
        name: `Account ${from + i}`,
      }));
      return answered("accounts", { items, ...(from + 100 < number ? { next: String(from + 100) } : {}) });
    },
    roles: (_, account, next) =>
      answered(
        account,
        next ? { items: ["ReadOnly" as RoleName] } : { items: ["Admin" as RoleName], next: "2" },
      ),
  };
  const kept: { checkpoint: Checkpoint | undefined } = { checkpoint: undefined };
  const told: Progress[] = [];
  const read = () =>
    readPortalRoles({
      lists,
      withToken: async (call) => {
        const answer = await call({} as PortalAccess);
        return answer.ok ? answer : err(fail("busy", answer.error.code, ""));
      },
      now: () => at.nowMs,
      wait,
      random: () => 0.5,
      load: async () => kept.checkpoint,
      save: async (checkpoint) => {
        kept.checkpoint = structuredClone(checkpoint);
      },
      progress: (progress) => told.push(progress),
    });
  return { at, answers, kept, told, read };
}

describe("reading all roles of a portal", () => {
  it("[PR8] asks for every page, never more than twenty times in any second, and tells how far it is", async () => {
    const { at, told, kept, read } = portal(150);
    const done = await read();
    expect(done.ok && done.value.length).toBe(300);
    expect(done.ok && done.value[1]).toEqual({
      account: idOf(0),
      role: "ReadOnly",
      accountName: "Account 0",
    });
    for (const from of at.calls) {
      expect(at.calls.filter((ms) => ms >= from && ms < from + 1_000).length).toBeLessThanOrEqual(20);
    }
    expect(told[0]).toMatchObject({ done: 0, total: 150 });
    expect(told.at(-1)).toMatchObject({ done: 150, total: 150, leftMs: 0 });
    expect(kept.checkpoint).toBeUndefined();
  });

  it("[PR8] waits as long as AWS says, and asks again for what was refused", async () => {
    const { at, answers, read } = portal(30);
    let refusedAtMs = 0;
    answers.refuse = (what) => {
      if (what !== idOf(7) || refusedAtMs > 0) return undefined;
      refusedAtMs = at.nowMs + 100;
      return { code: "throttled", retryAfterMs: 5_000 };
    };
    const done = await read();
    expect(done.ok && done.value.length).toBe(60);
    // Those that had their turn already go; then nobody asks.
    const meanwhile = at.calls.filter((ms) => ms > refusedAtMs + 1_000 && ms < refusedAtMs + 5_000);
    expect(meanwhile).toEqual([]);
    expect(at.asked.filter((what) => what === idOf(7))).toHaveLength(3);
  });

  it("[PR8] goes on where it was stopped, and asks nothing twice but what was under way", async () => {
    const { at, answers, kept, read } = portal(100);
    answers.refuse = (what) => (what === idOf(60) ? { code: "unauthorized" } : undefined);
    expect(await read()).toMatchObject({ ok: false, error: { title: "unauthorized" } });
    const known = Object.keys(kept.checkpoint?.roles ?? {});
    expect(known.length).toBeGreaterThanOrEqual(55);

    at.asked.length = 0;
    answers.refuse = () => undefined;
    const done = await read();
    expect(done.ok && done.value.length).toBe(200);
    expect(at.asked).not.toContain("accounts");
    expect(at.asked.filter((what) => known.includes(what))).toEqual([]);
  });

  it("[PR8] begins anew where a stopped reading is older than a quarter of an hour", async () => {
    const { at, kept, read } = portal(3);
    kept.checkpoint = { startedAtMs: at.nowMs - 900_000, accounts: [], roles: {} };
    const done = await read();
    expect(done.ok && done.value.length).toBe(6);
  });

  it("[PR8] passes over an account that may not be looked into, and gives up where trying does not help", async () => {
    const { answers, read } = portal(4);
    answers.refuse = (what) => (what === idOf(1) ? { code: "forbidden" } : undefined);
    const done = await read();
    expect(done.ok && done.value.length).toBe(6);
    answers.refuse = () => ({ code: "unreachable" });
    expect(await read()).toMatchObject({ ok: false, error: { title: "unreachable" } });
  });
});

it("[PR8] [CL6] gives up a list without an end", async () => {
  let pages = 0;
  const endless = await allPages(async () => {
    pages++;
    return ok({ items: [], next: "more" });
  });
  expect(endless).toMatchObject({ ok: false, error: { code: "upstream" } });
  expect(pages).toBe(1_000);
});
