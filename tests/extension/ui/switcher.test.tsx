// @vitest-environment happy-dom
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { HOLD_MS } from "../../../extension/src/ui/parts/hold-button.tsx";
import { ok, openPopup } from "./open-popup.tsx";
import { STORIES } from "./stories.ts";
import { ACME, accountId, NOW, roleAt, stateOf, switcher, view } from "./story-parts.ts";

const SEARCH = 'input[role="combobox"]';
const PROD = { portal: ACME, account: accountId(0), role: "ReadOnly" };
const copied = ok({ expiresAtMs: NOW + 3_600_000, label: "x" });
const asked = (popup: ReturnType<typeof openPopup>, name: string): unknown[] =>
  popup.asked.filter(([verb]) => verb === name).map(([, body]) => body);

describe("a role of production", () => {
  test("[SW7] is opened by the second Enter; the first one says what it is", async () => {
    const popup = openPopup(STORIES.home!, { openConsole: ok({}) });
    await popup.key("Enter");
    expect(popup.asked).toEqual([]);
    expect(popup.find('[role="alertdialog"]').textContent).toContain("PROD");
    await popup.key("Enter", { repeat: true });
    expect(popup.asked).toEqual([]);
    await popup.key("Enter");
    expect(asked(popup, "openConsole")).toEqual([PROD]);
  });

  test("[SW7] is copied by the second press of the same kind, for the same role", async () => {
    const popup = openPopup(STORIES.home!, { copyRole: copied, openConsole: ok({}) });
    await popup.key("c", { ctrlKey: true });
    await popup.key("Enter");
    expect(popup.asked).toEqual([]);
    await popup.key("Escape");
    expect(document.querySelector('[role="alertdialog"]')).toBeNull();
    await popup.key("c", { ctrlKey: true });
    await popup.key("ArrowDown");
    await popup.key("ArrowUp");
    await popup.key("c", { ctrlKey: true });
    expect(popup.asked).toEqual([]);
    await popup.key("c", { ctrlKey: true });
    expect(asked(popup, "copyRole")).toEqual([{ ...PROD, format: "sh" }]);
  });

  describe("whose button is held", () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    test("[SW7] is copied after a second, and by one hold only once", async () => {
      const popup = openPopup(STORIES.home!, { copyRole: copied });
      const button = popup.button("Copy bash");
      const send = (type: string) =>
        act(() => void button.dispatchEvent(new PointerEvent(type, { bubbles: true, button: 0 })));
      await send("pointerdown");
      await act(async () => void (await vi.advanceTimersByTimeAsync(HOLD_MS - 1)));
      expect(popup.asked).toEqual([]);
      await act(async () => void (await vi.advanceTimersByTimeAsync(1)));
      await send("pointerup");
      await act(() => button.click());
      expect(asked(popup, "copyRole")).toEqual([{ ...PROD, format: "sh" }]);
    });
  });

  test("[SW1] is one that a rule calls so, whatever its name is", async () => {
    const own = [{ on: "name" as const, match: "Data Pl*", environment: "prod" as const, tags: ["lake"] }];
    const state = stateOf({ view: view({ switcher: switcher({ rules: { managed: [], own } }) }) });
    const popup = openPopup(state, { openConsole: ok({}) });
    await popup.key("ArrowDown");
    await popup.key("Enter");
    expect(popup.asked).toEqual([]);
    expect(popup.find('[data-role="PowerUser"] .unseen').textContent).toContain("production, lake");
  });
});

