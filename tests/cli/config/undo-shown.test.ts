import { expect, it } from "vitest";
import { difference } from "../../../cli/src/commands/profiles-undo.ts";

const profile = (i: number): string[] => [`[profile p${i}]`, `jcfetch_account_id = ${i}`];
const profiles = (count: number): string[] => Array.from({ length: count }, (_, i) => profile(i)).flat();

it("shows each line of a change that is taken back", () => {
  expect(difference({ from: profiles(2), to: profiles(1) })).toEqual([
    "- [profile p1]",
    "- jcfetch_account_id = 1",
  ]);
});

it("shows of hundreds of profiles their names alone", () => {
  const lines = difference({ from: profiles(694), to: [] });
  expect(lines).toEqual(Array.from({ length: 694 }, (_, i) => `- [profile p${i}]`));
});
