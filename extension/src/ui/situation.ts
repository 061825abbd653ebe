import { MINUTE_MS, SECOND_MS } from "@jcfetch/shared/time";
import type { DirectoryView, PortalView } from "../messaging/view.ts";
import { t } from "../words.ts";
import { ago, inOnePiece } from "./duration.ts";
import { currentDirectory, currentPortal, type UiState } from "./state.ts";

/** What a primary button does. `actions.ts` carries it out. */
export type Step =
  | "add-portal"
  | "grant"
  | "sign-in"
  | "choose-region"
  | "retry"
  | "close-page-notice"
  | "copy-census"
  | "reload";

/**
 * What stands between the user and the list, and the one thing to do about it. `pane` fills the list's place; `banner`
 * stands above a list that is usable meanwhile.
 */
export interface Situation {
  readonly id:
    | "first-run"
    | "permission"
    | "signed-out"
    | "expired"
    | "loading"
    | "throttled"
    | "offline"
    | "region-unknown"
    | "page-changed"
    | "no-accounts"
    | "broken"
    | "ready";
  readonly as: "pane" | "banner" | "none";
  readonly title: string;
  readonly text: string;
  readonly step?: { readonly does: Step; readonly label: string };
  /** In place of the text: what the browser has to allow, as patterns. */
  readonly missing?: readonly string[];
  /** What can be done besides. */
  readonly also?: { readonly does: "copy-census"; readonly label: string };
}

const READY: Situation = { id: "ready", as: "none", title: "", text: "" };
const LOADING: Situation = { id: "loading", as: "pane", title: t("situation.loading"), text: "" };
const SIGN_IN = { does: "sign-in", label: t("common.signIn") } as const;
const RETRY = { does: "retry", label: t("common.tryAgain") } as const;

/** JumpCloud Protect asks on the phone for this long. @source JumpCloud's documentation of push notifications. */
const PUSH_LIVES_MS = MINUTE_MS;

/** While a sign-in that was opened from here has not ended: what it may be waiting for. */
export function pushText({ view, nowMs }: UiState, origin: string): string | undefined {
  const begun = view?.switcher.signingIn;
  if (!begun || (begun.portal !== null && begun.portal !== origin)) return undefined;
  const leftMs = begun.sinceMs + PUSH_LIVES_MS - nowMs;
  return leftMs > 0 ? t("switcher.push", Math.ceil(leftMs / SECOND_MS)) : t("switcher.pushOver");
}

const signInText = (state: UiState, origin: string, known: boolean): string =>
  pushText(state, origin) ?? t(known ? "situation.signInKnown" : "situation.signInNew");

function signInNeeded(state: UiState, portal: PortalView, directory: DirectoryView | undefined): Situation {
  const known = (directory?.accounts.length ?? 0) > 0;
  const expired = portal.status === "expired";
  return {
    id: expired ? "expired" : "signed-out",
    as: known ? "banner" : "pane",
    title: t(expired ? "situation.expired" : "situation.signedOut", [portal.alias]),
    text: signInText(state, portal.origin, known),
    step: SIGN_IN,
  };
}

function fromDirectory(directory: DirectoryView): Situation | undefined {
  const known = directory.accounts.length > 0;
  const withAge = (text: string): string =>
    directory.ageMs === null
      ? text
      : t("common.sentences", [text, t("situation.listAge", [inOnePiece(ago(directory.ageMs))])]);
  const { problem } = directory;
  if (problem) {
    const throttled = problem.code === "throttled";
    return {
      id: throttled ? "throttled" : "offline",
      as: known ? "banner" : "pane",
      title: t(throttled ? "situation.throttled" : "situation.unread"),
      text: withAge(throttled ? t("situation.nothingLost") : sentence(problem.text)),
      step: RETRY,
    };
  }
  if (known || directory.progress) return known ? undefined : LOADING;
  if (!directory.complete) return LOADING;
  return {
    id: "no-accounts",
    as: "pane",
    title: t("situation.noAccounts"),
    text: t("situation.noAccountsText"),
    step: { does: "retry", label: t("situation.lookAgain") },
  };
}

/** [PM4] The browser has not granted, or no longer grants, what this portal needs. */
function permissionNeeded({ alias, region, missing }: PortalView, known: boolean): Situation {
  return {
    id: "permission",
    as: known ? "banner" : "pane",
    title: t("access.ask", [region === null ? alias : `${alias} (${region})`]),
    text: "",
    missing,
    step: { does: "grant", label: t("access.allow") },
  };
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
const sentence = (text: string): string => t("common.sentence", [capital(text)]);

function fromPortal(
  state: UiState,
  portal: PortalView,
  directory: DirectoryView | undefined,
): Situation | undefined {
  switch (portal.status) {
    case "signed-out":
    case "expired":
      return signInNeeded(state, portal, directory);
    case "region-unknown":
      return {
        id: "region-unknown",
        as: "pane",
        title: t("situation.whichRegion", [portal.alias]),
        text: t("situation.whichRegionText"),
        step: { does: "choose-region", label: t("situation.useRegion") },
      };
    case "unconfirmed":
      return {
        id: "offline",
        as: directory?.accounts.length ? "banner" : "pane",
        title: t("situation.offline"),
        text: t("situation.offlineText"),
        step: RETRY,
      };
    case "live":
      return undefined;
  }
}

/** The most pressing thing first. */
export function situationOf(state: UiState): Situation {
  if (state.unreachable && !state.view) {
    const { text, next } = state.unreachable;
    return {
      id: "broken",
      as: "pane",
      title: capital(text),
      text: sentence(next),
      step: { does: "reload", label: t("situation.reload") },
    };
  }
  if (!state.view) return LOADING;
  const portal = currentPortal(state);
  if (!portal) {
    return {
      id: "first-run",
      as: "pane",
      title: t("situation.firstRun"),
      text: t("situation.firstRunText"),
      step: { does: "add-portal", label: t("situation.continue") },
    };
  }
  const directory = currentDirectory(state);
  if (portal.missing.length > 0) return permissionNeeded(portal, (directory?.accounts.length ?? 0) > 0);
  const trouble = fromPortal(state, portal, directory) ?? (directory ? fromDirectory(directory) : LOADING);
  if (trouble) return trouble;
  if ((portal.page === "unknown" || portal.page === "gen1") && !state.pageNoticeClosed) {
    return {
      id: "page-changed",
      as: "banner",
      title: t(portal.page === "gen1" ? "situation.pageOld" : "situation.pageChanged"),
      text: t("situation.pageChangedText"),
      step: { does: "close-page-notice", label: t("situation.gotIt") },
      ...(portal.census && { also: { does: "copy-census", label: t("situation.pageChangedCopy") } }),
    };
  }
  return READY;
}
