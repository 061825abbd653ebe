// @vitest-environment happy-dom
import { readFileSync } from "node:fs";
import { act } from "preact/test-utils";
import { describe, expect, test, vi } from "vitest";
import { problem } from "../../../extension/src/messaging/problems.ts";
import { ok, openPopup, refusal } from "./open-popup.tsx";
import { ACME, accountId, device, directoryOf, id, NOW, STORIES, stateOf, view } from "./stories.ts";

const SEARCH = 'input[role="combobox"]';
const HOUR = 3_600_000;
const copied = ok({ expiresAtMs: NOW + HOUR - 1, label: "x" });
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

const active = (popup: ReturnType<typeof openPopup>): string =>
  document
    .getElementById(popup.find(SEARCH).getAttribute("aria-activedescendant") ?? "")
    ?.getAttribute("aria-label") ?? "";

describe("the list of roles", () => {
  test("opens with the search field focused and the first role chosen", () => {
    const popup = openPopup(STORIES.home!);
    expect(document.activeElement).toBe(popup.find(SEARCH));
    expect(active(popup)).toBe("ReadOnly in Payments Prod, production, favorite");
    expect(popup.find('[role="option"][aria-selected="true"]').getAttribute("aria-label")).toBe(
      active(popup),
    );
  });

  test("draws a window of the rows, however many there are", () => {
    openPopup(stateOf({ directory: directoryOf(2_000) }));
    expect(document.querySelectorAll('[role="option"]').length).toBeLessThan(40);
  });

  test("Enter opens the console as the chosen role and closes the popup", async () => {
    const popup = openPopup(STORIES.home!, { openConsole: ok({}) });
    await popup.key("ArrowDown");
    expect(active(popup)).toContain("PowerUser in Data Platform");
    await popup.key("Enter");
    expect(popup.asked).toEqual([
      ["openConsole", { portal: ACME, account: accountId(3), role: "PowerUser" }],
    ]);
    expect(popup.events).toEqual(["closed"]);
  });

  test("Ctrl C copies in the format used last and says so", async () => {
    const prefs = { format: "fish", theme: "system" } as const;
    const popup = openPopup(stateOf({ view: view({ prefs }) }), { copyRole: copied });
    await popup.key("c", { ctrlKey: true });
    expect(popup.asked[0]).toEqual([
      "copyRole",
      { portal: ACME, account: accountId(0), role: "ReadOnly", format: "fish" },
    ]);
    expect(popup.find('[role="status"] .say').textContent).toBe(
      "Copied ReadOnly in Payments Prod. Valid for 59 minutes.",
    );
  });

  test("the copy sign of a row copies that row and opens nothing", async () => {
    const popup = openPopup(STORIES.home!, { copyRole: copied });
    popup
      .find('[data-role="PowerUser"] [data-action="copy"]')
      .dispatchEvent(new MouseEvent("click", { bubbles: true }));
    await popup.settle();
    expect(popup.asked.map(([name]) => name)).toEqual(["copyRole", "state"]);
    expect(popup.asked[0]![1]).toMatchObject({ account: accountId(3), role: "PowerUser" });
  });

  test("a refusal is shown with its next step, and the popup stays", async () => {
    const popup = openPopup(STORIES.home!, {
      openConsole: refusal("x", "your session has ended", "sign in again"),
    });
    await popup.key("Enter");
    expect(popup.find(".notice.bad").textContent).toBe("your session has ended → sign in again");
    expect(popup.events).toEqual([]);
  });

  test("another format is chosen by keyboard alone, remembered and used at once", async () => {
    const popup = openPopup(STORIES.home!, {
      copyRole: copied,
      prefsSet: ok({ format: "fish", theme: "system" }),
    });
    await popup.key("C", { ctrlKey: true, shiftKey: true });
    expect(document.activeElement?.textContent).toBe("bash, zsh, sh");
    await popup.key("ArrowDown");
    await popup.press("fish");
    expect(popup.asked).toContainEqual(["prefsSet", { format: "fish" }]);
    expect(popup.asked).toContainEqual(["copyRole", expect.objectContaining({ format: "fish" })]);
    expect(document.querySelector('[role="menu"]')).toBeNull();
    expect(document.activeElement).toBe(popup.find(SEARCH));
  });

  test("→ reads the roles of an account that was not read yet and shows them below it", async () => {
    const directory = directoryOf(3, { roles: {}, complete: false });
    const popup = openPopup(stateOf({ directory, view: view({ favorites: [], recents: [] }) }), {
      rolesOf: ok({ roles: ["Auditor"] }),
    });
    await popup.key("ArrowRight");
    expect(popup.asked[0]).toEqual(["rolesOf", { portal: ACME, account: accountId(0) }]);
    expect(popup.find('[data-role="Auditor"]').getAttribute("aria-label")).toContain(
      "Auditor in Payments Prod",
    );
  });

  test("Escape clears the search first and closes then", async () => {
    const popup = openPopup(STORIES.search!);
    await popup.key("Escape");
    expect(popup.find<HTMLInputElement>(SEARCH).value).toBe("");
    expect(popup.events).toEqual([]);
    await popup.key("Escape");
    expect(popup.events).toEqual(["closed"]);
  });

  test("Ctrl D takes a favorite away", async () => {
    const popup = openPopup(STORIES.home!, { favoriteSet: ok({}) });
    await popup.key("d", { ctrlKey: true });
    expect(popup.asked[0]).toEqual([
      "favoriteSet",
      { portal: ACME, account: accountId(0), role: "ReadOnly", on: false },
    ]);
  });
});

