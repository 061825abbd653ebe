// @vitest-environment happy-dom
import { describe, expect, test } from "vitest";
import { ok, openPopup, refusal } from "./open-popup.tsx";
import { STORIES } from "./stories.ts";
import { ACME, accountId, directoryOf, NOW, stateOf, view } from "./story-parts.ts";

const SEARCH = 'input[role="combobox"]';
const HOUR = 3_600_000;
const copied = ok({ expiresAtMs: NOW + HOUR - 1, label: "x" });

const active = (popup: ReturnType<typeof openPopup>): string =>
  document
    .getElementById(popup.find(SEARCH).getAttribute("aria-activedescendant") ?? "")
    ?.querySelector(".unseen")?.textContent ?? "";

describe("the list of roles", () => {
  test("opens with the search field focused and the first role chosen", () => {
    const popup = openPopup(STORIES.home!);
    expect(document.activeElement).toBe(popup.find(SEARCH));
    expect(active(popup)).toBe("ReadOnly in Payments Prod, production, favorite");
    expect(popup.find('[role="option"][aria-selected="true"] .unseen').textContent).toBe(active(popup));
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
    await popup.key("ArrowDown");
    await popup.key("c", { ctrlKey: true });
    expect(popup.asked[0]).toEqual([
      "copyRole",
      { portal: ACME, account: accountId(3), role: "PowerUser", format: "fish" },
    ]);
    expect(popup.find('[role="status"] .unseen').textContent).toBe(
      "Copied PowerUser in Data Platform. Valid for 59 minutes. The clipboard clears in 60 seconds.",
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
    await popup.key("ArrowDown");
    await popup.key("Enter");
    expect(popup.find(".notice.bad").textContent).toBe("your session has ended → sign in again");
    expect(popup.events).toEqual([]);
  });

  test("another format is chosen by keyboard alone, remembered and used at once", async () => {
    const popup = openPopup(STORIES.home!, {
      copyRole: copied,
      prefsSet: ok({ format: "fish", theme: "system" }),
    });
    await popup.key("ArrowDown");
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
    expect(popup.find('[data-role="Auditor"] .unseen').textContent).toContain("Auditor in Payments Prod");
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
    expect(popup.asked.filter(([name]) => name !== "portalPreview")).toEqual([
      ["portalAdd", { startUrl: "https://example.com" }],
    ]);
    expect(popup.find(".notice.bad").textContent).toBe("no portal → paste it");
  });

  test("[PB5] a page that is not recognized gives a report that holds numbers alone", async () => {
    const popup = openPopup(STORIES["page-changed"]!);
    await popup.press("Copy a report for us");
    expect(popup.events).toEqual([expect.stringContaining('"roleLink": 12')]);
    expect(popup.events[0]).not.toMatch(/acme|\d{12}/);
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
