// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { describe, expect, it } from "vitest";
import type { Actions } from "../../../extension/src/ui/actions.ts";
import { Options } from "../../../extension/src/ui/options.tsx";
import type { UiState } from "../../../extension/src/ui/state.ts";
import { createStore } from "../../../extension/src/ui/store.ts";
import { STORIES } from "./stories.ts";
import { ACME, accountId, guard, NOW, stateOf, switcher, view } from "./story-parts.ts";

const COPIED = {
  portal: ACME,
  account: accountId(0),
  accountName: "Payments Prod",
  role: "ReadOnly",
  format: "fish",
  from: "portal",
  atMs: NOW - 120_000,
  expiresAtMs: NOW + 3_480_000,
};

let closeLast = (): void => undefined;

/** The settings on a page; every action is written down. */
async function openOptions(state: UiState, answers: Record<string, unknown> = {}) {
  const asked: [name: string, ...args: unknown[]][] = [];
  const actions = new Proxy({} as Actions, {
    get: (_target, name: string) => {
      if (name === "tellsScreen") return answers[name] ?? true;
      return (...args: unknown[]) => {
        asked.push([name, ...args]);
        return Promise.resolve(answers[name]);
      };
    },
  });
  closeLast();
  const app = document.body.appendChild(document.createElement("div"));
  closeLast = () => {
    render(null, app);
    app.remove();
  };
  const settle = (): Promise<void> => act(async () => void (await Promise.resolve()));
  void act(() =>
    render(<Options store={createStore(state)} actions={actions} mac={false} version="0.1.0" />, app),
  );
  await settle();
  const control = <E extends HTMLElement>(label: string): E => {
    const all = [...document.querySelectorAll("label")];
    const one =
      all.find(({ textContent }) => textContent.includes(label))?.querySelector("input, select") ??
      document.querySelector(`[aria-label="${label}"]`);
    if (!one) throw new Error(`the settings have no ${label}`);
    return one as E;
  };
  return {
    asked,
    settle,
    control,
    text: () => document.body.textContent,
    async choose(label: string, value: string): Promise<void> {
      await act(async () => {
        const select = control<HTMLSelectElement>(label);
        select.value = value;
        select.dispatchEvent(new Event("change", { bubbles: true }));
        await Promise.resolve();
      });
      await settle();
    },
    async tick(label: string): Promise<void> {
      await act(async () => {
        control<HTMLInputElement>(label).click();
        await Promise.resolve();
      });
      await settle();
    },
  };
}

const done = (asked: readonly (readonly unknown[])[], name: string) =>
  asked.filter(([each]) => each === name);

