import { describe, expect, it } from "vitest";
import { ACME, Background } from "../messaging/background-world.ts";

const noNetwork: typeof fetch = () => Promise.reject(new TypeError("no network"));
const rule = (match: string) => ({ on: "name", match, environment: "prod", tags: [] });
const role = (account: string) => ({ portal: ACME, account, role: "ReadOnly" });
const PARTS = {
  prefs: { theme: "dark" },
  guard: { clipboardSeconds: 45, noticeMinutes: 10 },
  labels: [{ portal: ACME, account: "111122223333", label: "Pay" }],
  favorites: [role("111122223333"), role("444455556666")],
  rules: [rule("a*"), rule("b*")],
};

async function viewOf(background: Background) {
  const state = await background.ask("state");
  if (!state.ok) throw new Error(state.problem.code);
  const { prefs, guard, favorites, switcher } = state.value;
  return { prefs, guard: guard.prefs, favorites, labels: switcher.labels, rules: switcher.rules.own };
}

describe("[TX2] taking a file over", () => {
  it("adds what is new, changes what the file says, and removes nothing", async () => {
    const background = new Background(noNetwork);
    await background.ask("favoriteSet", { ...role("444455556666"), on: true });
    await background.ask("rulesSet", { rules: [rule("b*"), rule("own*")] });
    const labels = [{ portal: ACME, account: "777788889999", label: "Mine" }];
    await background.ask("transferApply", { prefs: {}, guard: {}, labels, favorites: [], rules: [] });
    expect(await background.ask("transferApply", PARTS)).toMatchObject({ ok: true });
    expect(await viewOf(background)).toMatchObject({
      prefs: { theme: "dark", format: "sh" },
      guard: { clipboardSeconds: 45, noticeMinutes: 10, copyLog: true },
      favorites: [role("444455556666"), role("111122223333")],
      labels: { [ACME]: { "111122223333": "Pay", "777788889999": "Mine" } },
      rules: [rule("b*"), rule("own*"), rule("a*")],
    });
  });

  it("changes nothing at all when a part of it is refused, or cannot be written", async () => {
    const background = new Background(noNetwork);
    await background.ask("rulesSet", { rules: Array.from({ length: 99 }, (_, at) => rule(`${at}`)) });
    const before = await viewOf(background);
    expect(await background.ask("transferApply", PARTS)).toMatchObject({
      problem: { code: "too-many-rules" },
    });
    const bad = { ...PARTS, favorites: [{ ...role("1"), more: 1 }] };
    expect(await background.ask("transferApply", bad)).toMatchObject({ problem: { code: "bad-request" } });
    expect(await viewOf(background)).toEqual(before);

    // The disk is full at the last of them, for that once.
    const write = background.local.set.bind(background.local);
    background.local.set = (items) => {
      if (!("favorites" in items)) return write(items);
      background.local.set = write;
      return Promise.reject(new Error("QUOTA_BYTES"));
    };
    const parts = { ...PARTS, rules: [] };
    expect(await background.ask("transferApply", parts)).toMatchObject({ problem: { code: "bug" } });
    expect(await viewOf(background)).toEqual(before);
  });

  it("says the limit where a file holds too much, and takes over as much as it allows", async () => {
    const background = new Background(noNetwork);
    const many = (count: number): string[] =>
      Array.from({ length: count }, (_, at) => `${100_000_000_000 + at}`);
    const nothing = { prefs: {}, guard: {}, labels: [], favorites: [], rules: [] };
    const parts = {
      labels: many(5_001).map((account) => ({ portal: ACME, account, label: "x" })),
      favorites: many(201).map(role),
      rules: many(101).map(rule),
    };
    const refusals = { labels: "5,000", favorites: "200", rules: "hundred" };
    const before = await viewOf(background);
    for (const part of ["labels", "favorites", "rules"] as const) {
      const take = (some: readonly object[]) => background.ask("transferApply", { ...nothing, [part]: some });
      expect(await take(parts[part])).toMatchObject({
        problem: { code: `too-many-${part}`, text: expect.stringContaining(refusals[part]) },
      });
      expect(await viewOf(background)).toEqual(before);
    }
    const { labels, favorites, rules } = parts;
    const most = { labels: labels.slice(1), favorites: favorites.slice(1), rules: rules.slice(1) };
    expect(await background.ask("transferApply", { ...nothing, ...most })).toMatchObject({ ok: true });
    const after = await viewOf(background);
    expect(Object.keys(after.labels[ACME] ?? {})).toHaveLength(5_000);
    expect(after).toMatchObject({ favorites: most.favorites, rules: most.rules });
  });

  it("weakens nothing that the organization has set", async () => {
    const background = new Background(noNetwork);
    background.policy = { clipboardSeconds: 30, lockAfterMinutes: 7 };
    background.start();
    await background.ask("transferApply", { ...PARTS, guard: { clipboardSeconds: 90, lockMinutes: 0 } });
    expect(await viewOf(background)).toMatchObject({ guard: { clipboardSeconds: 30, lockMinutes: 7 } });
    background.policy = undefined;
    background.start();
    expect(await viewOf(background)).toMatchObject({ guard: { clipboardSeconds: 60, lockMinutes: 0 } });
  });
});