describe("the one thing to do", () => {
  test("when signed out is to sign in", async () => {
    const popup = openPopup(STORIES["signed-out"]!, { signIn: ok({}) });
    await popup.press("Sign in");
    expect(popup.asked).toEqual([["signIn", { portal: ACME }]]);
    expect(popup.events).toEqual(["closed"]);
  });

  test("when the list could not be read is to try again", async () => {
    const popup = openPopup(STORIES.throttled!, { directory: ok(directoryOf(307)) });
    await popup.press("Try again");
    await popup.settle();
    expect(popup.asked).toContainEqual(["directory", { portal: ACME, refresh: true }]);
    expect(document.querySelector(".banner")).toBeNull();
  });

  test("on the first run is to name the portal, and a wrong address says so and stays", async () => {
    const popup = openPopup(STORIES["first-run"]!, {
      portalAdd: refusal("not-a-portal", "no portal", "paste it"),
    });
    await popup.type('input[inputmode="url"]', " https://example.com ");
    popup.find<HTMLFormElement>("form").requestSubmit();
    await popup.settle();
    expect(popup.asked).toEqual([["portalAdd", { startUrl: "https://example.com" }]]);
    expect(popup.find(".notice.bad").textContent).toBe("no portal → paste it");
  });

  const unfinished = Object.keys(STORIES).filter((name) =>
    /^(signed-out|expired|throttled|offline|page-changed|no-accounts|broken|broker-unreachable|no-terminals|terminals|pair-done|pair-failed)$/.test(
      name,
    ),
  );
  test.each(unfinished)("in the story %s stands as exactly one primary button", (name) => {
    openPopup(STORIES[name]!);
    expect(document.querySelectorAll("button.primary")).toHaveLength(1);
  });
});

describe("the broker", () => {
  const preview = ok({ url: "https://broker.acme.example", permission: "https://broker.acme.example/*" });

  test("is connected with its code after the browser was asked for its address", async () => {
    const popup = openPopup(STORIES["no-broker"]!, {
      enrolPreview: preview,
      enrol: ok({ url: "u", bid: "b" }),
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
    expect(popup.text()).toContain("28 d left");
  });

  test("says of a terminal's store what is true", () => {
    const popup = openPopup(STORIES["no-terminals"]!);
    expect(popup.text()).toContain("The terminal keeps its own key, never your session or a credential.");
  });
});

test("what to do without a broker names no command that does not exist", () => {
  expect(problem("no-broker").next).toBe("make a code where the broker runs and paste it here");
});

test("the faintest ink can be read on both surfaces, in light and in dark", () => {
  const css = readFileSync("extension/src/ui/style/tokens.css", "utf8");
  const color = (name: string, at: number): string =>
    [...css.matchAll(new RegExp(`--${name}: (#\\w{6})`, "g"))][at]![1]!;
  for (const at of [0, 1, 2])
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

  test.each([
    ["pair-choose", "local", 30 * 24 * 3_600],
    ["pair-choose-remote", "over SSH from 10.1.2.3", 24 * 3_600],
  ])(
    "in %s the terminal is shown as %s and gets its lifetime by that",
    async (story, way, lifetimeSeconds) => {
      const popup = openPopup(STORIES[story]!, {
        pairApprove: ok({ step: "done", did: id("x"), name: "n" }),
      });
      expect(popup.find(".card").textContent).toContain(way);
      popup.find<HTMLInputElement>('input[type="checkbox"]').click();
      await popup.settle();
      await popup.press("Give 1 role");
      expect(popup.asked[0]).toEqual([
        "pairApprove",
        {
          portal: ACME,
          roles: [{ account: accountId(0), role: "ReadOnly" }],
          lifetimeSeconds,
          name: story === "pair-choose" ? "thinkpad" : "build-42",
        },
      ]);
    },
  );

  test("going back stops it at the background too", async () => {
    const popup = openPopup(STORIES["pair-words"]!, { pairCancel: ok({}) });
    await popup.press("Stop pairing");
    expect(popup.asked.map(([name]) => name)).toContain("pairCancel");
    expect(popup.store.get().screen).toBe("terminals");
  });
});
