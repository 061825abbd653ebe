import { SECOND_MS } from "@jcfetch/shared/time";
import { describe, expect, it } from "vitest";
import { RefusalMemory } from "../../../cli/src/agent/refusals.ts";
import { failureOf } from "../../../cli/src/exit.ts";
import { after } from "./moments.ts";

const ended = failureOf({ code: "sso-expired" });

describe("a refusal", () => {
  it("[AG6] is remembered for 5 s, then twice as long each time, up to a minute", () => {
    const memory = new RefusalMemory();
    let at = 0;
    for (const seconds of [5, 10, 20, 40, 60, 60]) {
      memory.remember("brokered", "a", ended, after(at));
      expect(memory.answer("brokered", "a", after(at + seconds * SECOND_MS - 1))).toBe(ended);
      at += seconds * SECOND_MS;
      expect(memory.answer("brokered", "a", after(at))).toBeUndefined();
    }
    memory.mended("brokered", "a");
    memory.remember("brokered", "a", ended, after(at));
    expect(memory.answer("brokered", "a", after(at + 5 * SECOND_MS))).toBeUndefined();
  });

  it("[AG6] of the session holds for all roles of a source, one of a role for that alone", () => {
    const memory = new RefusalMemory();
    memory.remember("brokered", "a", failureOf({ code: "policy" }), after(0));
    expect(memory.answer("brokered", "a", after(1))?.code).toBe("policy");
    expect(memory.answer("brokered", "b", after(1))).toBeUndefined();
    memory.remember("brokered", "a", ended, after(0));
    expect(memory.answer("brokered", "b", after(1))).toBe(ended);
  });

  it.each(["upstream", "rate", "broker-unreachable", "internal"] as const)(
    "[AG6] that passes by itself (%s) is not remembered",
    (code) => {
      const memory = new RefusalMemory();
      memory.remember("brokered", "a", failureOf({ code }), after(0));
      expect(memory.answer("brokered", "a", after(1))).toBeUndefined();
    },
  );
});
