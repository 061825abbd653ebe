import { expect, test } from "vitest";
import {
  choiceKey,
  choosableRoles,
  MAX_ROLES,
  readChoice,
  toggleChoice,
} from "../../../extension/src/ui/choices.ts";
import { accountId, directoryOf } from "./story-parts.ts";

test("[PA6] what was ticked stays in sight while something else is searched", () => {
  const ticked = new Set([`${accountId(2)}/PowerUser`]);
  const shown = choosableRoles(directoryOf(5), "sandbox", ticked);
  expect(shown.map(choiceKey)).toEqual([...ticked]);
  expect(choosableRoles(directoryOf(5), "nonprod deploy", ticked).map(choiceKey)).toEqual([
    ...ticked,
    `${accountId(4)}/Deploy`,
  ]);
});

test("no more roles can be ticked than one grant holds, but any can be taken back", () => {
  const full = new Set(Array.from({ length: MAX_ROLES }, (_, at) => `${accountId(at)}/ReadOnly`));
  expect(toggleChoice(full, "999999999999/S3Admin")).toBe(full);
  expect(toggleChoice(full, `${accountId(0)}/ReadOnly`).size).toBe(MAX_ROLES - 1);
  expect(toggleChoice(new Set(), "999999999999/S3Admin")).toEqual(new Set(["999999999999/S3Admin"]));
});

test("a ticked role comes back as it went in", () => {
  const role = { account: "999999999999", role: "Odd+name=@x" };
  expect(readChoice(choiceKey(role))).toEqual(role);
});
