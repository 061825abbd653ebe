// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { ok, openPopup, refusal } from "./open-popup.tsx";
import { STORIES } from "./stories.ts";
import { ACME, clip, directoryOf, guard, NOW, roleAt, stateOf, view } from "./story-parts.ts";

describe("the popup after a copy", () => {
  it("[CB4] counts down, and clears the clipboard when told to", async () => {
    const now = view({ guard: guard() });
    const popup = openPopup(stateOf({ view: view({ guard: guard({ clip: clip() }) }) }), {
      clipboardClear: ok({}),
      state: ok(now),
    });
    expect(popup.text()).toContain("ReadOnly in Payments Prod clears in 42 s");
    await popup.press("Clear now");
    expect(popup.asked[0]).toEqual(["clipboardClear", {}]);
    expect(popup.find("[role=status]").textContent).toContain("The clipboard was cleared.");
    expect(popup.text()).not.toContain("clears in");
  });

  it("[CB4] says once what was copied: to the eyes by what counts it down, to the ears in full", () => {
    const popup = openPopup(STORIES.copied!);
    expect(document.querySelector(".notice")).toBeNull();
    expect(popup.find("[role=status] > .unseen").textContent).toContain(
      "The clipboard clears in 60 seconds.",
    );
    expect(popup.find(".clip-bar.fresh").textContent).toContain("ReadOnly in Payments Prod");
  });

  it("[CB6] stands on the role of the notice that was pressed, and says that it has", async () => {
    const wanted = roleAt(3, "PowerUser");
    const state = stateOf({ view: view({ guard: guard({ wanted }) }) });
    const popup = openPopup(state, { wantedTaken: ok({}), directory: ok(directoryOf(307)) });
    await popup.settle();
    expect(popup.asked[0]).toEqual(["wantedTaken", {}]);
    expect(popup.store.get()).toMatchObject({ portal: ACME, query: `${wanted.account} PowerUser` });
    expect(popup.store.get().view?.guard.wanted).toBeNull();
  });
});

describe("a locked popup", () => {
  it("[LK4] has that one button, too, when a list that was asked for before is refused", async () => {
    const popup = openPopup(stateOf({ view: view({ guard: guard() }) }), {
      directory: refusal("locked", "jcfetch is locked", "unlock it"),
      state: ok(view({ guard: guard({ locked: "user" }) })),
    });
    const { refreshState, refreshDirectory } = popup.actions;
    await Promise.all([refreshState(), refreshDirectory()]);
    await popup.settle();
    const names = [...document.querySelectorAll("button")].map(({ textContent }) => textContent);
    expect(names).toEqual(["Unlock"]);
  });

  it("[LK4] shows why, and one button, which opens it again", async () => {
    const popup = openPopup(stateOf({ view: view({ guard: guard({ locked: "idle" }) }) }), {
      unlock: ok({}),
      state: ok(view({ nowMs: NOW + 1_000 })),
      directory: ok(directoryOf(3)),
    });
    expect(popup.text()).toContain("jcfetch is locked");
    expect(popup.text()).toContain("Nobody has used this computer for a while.");
    expect(popup.text()).not.toContain("Payments");
    expect(document.querySelectorAll("button")).toHaveLength(1);
    expect(document.activeElement?.textContent).toBe("Unlock");
    await popup.press("Unlock");
    expect(popup.asked.map(([name]) => name)).toEqual(["unlock", "state", "directory"]);
    expect(popup.text()).toContain("Payments Prod");
  });
});
