import { describe, expect, test } from "vitest";
import { cursorIndex, isChoosable, type ListInput, listRows, moved } from "../../../extension/src/ui/rows.ts";
import { situationOf } from "../../../extension/src/ui/situation.ts";
import { initialState, reduce } from "../../../extension/src/ui/state.ts";
import { STORIES } from "./stories.ts";
import { ACME, accountId, directoryOf, NOW, portal, stateOf, view } from "./story-parts.ts";

describe("what stands between the user and the list", () => {
  test.each([
    ["loading", "loading", "pane", undefined],
    ["first-run", "first-run", "pane", "add-portal"],
    ["signed-out", "signed-out", "pane", "sign-in"],
    ["signed-out-with-list", "signed-out", "banner", "sign-in"],
    ["expired", "expired", "banner", "sign-in"],
    ["region-unknown", "region-unknown", "pane", "choose-region"],
    ["throttled", "throttled", "banner", "retry"],
    ["offline", "offline", "banner", "retry"],
    ["page-changed", "page-changed", "banner", "close-page-notice"],
    ["no-accounts", "no-accounts", "pane", "retry"],
    ["broken", "broken", "pane", "reload"],
    ["home", "ready", "none", undefined],
    ["home-scrolling", "ready", "none", undefined],
  ])("in the story %s it is %s, drawn as a %s, with the step %s", (story, id, as, step) => {
    const situation = situationOf(STORIES[story]!);
    expect(situation).toMatchObject({ id, as });
    expect(situation.step?.does).toBe(step);
  });

  test("a list that is still being read for the first time is loading, not empty", () => {
    const directory = directoryOf(0, { complete: false, ageMs: null, progress: null });
    expect(situationOf(stateOf({ directory })).id).toBe("loading");
  });

  test("the notice of a changed page goes away once it was read", () => {
    expect(situationOf(reduce(STORIES["page-changed"]!, { type: "close-page-notice" })).id).toBe("ready");
  });

  test("a background that fails later leaves the list in place", () => {
    const problem = { code: "bug", text: "the extension failed", next: "try again" };
    expect(situationOf(reduce(STORIES.home!, { type: "unreachable", problem })).id).toBe("ready");
  });
});

describe("the chosen portal", () => {
  const other = portal({ origin: "https://globex.awsapps.com", alias: "globex" });
  const ended = portal({ status: "expired" });

  test("is the first live one", () => {
    const state = reduce(initialState(NOW), { type: "view", view: view({ portals: [ended, other] }) });
    expect(state.portal).toBe(other.origin);
  });

  test("stays the user's choice when another one comes to life, and goes with its portal", () => {
    let state = reduce(initialState(NOW), { type: "view", view: view({ portals: [other, ended] }) });
    state = reduce(state, { type: "portal", portal: ACME });
    state = reduce(state, { type: "view", view: view({ portals: [other, ended] }) });
    expect(state.portal).toBe(ACME);
    expect(reduce(state, { type: "view", view: view({ portals: [other] }) }).portal).toBe(other.origin);
  });
});

test("a pairing under way is what a newly opened popup shows, and does not pull the user back later", () => {
  const first = reduce(initialState(NOW), { type: "view", view: view({ pairing: true }) });
  expect(first.screen).toBe("pairing");
  const away = reduce(first, { type: "screen", screen: "roles" });
  expect(reduce(away, { type: "view", view: view({ pairing: true }) }).screen).toBe("roles");
});

const input = (over: Partial<ListInput> = {}): ListInput => ({
  view: view(),
  portal: ACME,
  directory: directoryOf(5),
  query: "",
  expanded: new Set(),
  ...over,
});

describe("the list", () => {
  test("shows favorites, then recent roles that are no favorites, then all accounts", () => {
    const recents = [view().favorites[0]!, ...view().recents];
    const shown = listRows(input({ view: view({ recents }) })).map(({ key }) => key.replace(/\d{12}/, "#"));
    expect(shown).toEqual([
      "favorites",
      "favorite:#/ReadOnly",
      "favorite:#/PowerUser",
      "recent",
      "recent:#/ReadOnly",
      "recent:#/PowerUser",
      "recent:#/ReadOnly",
      "all",
      ...Array.from({ length: 5 }, () => "account:#"),
    ]);
  });

  test("leaves out favorites and recent roles of other portals", () => {
    const rows = listRows(input({ portal: "https://globex.awsapps.com" }));
    expect(rows[0]).toMatchObject({ kind: "heading", key: "all" });
  });

  test("shows the roles of an opened account below it, or that they are being read", () => {
    const opened = new Set([accountId(2)]);
    const rows = listRows(input({ expanded: opened }));
    const at = rows.findIndex(({ key }) => key === `account:${accountId(2)}`);
    expect(rows.slice(at + 1, at + 4)).toMatchObject([
      { role: "ReadOnly" },
      { role: "PowerUser" },
      { role: "AdministratorAccess" },
    ]);
    const unread = listRows(input({ expanded: opened, directory: directoryOf(5, { roles: {} }) }));
    expect(unread[unread.findIndex(({ key }) => key === `account:${accountId(2)}`) + 1]?.kind).toBe("note");
  });

  test("a search finds an account whose roles were not read yet", () => {
    const directory = directoryOf(5, { roles: {}, complete: false });
    expect(listRows(input({ directory, query: "data nonprod" }))).toMatchObject([
      { kind: "account", account: accountId(4), roleCount: null },
    ]);
  });

  test("a copied role carries its copy, and a favorite its star, in whichever section it stands", () => {
    const rows = listRows(input({ query: "data poweruser" }));
    expect(rows[0]).toMatchObject({ role: "PowerUser", account: accountId(3), favorite: true });
    expect(rows[0]).toMatchObject({ copy: { expiresAtMs: NOW + 52 * 60_000 } });
  });
});

describe("the keyboard's place", () => {
  const rows = listRows(input());

  test("is the first row that can be chosen, until the user moves", () => {
    expect(rows[cursorIndex(rows, null)]?.key).toBe(`favorite:${accountId(0)}/ReadOnly`);
    expect(rows[cursorIndex(rows, "gone")]?.key).toBe(`favorite:${accountId(0)}/ReadOnly`);
  });

  test("moves over headings and stops at both ends", () => {
    const choosable = rows.filter(isChoosable);
    let key = choosable[0]!.key;
    const walked = [key];
    for (const _ of choosable) {
      key = moved(rows, cursorIndex(rows, key), 1)!;
      walked.push(key);
    }
    expect([...new Set(walked)]).toEqual(choosable.map((row) => row.key));
    expect(moved(rows, cursorIndex(rows, key), 1)).toBe(choosable.at(-1)!.key);
    expect(moved(rows, cursorIndex(rows, key), "first")).toBe(choosable[0]!.key);
    expect(moved([], -1, 1)).toBeNull();
  });
});
