import { ofUser } from "../roles/directory-data.ts";
import { type IndexedEntry, indexEntries, type SearchEntry, search } from "../roles/search.ts";
import { openConsoleAs } from "./open-console.ts";
import { isProd } from "./resume-copy.ts";
import type { Services } from "./services.ts";
import type { PortalRole } from "./view.ts";

/** What a row of the address bar says, and what it hands back when it is chosen. */
export interface Suggestion {
  readonly content: string;
  readonly description: string;
}

interface PortalEntry extends SearchEntry {
  readonly portal: string;
  readonly alias: string;
}

const SHOWN = 6;

/** Chromium reads a description as XML, Firefox as text: what would be markup in one is left out in both. */
const bareText = (text: string): string => text.replace(/[<>&"']/g, " ");

const textOf = ({ account, accountName, label, role, alias }: PortalEntry): string =>
  `${label ?? accountName ?? account} · ${role} (${account}, ${alias})`;

const contentOf = ({ account, role, alias }: PortalEntry): string => `${account} ${role} ${alias}`;

/** [SW13] The address bar's keyword: the same search over every portal, from what is known; AWS is not asked. */
export class Omnibox {
  readonly #services: Services;
  #index: Promise<IndexedEntry<PortalEntry>[]> | undefined;

  constructor(services: Services) {
    this.#services = services;
  }

  /** Somebody has begun to type: what was known before may be old. */
  begin(): void {
    this.#index = undefined;
  }

  async suggest(text: string): Promise<Suggestion[]> {
    const hits = await this.#find(text);
    return hits
      .slice(0, SHOWN)
      .map((entry) => ({ content: contentOf(entry), description: bareText(textOf(entry)) }));
  }

  /** A role of production is shown in the list, where it is confirmed; so is everything while the extension is locked. */
  async choose(text: string): Promise<void> {
    const { lock, focus, openPopup } = this.#services;
    const hits = await this.#find(text);
    const chosen = hits.find((entry) => contentOf(entry) === text.trim()) ?? hits[0];
    await lock.look();
    if (chosen && !(await lock.isOn()) && !(await isProd(this.#services, chosen.portal, chosen.account))) {
      await openConsoleAs(this.#services, roleOf(chosen));
      return;
    }
    if (chosen) await focus.set(roleOf(chosen));
    await openPopup();
  }

  async #find(text: string): Promise<PortalEntry[]> {
    if (text.trim() === "") return [];
    this.#index ??= this.#read();
    return search(await this.#index, text);
  }

  async #read(): Promise<IndexedEntry<PortalEntry>[]> {
    const { sessions, directories, places } = this.#services;
    const labels = await places.labels();
    const entries: PortalEntry[] = [];
    for (const { origin: portal, name: alias } of await sessions.portals()) {
      const { accounts, roles } = ofUser(await directories.stored(portal), await sessions.session(portal));
      for (const { id, name, email } of accounts) {
        const label = labels[portal]?.[id] ?? null;
        for (const role of roles[id] ?? []) {
          entries.push({ portal, alias, account: id, accountName: name, email, role, label });
        }
      }
    }
    return indexEntries(entries);
  }
}

const roleOf = ({ portal, account, role }: PortalEntry): PortalRole =>
  ({ portal, account, role }) as PortalRole;
