import * as v from "valibot";
import { PageReport } from "./records.ts";
import { type Slot, type Storage, slot } from "./slot.ts";

/** The part of `browser.tabs` that is needed here; the addresses of tabs at a portal are told without a permission of their own. */
export interface TabsAt {
  query(filter: {
    url: string[];
    active?: true;
    lastFocusedWindow?: true;
  }): Promise<{ id?: number | undefined }[]>;
}

const Seen = v.object({ ...PageReport.entries, origin: v.string(), tabId: v.number() });

/** What each open page of a portal said that it is, one for each tab; the newest stands last. */
export class Pages {
  readonly #slot: Slot<v.InferOutput<typeof Seen>[]>;
  readonly #tabs: TabsAt;

  constructor(storage: Storage, tabs: TabsAt) {
    this.#slot = slot(storage.session, "pages", v.array(Seen), []);
    this.#tabs = tabs;
  }

  async report(origin: string, tabId: number, page: PageReport): Promise<void> {
    const open = await this.#tabsAt(origin);
    await this.#slot.update((all) => [
      ...all.filter((one) => one.tabId !== tabId && (one.origin !== origin || open.includes(one.tabId))),
      { ...page, origin, tabId },
    ]);
  }

  /** The page in front of the user, if they stand at this portal; else the one of those still open that spoke last. */
  async of(origin: string): Promise<PageReport | null> {
    const open = await this.#tabsAt(origin);
    const seen = (await this.#slot.get()).filter((one) => one.origin === origin && open.includes(one.tabId));
    const [front] = await this.#tabsAt(origin, { active: true, lastFocusedWindow: true });
    return (front === undefined ? seen.at(-1) : seen.find(({ tabId }) => tabId === front)) ?? null;
  }

  async #tabsAt(origin: string, more: { active?: true; lastFocusedWindow?: true } = {}): Promise<number[]> {
    const tabs = await this.#tabs.query({ url: [`${origin}/*`], ...more });
    return tabs.flatMap(({ id }) => id ?? []);
  }
}
