import type { EpochMs } from "@jcfetch/shared/time";
import type { ActivityEntry } from "../messaging/terms.ts";
import type {
  CopyFormat,
  DirectoryView,
  PairingView,
  PortalView,
  Problem,
  ViewState,
} from "../messaging/view.ts";
import { askedNotice } from "./asked.ts";
import type { RoleRow } from "./rows.ts";

/*
 * Everything a page of the extension shows, as one value. The reducer is pure; what talks to the background is in
 * actions.ts.
 */

export type Screen = "roles" | "terminals" | "activity" | "pairing" | "help" | "sessions";

export interface Notice {
  readonly tone: "good" | "bad";
  readonly text: string;
  /** The next step, for refusals. */
  readonly next?: string;
  /** Credentials are on the clipboard: the bar that counts them down shows it, so the words are for ears alone. */
  readonly copied?: true;
}

/** A press on a role of production that waits for the next. */
export interface ProdAsk {
  readonly act: "copy" | "open";
  readonly row: RoleRow;
  readonly format?: CopyFormat;
}

export interface ActivityList {
  readonly entries: readonly ActivityEntry[];
  /** Where older entries go on; null when there are none. */
  readonly before: number | null;
}

export interface UiState {
  /** Null until the background has answered. */
  readonly view: ViewState | null;
  /** Why it has not. */
  readonly unreachable: Problem | null;
  readonly nowMs: EpochMs;
  /** Origin of the portal whose roles are shown. */
  readonly portal: string | null;
  readonly directories: Readonly<Record<string, DirectoryView>>;
  readonly screen: Screen;
  readonly query: string;
  /** Key of the row the keyboard stands on; null means the first. */
  readonly cursor: string | null;
  readonly expanded: ReadonlySet<string>;
  readonly formatMenu: boolean;
  readonly asking: ProdAsk | null;
  /** The role for which a service is being chosen. */
  readonly choosingService: RoleRow | null;
  /** The account whose label is being written. */
  readonly labeling: string | null;
  readonly pairing: PairingView;
  /** What happened, newest first, as far as it was asked for; null before. */
  readonly activity: ActivityList | null;
  readonly notice: Notice | null;
  /** Keys of what is under way: rows, buttons. */
  readonly busy: ReadonlySet<string>;
  readonly confirming: string | null;
  readonly pageNoticeClosed: boolean;
}

export type Action =
  | { readonly type: "view"; readonly view: ViewState }
  | { readonly type: "unreachable"; readonly problem: Problem }
  | { readonly type: "tick"; readonly nowMs: EpochMs }
  | { readonly type: "portal"; readonly portal: string }
  | { readonly type: "directory"; readonly portal: string; readonly directory: DirectoryView }
  | {
      readonly type: "roles";
      readonly portal: string;
      readonly account: string;
      readonly roles: readonly string[];
    }
  | { readonly type: "screen"; readonly screen: Screen }
  | { readonly type: "query"; readonly query: string }
  | { readonly type: "cursor"; readonly key: string | null }
  | { readonly type: "expand"; readonly account: string; readonly open: boolean }
  | { readonly type: "format-menu"; readonly open: boolean }
  | { readonly type: "ask-prod"; readonly ask: ProdAsk }
  | { readonly type: "service"; readonly row: RoleRow | null }
  | { readonly type: "label"; readonly account: string | null }
  | { readonly type: "pairing"; readonly pairing: PairingView }
  | { readonly type: "activity"; readonly activity: ActivityList | null }
  | { readonly type: "notice"; readonly notice: Notice | null }
  | { readonly type: "busy"; readonly key: string; readonly on: boolean }
  | { readonly type: "confirm"; readonly key: string | null }
  | { readonly type: "close-page-notice" };

export const initialState = (nowMs: EpochMs): UiState => ({
  view: null,
  unreachable: null,
  nowMs,
  portal: null,
  directories: {},
  screen: "roles",
  query: "",
  cursor: null,
  expanded: new Set(),
  formatMenu: false,
  asking: null,
  choosingService: null,
  labeling: null,
  pairing: { step: "none" },
  activity: null,
  notice: null,
  busy: new Set(),
  confirming: null,
  pageNoticeClosed: false,
});

function toggled(set: ReadonlySet<string>, key: string, on: boolean): ReadonlySet<string> {
  const next = new Set(set);
  if (on) next.add(key);
  else next.delete(key);
  return next;
}

