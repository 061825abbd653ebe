import type { DirectoryView, PortalView } from "../messaging/view.ts";
import { ago } from "./duration.ts";
import { currentDirectory, currentPortal, type UiState } from "./state.ts";

/** What a primary button does. `actions.ts` carries it out. */
export type Step = "add-portal" | "sign-in" | "choose-region" | "retry" | "close-page-notice" | "reload";

/**
 * What stands between the user and the list, and the one thing to do about it. `pane` fills the list's place; `banner`
 * stands above a list that is usable meanwhile.
 */
export interface Situation {
  readonly id:
    | "first-run"
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
}

const READY: Situation = { id: "ready", as: "none", title: "", text: "" };
const LOADING: Situation = { id: "loading", as: "pane", title: "Reading your accounts", text: "" };
const SIGN_IN = { does: "sign-in", label: "Sign in" } as const;
const RETRY = { does: "retry", label: "Try again" } as const;

function signInNeeded(portal: PortalView, directory: DirectoryView | undefined): Situation {
  const known = (directory?.accounts.length ?? 0) > 0;
  const expired = portal.status === "expired";
  return {
    id: expired ? "expired" : "signed-out",
    as: known ? "banner" : "pane",
    title: expired ? `Your session at ${portal.alias} has ended` : `Signed out of ${portal.alias}`,
    text: known
      ? "Sign in to copy and to open. The list is from before."
      : "Sign in once in this browser; copying, the console and your terminals go from there.",
    step: SIGN_IN,
  };
}

function fromDirectory(directory: DirectoryView): Situation | undefined {
  const known = directory.accounts.length > 0;
  const age = directory.ageMs === null ? "" : ` The list is from ${ago(directory.ageMs)}.`;
  const { problem } = directory;
  if (problem) {
    const throttled = problem.code === "throttled";
    return {
      id: throttled ? "throttled" : "offline",
      as: known ? "banner" : "pane",
      title: throttled ? "AWS is asking us to slow down" : "The list could not be read",
      text: throttled ? `Nothing is lost.${age}` : `${sentence(problem.text)}${age}`,
      step: RETRY,
    };
  }
  if (known || directory.progress) return known ? undefined : LOADING;
  if (!directory.complete) return LOADING;
  return {
    id: "no-accounts",
    as: "pane",
    title: "No accounts yet",
    text: "Nobody has assigned you a role at this portal. A new assignment takes some minutes to arrive.",
    step: { does: "retry", label: "Look again" },
  };
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

function fromPortal(portal: PortalView, directory: DirectoryView | undefined): Situation | undefined {
  switch (portal.status) {
    case "signed-out":
    case "expired":
      return signInNeeded(portal, directory);
    case "region-unknown":
      return {
        id: "region-unknown",
        as: "pane",
        title: `In which region is ${portal.alias}?`,
        text: "It stands in the portal's “Access keys” window as “SSO Region”.",
        step: { does: "choose-region", label: "Use this region" },
      };
    case "unconfirmed":
      return {
        id: "offline",
        as: directory?.accounts.length ? "banner" : "pane",
        title: "AWS does not answer",
        text: "Check the network. What is shown here is from before.",
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
      title: sentence(text).slice(0, -1),
      text: sentence(next),
      step: { does: "reload", label: "Reload" },
    };
  }
  if (!state.view) return LOADING;
  const portal = currentPortal(state);
  if (!portal) {
    return {
      id: "first-run",
      as: "pane",
      title: "Where do you sign in to AWS?",
      text: "Open your access portal once and it appears here, or paste its address.",
      step: { does: "add-portal", label: "Continue" },
    };
  }
  const directory = currentDirectory(state);
  const trouble = fromPortal(portal, directory) ?? (directory ? fromDirectory(directory) : LOADING);
  if (trouble) return trouble;
  if (portal.page === "unknown" && !state.pageNoticeClosed) {
    return {
      id: "page-changed",
      as: "banner",
      title: "AWS has changed its page",
      text: "The copy buttons there are missing for now. Everything here works as before.",
      step: { does: "close-page-notice", label: "Got it" },
    };
  }
  return READY;
}
