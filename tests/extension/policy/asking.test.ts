import { describe, expect, it } from "vitest";
import { Policy } from "../../../extension/src/messaging/policy.ts";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const never = new Promise<never>(() => undefined);

describe("[MP1] a browser that does not say what its policies are", () => {
  /** A browser that answers from the nth question on. */
  function browser(answers: number) {
    let asked = 0;
    const policy = new Policy({
      managed: async () => {
        asked += 1;
        return asked < answers ? never : { formats: ["json"] };
      },
      wait: turn,
    });
    return { policy, asked: () => asked };
  }

  it("is asked again, by one for all who wait", async () => {
    const { policy, asked } = browser(3);
    const [one, other] = await Promise.all([policy.get(), policy.allowsFormat("sh")]);
    expect(one.formats).toEqual(["json"]);
    expect(other).toBe(false);
    expect(asked()).toBe(3);
  });

  it("lets nothing be given, and is asked anew by whoever comes next", async () => {
    const { policy, asked } = browser(11);
    await expect(policy.allowsFormat("sh")).rejects.toThrow();
    expect(asked()).toBe(10);
    expect(await policy.allowsFormat("sh")).toBe(false);
    expect(await policy.allowsFormat("json")).toBe(true);
  });

  it("says that there are none in Firefox's words, which are no fault", async () => {
    const none = new Error("Managed storage manifest not found");
    const policy = new Policy({ managed: () => Promise.reject(none), wait: turn });
    expect(await policy.allowsFormat("sh")).toBe(true);
    expect((await policy.get()).faults).toEqual([]);
  });

  it.each([
    new Error("An unexpected error occurred"),
    new Error("QuotaExceededError"),
    "Managed storage manifest not found",
    undefined,
  ])("has not answered by failing: nothing is given after %s", async (fault) => {
    let failures = 0;
    const managed = async (): Promise<Record<string, unknown>> => {
      failures += 1;
      throw fault;
    };
    const policy = new Policy({ managed, wait: turn });
    await expect(policy.allowsFormat("sh")).rejects.toThrow("does not say");
    expect(failures).toBe(10);
  });

  it("may fail first: what it says then counts", async () => {
    let asked = 0;
    const managed = async (): Promise<Record<string, unknown>> => {
      asked += 1;
      if (asked < 3) throw new Error("An unexpected error occurred");
      return { formats: ["json"] };
    };
    expect(await new Policy({ managed, wait: turn }).allowsFormat("sh")).toBe(false);
  });

  it("may answer late: the first question counts, too", async () => {
    const late = Promise.withResolvers<Record<string, unknown>>();
    let asked = 0;
    const managed = (): Promise<Record<string, unknown>> => {
      asked += 1;
      if (asked === 2) late.resolve({ formats: [] });
      return asked === 1 ? late.promise : never;
    };
    const policy = new Policy({ managed, wait: turn });
    expect((await policy.get()).formats).toEqual([]);
    expect(asked).toBeLessThan(10);
  });
});