describe("the settings", () => {
  it("lead to every section by a link of its name", async () => {
    await openOptions(stateOf({}));
    const links = [...document.querySelectorAll<HTMLAnchorElement>("nav a")];
    expect(links.length).toBeGreaterThan(6);
    for (const link of links) {
      const section = document.querySelector(link.getAttribute("href")!);
      expect(section?.querySelector("h2")?.textContent).toBe(link.textContent);
    }
  });

  it("[CB2] ask the browser from the press itself for a look at the clipboard, and say what holds without", async () => {
    const options = await openOptions(stateOf({}), { hasPermission: false, changePermission: true });
    expect(options.text()).toContain("the clipboard is cleared blind");
    expect(options.text()).toContain("A clipboard history of your system");
    await options.tick("Look first");
    expect(done(options.asked, "changePermission")).toEqual([["changePermission", "clipboardRead", true]]);
    expect(options.text()).toContain("Only credentials that jcfetch has put there are cleared.");
  });

  it("[LK1] ask for idleness with the lock, and tell what holds when it is refused", async () => {
    const answers = { hasPermission: false, changePermission: false };
    const prefs = { ...guard().prefs, lockMinutes: 15 };
    const options = await openOptions(stateOf({ view: view({ guard: guard({ prefs }) }) }), answers);
    expect(options.text()).toContain("Until then the time counts from your last use of jcfetch.");
    await options.choose("Lock when this computer", "30");
    expect(options.asked.map(([name]) => name).slice(-2)).toEqual(["changePermission", "setGuard"]);
    expect(done(options.asked, "setGuard")).toEqual([["setGuard", { lockMinutes: 30 }]]);
  });

  it("[LK1] say that the screen is not told of only where that is so", async () => {
    const words = "Firefox does not tell extensions of the screen.";
    const chromium = await openOptions(stateOf({}));
    expect(chromium.text()).not.toContain(words);
    const firefox = await openOptions(stateOf({}), { tellsScreen: false });
    expect(firefox.text()).toContain(words);
  });

  it("[MP1] tell in words what the organization has laid down", async () => {
    const options = await openOptions(STORIES.managed!);
    expect(options.text()).toContain("copied only as: bash, zsh, sh, Credentials-file block");
    expect(options.text()).toContain("the strictest holds: when jcfetch locks");
    expect(options.text()).not.toContain("lockAfterMinutes");
  });

  it("[LK5] let nobody change what the organization has set, and say who has set it", async () => {
    const prefs = { ...guard().prefs, clipboardSeconds: 35, lockMinutes: 3 };
    const managed = ["clipboardSeconds", "lockMinutes"] as const;
    const options = await openOptions(
      stateOf({ view: view({ guard: guard({ prefs, managed: [...managed] }) }) }),
    );
    for (const label of ["Clear the clipboard after", "Lock when this computer"]) {
      expect(options.control<HTMLSelectElement>(label).disabled).toBe(true);
      expect(options.control(label).closest("label")?.textContent).toContain("Set by your organization");
    }
    expect(options.control<HTMLSelectElement>("Clear the clipboard after").value).toBe("35");
    expect(options.control<HTMLSelectElement>("Lock when this computer").value).toBe("3");
  });

  it("[CB5] show what was copied, without a value", async () => {
    const options = await openOptions(stateOf({}), { readCopyLog: [COPIED] });
    expect(options.text()).toContain("ReadOnly in Payments Prod");
    expect(options.text()).toContain("as fish, in the portal");
    expect(options.text()).toContain("valid for 58 m");
  });

  it("[LK4] show nothing but the way out while it is locked", async () => {
    await openOptions(stateOf({ view: view({ guard: guard({ locked: "user" }) }) }));
    expect([...document.querySelectorAll("button")].map(({ textContent }) => textContent)).toEqual([
      "Unlock",
    ]);
    expect(document.querySelector("nav, section")).toBeNull();
  });

  it("[SC5] change color and shape of a portal's mark, one without the other", async () => {
    const { asked, choose } = await openOptions(stateOf({}));
    await choose("Color of acme", "violet");
    await choose("Shape of acme", "circle");
    expect(asked.filter(([name]) => name === "markPortal")).toEqual([
      ["markPortal", ACME, { color: "violet", shape: "hexagon" }],
      ["markPortal", ACME, { color: "blue", shape: "circle" }],
    ]);
  });

  it("[SW1] say of each rule how many accounts it fits, and move and remove the user's own", async () => {
    const rule = (match: string) => ({
      on: "name" as const,
      match,
      environment: "prod" as const,
      tags: ["pay"],
    });
    const rules = { managed: [rule("Identity")], own: [rule("Payments *"), rule("nobody")] };
    const options = await openOptions(stateOf({ view: view({ switcher: switcher({ rules }) }) }));
    expect(options.text()).toContain("fits 3 accounts");
    expect(options.text()).toContain("fits 0 accounts");
    const press = async (name: string): Promise<void> => {
      await act(async () => document.querySelector<HTMLButtonElement>(`[aria-label="${name}"]`)!.click());
    };
    await press("Move nobody up");
    await press("Remove the rule Payments *");
    expect(done(options.asked, "setRules")).toEqual([
      ["setRules", [rule("nobody"), rule("Payments *")]],
      ["setRules", [rule("nobody")]],
    ]);
    expect(document.querySelector('[aria-label="Remove the rule Identity"]')).toBeNull();
  });
});
