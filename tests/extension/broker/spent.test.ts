import { describe, expect, it } from "vitest";
import { Spent } from "../../../extension/src/broker/spent.ts";
import { FakeArea } from "../messaging/fake-browser.ts";

const DID = "abcdefghijklmnopqrstuvwxyz";

function startSpent() {
  const clock = { ms: 1_000_000_000_000 };
  const storage = { local: new FakeArea(), session: new FakeArea() };
  /** A background that was put to sleep has its storage, and no more. */
  const wake = (): Spent => new Spent(storage, () => clock.ms);
  return { clock, wake };
}

describe("requests that a device has used up", () => {
  it("[RM3] count once, in any order, and also after the background was put to sleep", async () => {
    const { wake } = startSpent();
    const order = [5, 3, 4, 80, 79, 20];
    for (const counter of order) expect(await wake().spend(DID, counter, 600)).toBeUndefined();
    for (const counter of [...order, 16]) expect(await wake().spend(DID, counter, 600)).toBe("replay");
    expect(await wake().spend("zyxwvutsrqponmlkjihgfedcba", 5, 600)).toBeUndefined();
  });

  it("[RM3] count once when many come at one time", async () => {
    const spent = startSpent().wake();
    const twice = Array.from({ length: 40 }, (_, i) => Math.floor(i / 2) + 1);
    const faults = await Promise.all(twice.map((counter) => spent.spend(DID, counter, 600)));
    expect(faults.filter((fault) => fault === "replay")).toHaveLength(20);
  });

  it("[RM4] are as many in a minute as the policy says, and a replay is none of them", async () => {
    const { clock, wake } = startSpent();
    expect(await wake().spend(DID, 1, 2)).toBeUndefined();
    expect(await wake().spend(DID, 1, 2)).toBe("replay");
    expect(await wake().spend(DID, 2, 2)).toBeUndefined();
    expect(await wake().spend(DID, 3, 2)).toBe("rate");
    expect(await wake().spend(DID, 3, 2)).toBe("replay");
    clock.ms += 60_000;
    expect(await wake().spend(DID, 4, 2)).toBeUndefined();
  });
});
