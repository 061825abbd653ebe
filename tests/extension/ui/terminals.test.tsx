// @vitest-environment happy-dom
import { readFileSync } from "node:fs";
import { act } from "preact/test-utils";
import { describe, expect, test, vi } from "vitest";
import { COMMAND_NAMES } from "../../../cli/src/args-table.ts";
import { problem } from "../../../extension/src/messaging/problems.ts";
import { reduce } from "../../../extension/src/ui/state.ts";
import { ok, openPopup, refusal } from "./open-popup.tsx";
import { STORIES } from "./stories.ts";
import { device, NOW, stateOf, view } from "./story-parts.ts";

/** As WCAG counts it. */
function contrast(a: string, b: string): number {
  const luminance = (color: string): number => {
    const [r, g, bl] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    }) as [number, number, number];
    return 0.2126 * r + 0.7152 * g + 0.0722 * bl;
  };
  const [dim, bright] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (bright + 0.05) / (dim + 0.05);
}

describe("the broker", () => {
  const preview = ok({
    url: "https://broker.acme.example",
    permission: "https://broker.acme.example/*",
    setup: false,
    replaces: null,
  });

  test("is connected with its code after the browser was asked for its address", async () => {
    const popup = openPopup(STORIES["no-broker"]!, {
      enrolPreview: preview,
      enrol: ok({ url: "u", bid: "b", setup: false }),
    });
    await popup.type("input.code", "jcb1_whole");
    expect(popup.text()).toContain("Connects to broker.acme.example");
    await popup.press("Connect");
    expect(popup.events).toEqual(["asked for https://broker.acme.example/*"]);
    expect(popup.asked).toContainEqual(["enrol", { code: "jcb1_whole" }]);
  });

  test("is sent nothing when the browser was told no", async () => {
    const popup = openPopup(STORIES["no-broker"]!, { enrolPreview: preview }, false);
    await popup.type("input.code", "jcb1_whole");
    await popup.press("Connect");
    expect(popup.asked.map(([name]) => name)).not.toContain("enrol");
    expect(popup.find(".notice.bad").textContent).toContain("allow it");
  });

  test("[ST3] that comes with a terminal leads on to what that terminal may be given", async () => {
    const terminal = STORIES["pair-choose-here"]!.pairing;
    const popup = openPopup(STORIES["no-broker"]!, {
      enrolPreview: ok({ url: "http://127.0.0.1:8787", permission: null, setup: true, replaces: null }),
      enrol: ok({ url: "http://127.0.0.1:8787", bid: "b", setup: true }),
      pairState: ok(terminal),
    });
    await popup.type("input.code", "jcs1_whole");
    expect(popup.text()).toContain("Connects to 127.0.0.1:8787. It also pairs the terminal that waits there");
    await popup.press("Connect");
    expect(popup.find(".card").textContent).toContain("thinkpad · ana · this computer");
    expect(document.querySelectorAll("label.tick input:checked")).toHaveLength(0);
  });

  test("that would take another's place says so before anything is sent", async () => {
    const popup = openPopup(STORIES["no-terminals"]!, {
      enrolPreview: ok({
        ...{ url: "http://127.0.0.1:8787", permission: null, setup: true },
        replaces: "https://broker.acme.example",
      }),
    });
    await popup.type("input.code", "jcs1_whole");
    expect(popup.text()).toContain("takes the place of broker.acme.example, whose terminals are removed");
    expect(popup.asked.map(([name]) => name)).not.toContain("enrol");
  });

  test("that is given up while it is away says what stays there, in both places", async () => {
    const popup = openPopup(reduce(STORIES["broker-unreachable"]!, { type: "confirm", key: "broker" }), {
      enrolPreview: ok({
        url: "http://127.0.0.1:8787",
        permission: null,
        setup: false,
        replaces: "https://a.example",
      }),
    });
    const note = "can go on with it for up to twelve hours, unless you sign out";
    expect(popup.find('[role="alertdialog"]').textContent).toContain(note);
    await popup.type("input.code", "jcs1_whole");
    expect(popup.find("#enrol-note").textContent).toContain(note);
    const there = openPopup(reduce(STORIES.terminals!, { type: "confirm", key: "broker" }));
    expect(there.text()).not.toContain("twelve hours");
  });

  test("cannot be connected with half a code", async () => {
    const popup = openPopup(STORIES["no-broker"]!, { enrolPreview: refusal("code-unreadable", "x", "y") });
    await popup.type("input.code", "jcb1_ha");
    expect(popup.button("Connect").disabled).toBe(true);
    expect(popup.text()).toContain("not a whole code yet");
  });

  test("a terminal is removed only after the question was answered", async () => {
    const popup = openPopup(STORIES.terminals!, { deviceRevoke: ok({}) });
    const revoked = () => popup.asked.filter(([name]) => name === "deviceRevoke");
    await popup.press("Remove thinkpad");
    expect(revoked()).toEqual([]);
    expect(document.activeElement?.textContent).toBe("Keep");
    await popup.press("Remove");
    expect(revoked()).toEqual([["deviceRevoke", { did: "abcdefghijklmnopqrstuvwxyz" }]]);
    expect(popup.find(".notice.good").textContent).toContain("thinkpad was removed");
  });
});

