// @vitest-environment happy-dom
import { act } from "preact/test-utils";
import { describe, expect, test } from "vitest";
import type { AskedOutcome } from "../../../extension/src/messaging/view.ts";
import { ok, openPopup } from "./open-popup.tsx";
import { STORIES } from "./stories.ts";
import { NOW, stateOf, view } from "./story-parts.ts";

const asking = STORIES.approval!;
const question = asking.view!.approval!;
const over = (outcome: AskedOutcome) => view({ asked: { id: question.id, outcome } });
const answered = (outcome: AskedOutcome) => ({ approvalAnswer: ok({ outcome }), state: ok(over(outcome)) });

describe("a terminal that waits for approval", () => {
  test("[AS3] stands above everything with who, what, and what it says of itself", () => {
    const popup = openPopup(asking);
    expect(document.querySelector(".popup")!.firstElementChild).toBe(popup.find(".approval"));
    const text = popup.find(".approval").textContent;
    const said = ["terraform apply -auto-approve", "~/infra/payments"];
    for (const word of [
      "ana on thinkpad",
      "local",
      "Deploy",
      "Payments Prod",
      "PROD",
      "111122223333",
      ...said,
    ])
      expect(text).toContain(word);
    expect(popup.find('.approval [role="timer"]').textContent).toBe("47 s");
    expect(popup.find(".approval").getAttribute("role")).toBe("alertdialog");
  });

  test("[AS3] keeps what the terminal says from turning the writing around it", () => {
    const hostile = stateOf({ view: view({ approval: { ...question, process: "a", directory: "b" } }) });
    openPopup(hostile);
    expect([...document.querySelectorAll(".approval bdi")].map((one) => one.textContent)).toEqual([
      "thinkpad",
      "ana",
      "thinkpad",
      "a",
      "b",
    ]);
  });

  test("[AS2] is approved with the two digits, by Enter too, and not with fewer", async () => {
    const popup = openPopup(asking, answered("approved"));
    expect(document.activeElement).toBe(popup.find(".approval input"));
    expect(popup.button("Approve").disabled).toBe(true);
    await popup.type(".approval input", "4");
    expect(popup.button("Approve").disabled).toBe(true);
    await popup.type(".approval input", "4x2");
    expect(popup.find<HTMLInputElement>(".approval input").value).toBe("42");
    await act(async () => void popup.find<HTMLFormElement>(".approval form").requestSubmit());
    await popup.settle();
    expect(popup.asked).toContainEqual(["approvalAnswer", { id: question.id, digits: "42" }]);
    expect(document.querySelector(".approval")).toBeNull();
    expect(popup.find(".notice.good").textContent).toContain("thinkpad gets Deploy in Payments Prod");
  });

  test("[AS3] is refused with one press", async () => {
    const popup = openPopup(asking, answered("refused"));
    await popup.press("Refuse");
    await popup.settle();
    expect(popup.asked).toContainEqual(["approvalAnswer", { id: question.id, digits: null }]);
    expect(popup.find(".notice").textContent).toContain("thinkpad got nothing");
  });

  test.each([
    ["wrong-number", "That is not the number of this request"],
    ["timeout", "Nobody answered within a minute"],
    ["gone", "thinkpad no longer waits"],
    ["locked", "locked after three refusals"],
  ] as const)("says when it ended as %s", async (outcome, words) => {
    const popup = openPopup(asking);
    await act(() => popup.store.dispatch({ type: "view", view: over(outcome) }));
    expect(document.querySelector(".approval")).toBeNull();
    expect(popup.find(".notice.bad").textContent).toContain(words);
  });

  test("that a stopped background has forgotten is over too", async () => {
    const popup = openPopup(asking);
    await act(() => popup.store.dispatch({ type: "view", view: view() }));
    expect(popup.find(".notice").textContent).toContain("no longer waits");
  });

  test("does not take the field from somebody who is writing", async () => {
    const popup = openPopup(STORIES.home!);
    await popup.type(".search input", "pay");
    popup.find<HTMLInputElement>(".search input").focus();
    await act(() => popup.store.dispatch({ type: "view", view: asking.view! }));
    expect(document.activeElement).toBe(popup.find(".search input"));
  });
});

describe("locking terminals", () => {
  test("[RV4] asks once, and then locks all of them", async () => {
    const popup = openPopup(STORIES.terminals!, { lockAll: ok({}) });
    await popup.press("Lock all terminals");
    expect(popup.asked.some(([name]) => name === "lockAll")).toBe(false);
    expect(document.activeElement?.textContent).toBe("Keep open");
    await popup.press("Lock all");
    expect(popup.asked).toContainEqual(["lockAll", { lock: true }]);
  });

  test("is lifted for all, and for one", async () => {
    const popup = openPopup(STORIES["terminals-locked"]!, { lockAll: ok({}) });
    await popup.press("Unlock");
    expect(popup.asked).toContainEqual(["lockAll", { lock: false }]);
    const one = openPopup(STORIES["terminals-modes"]!, { deviceUnlock: ok({}) });
    await one.press("Unlock ci-runner");
    expect(one.asked).toContainEqual(["deviceUnlock", { did: "llllllllllllllllllllllllll" }]);
  });
});

describe("a broker whose memory was set back", () => {
  test("[AU4] is an alarm, and going on with it takes two presses", async () => {
    const popup = openPopup(STORIES["broker-set-back"]!, { brokerAccept: ok({}) });
    expect(popup.find('[role="alert"]').textContent).toContain("ends earlier than it did");
    await popup.press("Go on with this broker");
    expect(popup.asked.some(([name]) => name === "brokerAccept")).toBe(false);
    await popup.press("Go on");
    expect(popup.asked).toContainEqual(["brokerAccept", {}]);
  });

  test("[JS5] names the terminal that showed it, which may be the one that is not to be believed", () => {
    const { textContent } = openPopup(STORIES["broker-set-back-confirm"]!).find('[role="alert"]');
    expect(textContent).toContain("ci-runner has seen more than the broker knows");
    expect(textContent).toContain("remove it");
  });

  test("is pointed to from everywhere", async () => {
    const popup = openPopup(stateOf({ view: view({ alarm: "regressed" }) }));
    await popup.press("look at the broker");
    expect(popup.text()).toContain("Every terminal waits.");
  });
});

describe("activity", () => {
  test("names what was asked for and what came of it in one line, newest first", () => {
    const popup = openPopup(STORIES.activity!);
    const lines = [...document.querySelectorAll(".deed")].map((one) => one.textContent);
    expect(lines[0]).toContain("thinkpad asked for credentials");
    expect(lines[0]).toContain("ReadOnly in Payments Prod");
    expect(lines[1]).toContain("AWS says this role is not assigned to you");
    expect(lines[2]).toContain("only this browser knows");
    expect(lines.at(-1)).toContain("a removed terminal was paired");
    expect(lines).toHaveLength(6);
    expect(popup.find("time").getAttribute("datetime")).toBe(new Date(NOW - 22 * 60_000).toISOString());
  });

  test("older entries are asked for from where the list ends", async () => {
    const older = { ...STORIES.activity!.activity!.entries[0]!, seq: 12, intent: null };
    const popup = openPopup(STORIES.activity!, { activity: ok({ entries: [older], before: null }) });
    await popup.press("Older");
    expect(popup.asked).toContainEqual(["activity", { before: 31 }]);
    expect(document.querySelectorAll(".deed")).toHaveLength(7);
    expect(() => popup.button("Older")).toThrow();
  });
});
