import { HOUR_MS, MINUTE_MS, SECOND_MS } from "@jcfetch/shared/time";
import { describe, expect, it } from "vitest";
import { CredentialStore } from "../../../cli/src/agent/store.ts";
import { after, living, START } from "./moments.ts";

/** Holds one role, in use, that lives so long from START on. */
function holding(lifeMs: number): CredentialStore {
  const store = new CredentialStore();
  store.hold("role", living(lifeMs), START);
  store.used("role");
  return store;
}

describe("credentials that are held", () => {
  it.each([
    [HOUR_MS, 45 * MINUTE_MS],
    [12 * HOUR_MS, 12 * HOUR_MS - 15 * MINUTE_MS],
    [20 * MINUTE_MS, 15 * MINUTE_MS],
  ])("[AG4] of %d ms are renewed after %d ms, and not before", (lifeMs, atMs) => {
    const store = holding(lifeMs);
    expect(store.due(after(atMs - 1))).toEqual([]);
    expect(store.look("role", undefined, after(atMs - 1))).toMatchObject({ do: "serve", stale: false });
    expect(store.due(after(atMs))).toEqual(["role"]);
    expect(store.look("role", undefined, after(atMs))).toMatchObject({ do: "renew" });
  });

  it("[AG4] are not renewed ahead where nobody has used them since", () => {
    const store = new CredentialStore();
    store.hold("role", living(HOUR_MS), START);
    expect(store.due(after(50 * MINUTE_MS))).toEqual([]);
    store.used("role");
    expect(store.due(after(50 * MINUTE_MS))).toEqual(["role"]);
    store.hold("role", living(2 * HOUR_MS), after(50 * MINUTE_MS));
    expect(store.due(after(110 * MINUTE_MS))).toEqual([]);
  });

  it("[AG5] rest after a failure, for a pause that grows, and are served meanwhile", () => {
    const store = holding(HOUR_MS);
    let at = 46 * MINUTE_MS;
    for (const pauseMs of [15, 30, 60, 120, 120].map((seconds) => seconds * SECOND_MS)) {
      store.failed("role", after(at));
      expect(store.look("role", undefined, after(at + pauseMs - 1))).toMatchObject({
        do: "serve",
        stale: true,
      });
      expect(store.due(after(at + pauseMs - 1))).toEqual([]);
      at += pauseMs;
      expect(store.due(after(at))).toEqual(["role"]);
    }
  });

  it("[AG1] are no answer to a wish for a longer life, and a fresh look at AWS is one for a minute", () => {
    const store = holding(HOUR_MS);
    expect(store.look("role", 50 * MINUTE_MS, after(MINUTE_MS))).toMatchObject({ do: "serve" });
    expect(store.look("role", 50 * MINUTE_MS, after(11 * MINUTE_MS))).toEqual({ do: "fetch" });
    const wish = 2 * HOUR_MS;
    expect(store.look("role", wish, after(30 * SECOND_MS))).toEqual({
      do: "refuse",
      leftMs: HOUR_MS - 30 * SECOND_MS,
    });
    expect(store.look("role", wish, after(MINUTE_MS))).toEqual({ do: "fetch" });
  });

  it("[AG9] end on time, whatever becomes of the clock", () => {
    const store = holding(HOUR_MS);
    // Asleep: the steady clock stood still.
    const asleep = { wallMs: START.wallMs + 2 * HOUR_MS, steadyMs: START.steadyMs + MINUTE_MS };
    expect(store.look("role", undefined, asleep)).toEqual({ do: "fetch" });
    // The clock was set back by a day, and an hour went by.
    const setBack = { wallMs: START.wallMs - 24 * HOUR_MS, steadyMs: START.steadyMs + HOUR_MS };
    expect(store.look("role", undefined, setBack)).toEqual({ do: "fetch" });
    expect(store.due({ ...setBack, steadyMs: START.steadyMs + 46 * MINUTE_MS })).toEqual(["role"]);
    store.expire(setBack);
    expect(store.size).toBe(0);
  });

  it("[AG9] are of no use in their last seconds", () => {
    expect(holding(HOUR_MS).look("role", undefined, after(HOUR_MS - 4 * SECOND_MS))).toEqual({ do: "fetch" });
  });
});