describe("the list of terminals", () => {
  const unused = view({ devices: [device({ lastUsedAtMs: null })] });

  test("is asked for when it opens and every few seconds while it is shown, and not after", async () => {
    vi.useFakeTimers();
    try {
      const used = view({ devices: [device({ lastUsedAtMs: NOW })] });
      const popup = openPopup(stateOf({ view: unused, screen: "terminals" }), { state: ok(used) });
      await popup.settle();
      expect(popup.asked).toEqual([["state", {}]]);
      expect(popup.text()).toContain("used just now");
      await act(async () => void (await vi.advanceTimersByTimeAsync(5_000)));
      expect(popup.asked).toHaveLength(2);
      await popup.press("Back");
      await act(async () => void (await vi.advanceTimersByTimeAsync(60_000)));
      expect(popup.asked).toHaveLength(2);
    } finally {
      vi.useRealTimers();
    }
  });

  test("does not call a terminal unused on the strength of an old look", async () => {
    const popup = openPopup(stateOf({ view: unused, screen: "terminals" }));
    expect(popup.text()).toContain("not used yet");
    await act(() => popup.store.dispatch({ type: "tick", nowMs: NOW + 60_000 }));
    expect(popup.text()).not.toContain("not used yet");
    expect(popup.text()).toContain("28\u00a0d\u00a0left");
  });

  test("says of a terminal's store what is true", () => {
    const popup = openPopup(STORIES["no-terminals"]!);
    expect(popup.text()).toContain("The terminal keeps its own key, never your session or a credential.");
  });
});

test("what to do without a broker names no command that does not exist", () => {
  const [, command] = /jcfetch (\w+)/.exec(problem("no-broker").next)!;
  expect(COMMAND_NAMES).toContain(command);
});

test("the faintest ink can be read on both surfaces, in light and in dark", () => {
  const css = readFileSync("extension/src/ui/style/tokens.css", "utf8");
  const color = (name: string, at: number): string =>
    new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(css)![at]!;
  for (const at of [1, 2])
    for (const surface of ["surface", "raised"])
      expect(contrast(color("ink-3", at), color(surface, at))).toBeGreaterThanOrEqual(4.5);
});

describe("pairing", () => {
  test("a code never shows more time than it was made for", () => {
    const waiting = { step: "waiting", code: "jcp1_x", expiresAtMs: NOW + 120_900 } as const;
    const popup = openPopup(stateOf({ screen: "pairing", more: { pairing: waiting } }));
    expect(popup.find('[role="timer"]').textContent).toBe("120 s");
  });

  test("the card keeps each word from turning the writing of the next, and names the address that was seen", () => {
    const terminal = {
      step: "choose",
      host: "\u202egnp",
      osUser: "ana",
      os: "Debian 12",
      ssh: false,
      here: false,
      local: true,
      address: "10.1.2.3",
      expiresAtMs: NOW + 280_000,
    } as const;
    const popup = openPopup(stateOf({ screen: "pairing", more: { pairing: terminal } }));
    expect([...document.querySelectorAll(".card bdi")].map((each) => each.textContent)).toEqual([
      "\u202egnp",
      "ana",
      "Debian 12",
    ]);
    expect(popup.find(".card").textContent).toContain("local from 10.1.2.3");
  });

  test("the code is copied by its button", async () => {
    const popup = openPopup(STORIES["pair-code"]!);
    await popup.press("Copy code");
    expect(popup.events).toEqual([`copied ${popup.find(".pair-code").textContent}`]);
    expect(popup.find('[role="timer"]').textContent).toBe("87 s");
  });

  test("three words pasted into the first field fill all three and are sent together", async () => {
    const failed = { step: "failed", problem: { code: "pairing-words", text: "no", next: "again" } } as const;
    const popup = openPopup(STORIES["pair-words"]!, { pairWords: ok(failed) });
    expect(popup.button("Continue").disabled).toBe(true);
    await popup.type('input[aria-label="First word"]', "Maple orbit  tennis");
    expect(
      [...document.querySelectorAll<HTMLInputElement>(".words input")].map(({ value }) => value),
    ).toEqual(["maple", "orbit", "tennis"]);
    await popup.press("Continue");
    expect(popup.asked).toEqual([["pairWords", { words: "maple orbit tennis" }]]);
    expect(popup.text()).toContain("Not paired");
  });

  test("[PA6] no role is ticked beforehand, and nothing can be given before one is", () => {
    const popup = openPopup(STORIES["pair-choose"]!);
    expect(document.querySelectorAll('input[type="checkbox"]').length).toBeGreaterThan(0);
    expect(document.querySelectorAll('input[type="checkbox"]:checked')).toHaveLength(0);
    expect(popup.button("Choose at least one role").disabled).toBe(true);
  });

  test("going back stops it at the background too", async () => {
    const popup = openPopup(STORIES["pair-words"]!, { pairCancel: ok({}) });
    await popup.press("Stop pairing");
    expect(popup.asked.map(([name]) => name)).toContain("pairCancel");
    expect(popup.store.get().screen).toBe("terminals");
  });
});