describe("by keyboard alone", () => {
  test.each([
    ["Ctrl Shift C", { key: "C", ctrlKey: true, shiftKey: true }, '[role="menu"]', '[role="menuitemradio"]'],
    ["Ctrl K", { key: "k", ctrlKey: true }, "#services", SEARCH],
    ["F2", { key: "F2" }, ".label-form", ".label-form input"],
  ])("[SW6] what %s opens has the next key, however soon it comes", async (_name, keys, opened, focused) => {
    const popup = openPopup(STORIES.home!);
    await popup.key("ArrowDown");
    const press = async (init: KeyboardEventInit): Promise<void> => {
      document.activeElement!.dispatchEvent(
        new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...init }),
      );
      await Promise.resolve(); // as little as lies between two keys: nothing has been painted
    };
    await press(keys);
    expect(popup.find(opened)).toBeDefined();
    expect(document.activeElement?.matches(focused)).toBe(true);
    await press({ key: "Escape" });
    expect(document.querySelector(opened)).toBeNull();
    expect(document.activeElement).toBe(popup.find(SEARCH));
    expect(popup.events).toEqual([]);
  });

  test("[SW6] F2 labels an account, and the label is found", async () => {
    const labels = { [ACME]: { [accountId(5)]: "Playground" } };
    const labeled = view({ switcher: switcher({ labels }) });
    const popup = openPopup(stateOf({ more: { query: "sandbox" } }), {
      labelSet: ok({}),
      state: ok(labeled),
    });
    await popup.key("F2");
    const field = popup.find<HTMLInputElement>(".label-form input");
    field.value = "Playground";
    await act(() => popup.find<HTMLFormElement>(".label-form").requestSubmit());
    await popup.settle();
    expect(asked(popup, "labelSet")).toEqual([{ portal: ACME, account: accountId(5), label: "Playground" }]);
    expect(document.activeElement).toBe(popup.find(SEARCH));
    await popup.type(SEARCH, "play");
    expect(popup.find('[role="option"] .account-name').textContent).toBe("Playground");
    expect(popup.find(".account-name mark").textContent).toBe("Play");
  });

  test("[SW5] Alt Shift ↓ moves a favorite", async () => {
    const popup = openPopup(STORIES.home!, { favoriteMove: ok({}) });
    await popup.key("ArrowDown", { altKey: true, shiftKey: true });
    expect(asked(popup, "favoriteMove")).toEqual([{ ...PROD, step: 1 }]);
  });

  test("[SW10] Ctrl K opens a service in a region, by one of its names", async () => {
    const state = stateOf({ view: view({ switcher: switcher({ regions: ["eu-west-1"] }) }) });
    const popup = openPopup(state, { openConsole: ok({}) });
    await popup.key("ArrowDown");
    await popup.key("k", { ctrlKey: true });
    await popup.type(SEARCH, "queues");
    await popup.key("Enter");
    expect(asked(popup, "openConsole")).toEqual([
      {
        ...roleAt(3, "PowerUser"),
        destination: "https://eu-west-1.console.aws.amazon.com/sqs/v3?region=eu-west-1",
      },
    ]);
  });

  test("[SW10] the other names of services are found by, and shown in no language", async () => {
    const popup = openPopup(STORIES.services!);
    expect(popup.find(".row.service").textContent).toBe("Console Home");
    await popup.type(SEARCH, "k8s");
    expect(popup.find(".row.service").textContent).toBe("Elastic Kubernetes Service");
  });

  test("[SW10] Escape leaves the services and opens nothing", async () => {
    const popup = openPopup(STORIES.home!);
    await popup.key("k", { ctrlKey: true });
    expect(document.querySelector("#services")).not.toBeNull();
    await popup.key("Escape");
    expect(document.querySelector("#services")).toBeNull();
    expect(popup.events).toEqual([]);
  });

  test("[SW11] Ctrl L copies a link that names the role and holds no secret", async () => {
    const popup = openPopup(STORIES.home!);
    await popup.key("l", { ctrlKey: true });
    expect(popup.events).toEqual([
      `copied ${ACME}/start/#/console?account_id=${accountId(0)}&role_name=ReadOnly`,
    ]);
    expect(popup.asked).toEqual([]);
  });
});

describe("a copy that waits", () => {
  const wish = { ...roleAt(0, "ReadOnly"), format: "fish" as const, untilMs: NOW + 60_000 };
  const withWish = (asks: boolean) =>
    stateOf({ view: view({ switcher: switcher({ waiting: { ...wish, asks } }) }) });

  test("[SW9] is shown, and can be taken back", async () => {
    const popup = openPopup(withWish(false), { waitingDrop: ok({}) });
    expect(popup.find(".waiting").textContent).toContain("ReadOnly in Payments Prod");
    await popup.press("Do not copy");
    expect(asked(popup, "waitingDrop")).toEqual([{}]);
  });

  test("[SW9] of production is made by the press that it waits for", async () => {
    const popup = openPopup(withWish(true), { copyRole: copied });
    await popup.press("Copy from production");
    expect(asked(popup, "copyRole")).toEqual([{ ...PROD, format: "fish" }]);
  });

  test("[SW9] of a role that is not of production does not say that it were", async () => {
    const known = { ...wish, ...roleAt(1, "ReadOnly"), asks: true };
    const popup = openPopup(stateOf({ view: view({ switcher: switcher({ waiting: known }) }) }), {
      copyRole: copied,
    });
    expect(popup.find(".prod-ask").textContent).not.toMatch(/prod/i);
    await popup.press("Copy credentials");
    expect(asked(popup, "copyRole")).toEqual([{ ...roleAt(1, "ReadOnly"), format: "fish" }]);
  });
});