/** Keep the user's choice while that portal exists; else the first live one, else the first. */
function choosePortal(portals: readonly PortalView[], chosen: string | null): string | null {
  if (chosen !== null && portals.some(({ origin }) => origin === chosen)) return chosen;
  return (portals.find(({ status }) => status === "live") ?? portals[0])?.origin ?? null;
}

/** [SC6] The list of one person is not mixed with another's, who acts at that portal now. */
function ofSameUsers({ directories, view: old }: UiState, view: ViewState): UiState["directories"] {
  const isOther = (origin: string): boolean => {
    const [before, now] = [old, view].map((one) => one?.portals.find((p) => p.origin === origin)?.userName);
    return Boolean(before && now && before !== now);
  };
  return Object.fromEntries(Object.entries(directories).filter(([origin]) => !isOther(origin)));
}

function withView(state: UiState, view: ViewState): UiState {
  const first = state.view === null;
  const focus = first ? view.switcher.focus : null;
  return {
    ...state,
    view,
    unreachable: null,
    directories: ofSameUsers(state, view),
    portal: choosePortal(view.portals, focus?.portal ?? state.portal),
    query: focus ? `${focus.account} ${focus.role}` : state.query,
    // The popup closes whenever the user looks at the terminal; a pairing under way is what they come back for.
    screen: first && view.pairing ? "pairing" : state.screen,
    // What was said before it was locked is over, and the clipboard is cleared.
    notice:
      view.guard.locked && !state.view?.guard.locked ? null : (askedNotice(state.view, view) ?? state.notice),
  };
}

/**
 * While a list is being read nothing that was shown goes: a background that was stopped has written down a little less than it had
 * read, and a row would vanish under the key that was meant for it.
 */
function withDirectory(
  state: UiState,
  { portal, directory }: Extract<Action, { type: "directory" }>,
): UiState {
  const before = directory.complete ? undefined : state.directories[portal]?.roles;
  const listed = new Set<string>(directory.accounts.map(({ id }) => id));
  const kept = Object.entries(before ?? {}).filter(([account]) => listed.has(account));
  const roles = { ...Object.fromEntries(kept), ...directory.roles };
  return { ...state, directories: { ...state.directories, [portal]: { ...directory, roles } } };
}

function withRoles(state: UiState, { portal, account, roles }: Extract<Action, { type: "roles" }>): UiState {
  const directory = state.directories[portal];
  if (!directory) return state;
  const next = { ...directory, roles: { ...directory.roles, [account]: [...roles] } };
  return { ...state, directories: { ...state.directories, [portal]: next } };
}

/** What was about to be done with one row is not done with another. */
const settled = (state: UiState): UiState => ({
  ...state,
  formatMenu: false,
  confirming: null,
  asking: null,
  choosingService: null,
  labeling: null,
});

export function reduce(state: UiState, action: Action): UiState {
  switch (action.type) {
    case "view":
      return withView(state, action.view);
    case "unreachable":
      return { ...state, unreachable: action.problem };
    case "tick":
      return { ...state, nowMs: action.nowMs };
    case "portal":
      return { ...settled(state), portal: action.portal, cursor: null, expanded: new Set(), screen: "roles" };
    case "directory":
      return withDirectory(state, action);
    case "roles":
      return withRoles(state, action);
    case "screen":
      return { ...settled(state), screen: action.screen, notice: null };
    case "query":
      return { ...settled(state), query: action.query, cursor: null };
    case "cursor":
      return state.cursor === action.key ? state : { ...settled(state), cursor: action.key };
    case "expand":
      return { ...state, expanded: toggled(state.expanded, action.account, action.open) };
    case "format-menu":
      return { ...state, formatMenu: action.open };
    case "ask-prod":
      return { ...state, asking: action.ask, confirming: `${action.ask.act}:${action.ask.row.key}` };
    case "service":
      return { ...settled(state), choosingService: action.row };
    case "label":
      return { ...settled(state), labeling: action.account };
    case "pairing":
      return { ...state, pairing: action.pairing };
    case "activity":
      return { ...state, activity: action.activity };
    case "notice":
      return { ...state, notice: action.notice };
    case "busy":
      return { ...state, busy: toggled(state.busy, action.key, action.on) };
    case "confirm":
      return { ...state, confirming: action.key, asking: null };
    case "close-page-notice":
      return { ...state, pageNoticeClosed: true };
  }
}

export const currentPortal = (state: UiState): PortalView | undefined =>
  state.view?.portals.find(({ origin }) => origin === state.portal);

export const currentDirectory = (state: UiState): DirectoryView | undefined =>
  state.portal === null ? undefined : state.directories[state.portal];
