import { describe, expect, it } from "vitest";
import type { Choice } from "../../../cli/src/pick/choices.ts";
import { ranked, score } from "../../../cli/src/pick/fuzzy.ts";
import { type Recent, weightOf, withChosen } from "../../../cli/src/pick/recent.ts";
import { keysIn, linesOf, openScreen, press, type Screen } from "../../../cli/src/pick/screen.ts";

const choice = (name: string, account: string, role: string, ...tags: string[]): Choice => ({
  ...{ name, account, role, tags },
  about: `${account}/${role}`,
});
const ALL = [
  choice("dev", "111122223333", "PowerUser", "eu"),
  choice("payments-prod", "444455556666", "ReadOnly", "prod", "eu"),
  choice("payments-dev", "444455557777", "ReadOnly"),
  choice("777788889999/S3Admin", "777788889999", "S3Admin"),
];
const unused = () => 0;
const names = (typed: string, weight: (name: string) => number = unused) =>
  ranked(typed, ALL, weight).map(({ name }) => name);

describe("the choice", () => {
  it.each([
    ["", ["dev", "payments-prod", "payments-dev", "777788889999/S3Admin"]],
    ["dev", ["dev", "payments-dev"]],
    ["pp", ["payments-prod"]],
    ["pu", ["dev"]],
    ["READ prod", ["payments-prod"]],
    ["prod read", ["payments-prod"]],
    ["6666", ["payments-prod"]],
    ["s3", ["777788889999/S3Admin"]],
    ["eu", ["dev", "payments-prod"]],
    ["zzz", []],
  ])("[CF6] of %j is %j", (typed, expected) => {
    expect(names(typed)).toEqual(expect.arrayContaining(expected));
    expect(names(typed).slice(0, expected.length).sort()).toEqual([...expected].sort());
    expect(names(typed)[0]).toBe(expected[0]);
  });

  it("[CF6] puts first what is used more, of those that fit alike", () => {
    expect(names("", (name) => (name === "payments-dev" ? 2 : 0))[0]).toBe("payments-dev");
    expect(names("dev", (name) => (name === "payments-dev" ? 999 : 0))[0]).toBe("dev");
  });

  it("[CF6] takes letters at the beginning of words for more than others", () => {
    expect(score("pu", "PowerUser")).toBeGreaterThan(score("wr", "PowerUser")!);
    expect(score("xq", "PowerUser")).toBeUndefined();
  });
});

describe("what was chosen before", () => {
  const DAY = 86_400_000;
  it("[CF6] counts half after a week, and is kept for two hundred names", () => {
    let recent: Recent = withChosen({}, "dev", 0);
    recent = withChosen(recent, "dev", 0);
    expect(weightOf(recent, "dev", 7 * DAY)).toBeCloseTo(1);
    expect(weightOf(recent, "dev", -DAY)).toBe(2);
    expect(weightOf(recent, "__proto__", 0)).toBe(0);
    for (let i = 0; i < 300; i++) recent = withChosen(recent, `p${i}`, 8 * DAY);
    expect(Object.keys(recent)).toHaveLength(200);
  });
});

describe("keys", () => {
  const after = (...keys: string[]): Screen => {
    let screen = openScreen(ALL, unused);
    for (const key of keys) {
      const pressed = press(screen, key);
      if (pressed.kind !== "screen") throw new Error(pressed.kind);
      ({ screen } = pressed);
    }
    return screen;
  };

  it("[CF6] are told apart, sequences and all", () => {
    expect(keysIn("a\u001b[A\u001bOB\u001b[5~é\u001b")).toEqual([
      "a",
      "\u001b[A",
      "\u001bOB",
      "\u001b[5~",
      "é",
      "\u001b",
    ]);
  });

  it("[CF6] type, correct, move and take", () => {
    expect(after("d", "e", "x", "\u007f").typed).toBe("de");
    expect(after("a", "b", " ", "c", "\u0017").typed).toBe("ab ");
    expect(after("a", "\u0015").typed).toBe("");
    expect(after("\u001b[B", "\u001b[B", "\u001b[A").at).toBe(1);
    expect(after("\u001b[A").at).toBe(0);
    expect(after("\u001b[F").at).toBe(ALL.length - 1);
    expect(after("\u001b[F", "d").at).toBe(0);
    expect(press(after("s", "3"), "\r")).toEqual({ kind: "chosen", choice: ALL[3] });
    expect(press(after("z", "z"), "\r").kind).toBe("screen");
  });

  it("[CF6] Esc clears first and then leaves; Ctrl-C leaves at once", () => {
    expect(after("d", "\u001b").typed).toBe("");
    expect(press(after(), "\u001b").kind).toBe("canceled");
    expect(press(after("d"), "\u0003").kind).toBe("canceled");
  });

  it("[CF6] leave a screen that is never wider or higher than it may be", () => {
    const many = Array.from({ length: 500 }, (_, i) =>
      choice(`account-${i}-${"x".repeat(90)}`, "111122223333", "Admin"),
    );
    let screen = openScreen(many, unused);
    for (let i = 0; i < 40; i++) {
      const pressed = press(screen, "\u001b[B");
      if (pressed.kind === "screen") ({ screen } = pressed);
    }
    const lines = linesOf(screen, 60);
    expect(lines).toHaveLength(12);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(60);
    expect(lines.filter((line) => line.startsWith("> account-40-"))).toHaveLength(1);
  });
});
