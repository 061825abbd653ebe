import {
  type AuditEntry,
  type AuditLine,
  type AuditPlace,
  gapBefore,
  goesOnFrom,
  skipFrom,
} from "@jcfetch/shared/protocol/audit";
import { describe, expect, it } from "vitest";

const place = (seq: number, letter: string): AuditPlace => ({ seq, ah: letter.repeat(43) });
const EMPTY = { at: 1, did: null, account: null, role: null, mode: null, intent: null, outcome: null };
const line = (seq: number, entry: Partial<AuditEntry>): AuditLine => ({
  entry: { ...EMPTY, seq, act: "fetch", ...entry },
});

describe("where the audit goes on", () => {
  const seen = place(6, "a");
  const behind = place(20, "b");
  const skip = line(21, skipFrom(seen));

  it("[AU5] is right behind what was seen, or behind a gap that begins there", () => {
    expect(gapBefore(skip)).toEqual(seen);
    expect(goesOnFrom(seen, seen, [line(7, {})])).toBe(true);
    expect(goesOnFrom(seen, behind, [skip])).toBe(true);
  });

  it.each<[string, AuditPlace, readonly AuditLine[]]>([
    ["the same number with another hash", place(6, "c"), [line(7, {})]],
    ["a gap that nothing tells of", behind, [line(21, {})]],
    ["nothing", behind, []],
    ["a gap from an earlier place: what was seen is gone", behind, [line(21, skipFrom(place(5, "a")))]],
    ["a gap from another one of that number", behind, [line(21, skipFrom(place(6, "c")))]],
    ["a gap told of later", behind, [line(21, {}), line(22, skipFrom(seen))]],
    ["a gap that leads back", place(3, "b"), [line(4, skipFrom(seen))]],
    ["a gap that is not shown", behind, [{ seq: 21, digest: "d".repeat(43) }]],
    ["a note that is no gap", behind, [line(21, { ...skipFrom(seen), act: "regress" })]],
  ])("[AU5] is not behind %s", (_, from, lines) => {
    expect(goesOnFrom(seen, from, lines)).toBe(false);
  });
});
