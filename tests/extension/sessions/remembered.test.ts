import { describe, expect, it } from "vitest";
import { remembered } from "../../../extension/src/sessions/remembered.ts";

/** A browser's storage: answers come when they are let, in the order they were asked for. */
function storage() {
  const items: Record<string, unknown> = {};
  const listeners: ((changes: Record<string, unknown>) => void)[] = [];
  let reads = 0;
  let fault: Error | undefined;
  let held: Promise<void> = Promise.resolve();
  const area = remembered({
    async get(key) {
      reads += 1;
      await held;
      if (fault) throw fault;
      return key in items ? { [key]: items[key] } : {};
    },
    async set(changes) {
      await held;
      if (fault) throw fault;
      Object.assign(items, changes);
    },
    async remove(key) {
      await held;
      delete items[key];
    },
    onChanged: { addListener: (listener) => void listeners.push(listener) },
  });
  return {
    ...{ area, items },
    reads: () => reads,
    fail: (error?: Error) => (fault = error),
    /** @returns lets what is asked from now on go on */
    hold(): () => void {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return resolve;
    },
    /** Another part of the browser writes. */
    elsewhere(key: string, value: unknown): void {
      items[key] = value;
      for (const listener of listeners) listener({ [key]: {} });
    },
  };
}

describe("storage that is read once", () => {
  it("asks the browser once for an item, also for one that is not there", async () => {
    const { area, items, reads } = storage();
    items.a = 1;
    expect(await Promise.all([area.get("a"), area.get("a"), area.get("b")])).toEqual([
      { a: 1 },
      { a: 1 },
      {},
    ]);
    await area.get("b");
    expect(reads()).toBe(2);
  });

  it("gives what was written last, and nothing of what was removed", async () => {
    const { area } = storage();
    await area.get("a");
    await area.set({ a: 2, b: 3 });
    expect([await area.get("a"), await area.get("b")]).toEqual([{ a: 2 }, { b: 3 }]);
    await area.remove("a");
    expect(await area.get("a")).toEqual({});
  });

  it("does not remember what it was told while a write was under way", async () => {
    const { area, items, hold } = storage();
    items.a = "before";
    const go = hold();
    const read = area.get("a");
    const written = area.set({ a: "after" });
    const meanwhile = area.get("a");
    go();
    await Promise.all([read, written, meanwhile]);
    expect(await area.get("a")).toEqual({ a: "after" });
  });

  it("hears of what others write", async () => {
    const { area, elsewhere } = storage();
    await area.get("a");
    elsewhere("a", "theirs");
    expect(await area.get("a")).toEqual({ a: "theirs" });
  });

  it("remembers no failure, and what stood before a write that failed stands", async () => {
    const { area, items, fail } = storage();
    items.a = 1;
    fail(new Error("the disk is full"));
    await expect(area.get("a")).rejects.toThrow("full");
    await expect(area.set({ a: 2 })).rejects.toThrow("full");
    fail();
    expect(await area.get("a")).toEqual({ a: 1 });
  });
});
