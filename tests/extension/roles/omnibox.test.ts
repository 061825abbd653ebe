import { describe, expect, it, test } from "vitest";
import { type ConsoleTab, openConsoleTab, type TabsApi } from "../../../extension/src/roles/tabs.ts";
import { startSim } from "../../sim/start.ts";
import { ACME, Background, networkOf, signedIn } from "../messaging/background-world.ts";

const STORAGE = "999999999999";
const LINK = `${ACME}/start/#/console?account_id=${STORAGE}&role_name=S3Admin`;

describe("the address bar", () => {
  async function known(sim: Awaited<ReturnType<typeof startSim>>) {
    const background = new Background(networkOf(sim), { haste: 1_000 });
    await signedIn(sim, background);
    await background.directory();
    return background;
  }

  it("[SW13] suggests roles by the same search and opens the one that is chosen, without asking AWS", async () => {
    await using sim = await startSim();
    const background = await known(sim);
    const calls = background.asked.length;
    background.app.omnibox.begin();
    const [first] = await background.app.omnibox.suggest("9999 stor s3");
    expect(first?.description).toBe(`Storage · S3Admin (${STORAGE}, acme)`);
    await background.app.omnibox.choose(first!.content);
    expect(background.tabs).toEqual([LINK]);
    expect(background.asked.length).toBe(calls);
  });

  it("[SW13] leads a role of production to the list, where it is confirmed", async () => {
    await using sim = await startSim();
    const background = await known(sim);
    const rules = [{ on: "id", match: STORAGE, environment: "prod", tags: [] }];
    await background.ask("rulesSet", { rules });
    await background.app.omnibox.choose(`${STORAGE} s3admin`);
    expect(background.tabs).toEqual([]);
    expect(background.popups).toBe(1);
    const state = await background.ask("state");
    expect(state.ok && state.value.switcher.focus).toEqual({
      portal: ACME,
      account: STORAGE,
      role: "S3Admin",
    });
  });

  it("opens the list where nothing is found", async () => {
    await using sim = await startSim();
    const background = await known(sim);
    await background.app.omnibox.choose("zebra");
    expect([background.tabs, background.popups]).toEqual([[], 1]);
  });
});

describe("where a console opens", () => {
  const tab: ConsoleTab = { url: LINK, account: "Storage", isProd: true };
  const none = { recents: true, containers: false, groups: false };

  function tabsWith(more: Partial<TabsApi> = {}) {
    const did: unknown[] = [];
    const note = (what: unknown): void => void did.push(what);
    const tabs: TabsApi = {
      async create(made) {
        note(made);
        return { id: 7 };
      },
      containers: () => ({
        query: async () => [],
        async create(details) {
          note(details);
          return { cookieStoreId: "firefox-container-9" };
        },
      }),
      groups: () => ({
        query: async () => [],
        async put(id, group) {
          note(["put", id, group]);
          return 3;
        },
        async update(group, details) {
          note([group, details]);
        },
      }),
      ...more,
    };
    return { tabs, did };
  }

  test("[SW12] is a plain tab until the user wants it otherwise", async () => {
    const { tabs, did } = tabsWith();
    await openConsoleTab(tabs, tab, none);
    expect(did).toEqual([{ url: LINK }]);
  });

  test("[SW12] is the account's own container, red for production", async () => {
    const { tabs, did } = tabsWith();
    await openConsoleTab(tabs, tab, { ...none, containers: true });
    expect(did).toEqual([
      { name: "Storage", color: "red", icon: "briefcase" },
      { url: LINK, cookieStoreId: "firefox-container-9" },
    ]);
  });

  test("[SW12] is the account's own group of tabs", async () => {
    const { tabs, did } = tabsWith();
    await openConsoleTab(tabs, { ...tab, isProd: false }, { ...none, groups: true });
    expect(did).toEqual([{ url: LINK }, ["put", 7, undefined], [3, { title: "Storage", color: "blue" }]]);
  });

  test("[SW12] is a plain tab where the browser gives neither", async () => {
    const refuse = () => Promise.reject(new Error("no"));
    const { tabs, did } = tabsWith({
      containers: () => ({ query: refuse, create: refuse }),
      groups: () => ({ query: refuse, put: refuse, update: refuse }),
    });
    await openConsoleTab(tabs, tab, { recents: true, containers: true, groups: true });
    expect(did).toEqual([{ url: LINK }]);
  });
});
