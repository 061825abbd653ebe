import type { TabsAt } from "../sessions/pages.ts";
import { queue } from "../sessions/slot.ts";
import { PORTAL_FAMILIES } from "./hosts.ts";

/*
 * The script of the portal's page stands in no manifest: it is registered for the portals that the user has granted, and for
 * no other page.
 */

interface Registration {
  readonly id: string;
  readonly js: string[];
  readonly matches: string[];
  readonly excludeMatches: string[];
  readonly runAt: "document_idle";
}

/** The parts of the browser that are needed here. */
export interface PageScriptPorts {
  readonly permissions: { getAll(): Promise<{ origins?: string[] | undefined }> };
  readonly scripting: {
    getRegisteredContentScripts(filter: { ids: string[] }): Promise<{ matches?: string[] | undefined }[]>;
    registerContentScripts(scripts: Registration[]): Promise<unknown>;
    updateContentScripts(scripts: Registration[]): Promise<unknown>;
    unregisterContentScripts(filter: { ids: string[] }): Promise<unknown>;
    executeScript(injection: { target: { tabId: number }; files: string[] }): Promise<unknown>;
  };
  readonly tabs: TabsAt;
}

const ID = "portal";
const FILE = "/content-scripts/portal.js";
/** AWS Builder ID: looks like a portal, holds no accounts. */
const NOT_PORTALS = ["https://view.awsapps.com/*"];

/** Where the page's script belongs, by what is granted: `https://acme.awsapps.com/start*`. */
export function pagesOf(granted: readonly string[]): string[] {
  const hosts = granted.flatMap((pattern) => /^(?:https|\*):\/\/([^/]+)\/\*$/.exec(pattern)?.[1] ?? []);
  const all = granted.includes("<all_urls>") || hosts.includes("*");
  const pages = PORTAL_FAMILIES.flatMap(({ suffix, paths }) => {
    const here = all ? [`*.${suffix}`] : hosts.filter((host) => host.endsWith(`.${suffix}`));
    return here.flatMap((host) => paths.map((path) => `https://${host}${path}`));
  });
  return [...new Set(pages)].sort();
}

export class PageScripts {
  readonly #ports: PageScriptPorts;
  readonly #inTurn = queue();

  constructor(ports: PageScriptPorts) {
    this.#ports = ports;
  }

  /** [PM2] Bring the registration to what is granted now. @param fresh the scripts in open pages are those of before */
  reconcile(fresh = false): Promise<void> {
    return this.#inTurn(async () => {
      const { scripting } = this.#ports;
      const { origins = [] } = await this.#ports.permissions.getAll();
      const matches = pagesOf(origins);
      const [registered] = await scripting.getRegisteredContentScripts({ ids: [ID] });
      const before = registered?.matches ?? [];
      const same = before.length === matches.length && matches.every((page) => before.includes(page));
      if (!same) await this.#register(matches, registered !== undefined);
      if (matches.length > 0 && (fresh || !same)) await this.#runIn(matches);
    });
  }

  async #register(matches: string[], known: boolean): Promise<void> {
    const { scripting } = this.#ports;
    const script = {
      ...{ id: ID, js: [FILE], matches, excludeMatches: NOT_PORTALS },
      runAt: "document_idle" as const,
    };
    if (matches.length === 0) await scripting.unregisterContentScripts({ ids: [ID] });
    else if (known) await scripting.updateContentScripts([script]);
    else await scripting.registerContentScripts([script]);
  }

  /** A page that is open gets its buttons without being loaded again; of two scripts in a page the newer goes on alone. */
  async #runIn(matches: string[]): Promise<void> {
    const { scripting, tabs } = this.#ports;
    const open = await tabs.query({ url: matches });
    const runs = open.flatMap(({ id }) =>
      id === undefined ? [] : [scripting.executeScript({ target: { tabId: id }, files: [FILE] })],
    );
    await Promise.allSettled(runs); // a tab that has gone, or shows an error page
  }
}
