import { expect, test } from "vitest";
import { judgePress, type PressFault, type PressSnapshot } from "../../../extension/src/portal/guard.ts";

const honest: PressSnapshot = {
  trusted: true,
  by: "pointer",
  clicks: 1,
  focused: true,
  pageVisible: true,
  shownForMs: 300,
  box: { left: 100, top: 100, right: 180, bottom: 122 },
  viewport: { width: 1280, height: 900 },
  rendered: true,
  opacity: 1,
  effects: [],
  onTop: [true, true, true, true, true],
};

test.each<[string, Partial<PressSnapshot>]>([
  ["a click", {}],
  ["Enter or Space", { by: "keyboard", clicks: 0 }],
  ["a double click", { clicks: 2 }],
  ["a button at the very edge of the window", { box: { left: 0, top: 0, right: 1280, bottom: 900 } }],
  ["the least opacity", { opacity: 0.9 }],
  ["the least size", { box: { left: 0, top: 0, right: 16, bottom: 16 } }],
])("[EX6] a press that counts: %s", (_what, change) => {
  expect(judgePress({ ...honest, ...change })).toBeUndefined();
});

test.each<[string, Partial<PressSnapshot>, PressFault]>([
  ["made by script", { trusted: false }, "synthetic"],
  ["a pointer event without a click", { clicks: 0 }, "synthetic"],
  ["while the focus is elsewhere", { focused: false }, "no-focus"],
  ["in a hidden tab", { pageVisible: false }, "page-hidden"],
  ["on a button that has just come up under the pointer", { shownForMs: 299 }, "too-soon"],
  ["on a button made narrow", { box: { left: 0, top: 0, right: 15, bottom: 30 } }, "too-small"],
  ["on a button made flat", { box: { left: 0, top: 0, right: 80, bottom: 15 } }, "too-small"],
  ["left of the window", { box: { left: -1, top: 0, right: 80, bottom: 20 } }, "off-screen"],
  ["above the window", { box: { left: 0, top: -1, right: 80, bottom: 20 } }, "off-screen"],
  ["right of the window", { box: { left: 1220, top: 0, right: 1281, bottom: 20 } }, "off-screen"],
  ["below the window", { box: { left: 0, top: 880, right: 80, bottom: 901 } }, "off-screen"],
  ["on something not rendered", { rendered: false }, "not-rendered"],
  ["on something half transparent", { opacity: 0.89 }, "see-through"],
  ["under a filter", { effects: ["filter"] }, "restyled"],
  ["with one corner covered", { onTop: [true, true, true, true, false] }, "covered"],
  ["with its center covered", { onTop: [false, true, true, true, true] }, "covered"],
])("[EX6] a press that does not count: %s", (_what, change, fault) => {
  expect(judgePress({ ...honest, ...change })).toBe(fault);
});
