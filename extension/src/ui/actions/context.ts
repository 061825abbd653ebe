import type { Clock } from "@jcfetch/shared/time";
import type { Reply } from "../../messaging/messages.ts";
import type { Problem } from "../../messaging/view.ts";
import type { Backend } from "../backend.ts";
import type { Store } from "../store.ts";

/** What the settings ask for when it is wanted. */
export type OptionalPermission = "clipboardRead" | "idle" | "tabGroups";

export interface PortalHere {
  readonly startUrl: string;
  /** What the page says of its region, best source first. Untrusted. */
  readonly hints: readonly string[];
}

/** What the page can do besides asking the background. */
export interface Surroundings {
  readonly now: Clock;
  readonly copyText: (text: string) => Promise<void>;
  /** The browser's own question, so it must be called from a press. */
  readonly request: (patterns: readonly string[]) => Promise<boolean>;
  /** Give a permission back. */
  readonly release: (pattern: string) => Promise<boolean>;
  /** The access portal in the tab that the user came from, as far as the browser lets it be seen. */
  readonly portalHere: () => Promise<PortalHere | undefined>;
  /** Whether the user has allowed this permission by name. */
  readonly hasPermission: (name: OptionalPermission) => Promise<boolean>;
  /** Ask for it, from a press, or give it back. @returns whether it is there then */
  readonly changePermission: (name: OptionalPermission, wanted: boolean) => Promise<boolean>;
  readonly openOptions: () => void;
  readonly openWelcome: () => void;
  /** The same pages beside the browser's; undefined where there is no such place, or this is it. Must be called from a press. */
  readonly openPanel: (() => Promise<unknown>) | undefined;
  /** This browser knows containers. */
  readonly hasContainers: boolean;
  /** This browser tells its extensions when the screen is locked. */
  readonly tellsScreen: boolean;
  readonly close: () => void;
  readonly reload: () => void;
}

/** What every action works with. */
export interface Context {
  readonly store: Store;
  readonly backend: Backend;
  readonly around: Surroundings;
  /** Show a refusal in its own words. */
  refused(problem: Problem): void;
  said(text: string): void;
  /** Run one request under a key that shows it is under way; a second press meanwhile does nothing. */
  under<T>(key: string, request: () => Promise<Reply<T>>): Promise<T | undefined>;
  refreshState(): Promise<void>;
  /** The list of a portal before it is known that it is still there: a refusal means nothing. */
  readAhead(portal: string): Promise<void>;
  refreshDirectory(refresh?: boolean): Promise<void>;
}

export function createContext(store: Store, backend: Backend, around: Surroundings): Context {
  const { dispatch, get } = store;
  const refused = ({ text, next }: Problem): void =>
    dispatch({ type: "notice", notice: { tone: "bad", text, next } });
  return {
    store,
    backend,
    around,
    refused,
    said: (text) => dispatch({ type: "notice", notice: { tone: "good", text } }),
    async under(key, request) {
      if (get().busy.has(key)) return undefined;
      dispatch({ type: "busy", key, on: true });
      const reply = await request();
      dispatch({ type: "busy", key, on: false });
      if (reply.ok) return reply.value;
      refused(reply.problem);
      return undefined;
    },
    async refreshState() {
      const reply = await backend.state({});
      if (!reply.ok) return dispatch({ type: "unreachable", problem: reply.problem });
      dispatch({ type: "tick", nowMs: around.now() });
      dispatch({ type: "view", view: reply.value });
    },
    async readAhead(portal) {
      const reply = await backend.directory({ portal });
      if (reply.ok) dispatch({ type: "directory", portal, directory: reply.value });
    },
    async refreshDirectory(refresh) {
      const { portal, view } = get();
      if (portal === null || view?.guard.locked) return;
      const reply = await backend.directory(refresh ? { portal, refresh } : { portal });
      if (reply.ok) dispatch({ type: "directory", portal, directory: reply.value });
      else if (reply.problem.code !== "locked") refused(reply.problem); // [LK4] nobody pressed anything: the lock itself says so
    },
  };
}
