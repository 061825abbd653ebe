import type { CopyFormat, Problem } from "../messaging/view.ts";
import { longDuration, shortDuration } from "../ui/duration.ts";
import { FORMAT_NAMES } from "../ui/format-names.ts";
import type { RoleTarget } from "./parse-portal.ts";

export type ButtonState =
  | { readonly is: "idle" }
  | { readonly is: "busy" }
  | { readonly is: "done"; readonly expiresAtMs: number }
  | { readonly is: "failed"; readonly problem: Problem };

/** What a button shows and says. */
export interface Face {
  readonly icon: "mark" | "spinner" | "check" | "alert";
  readonly text: string;
  /** On hover, and for screen readers. */
  readonly title: string;
  /** Announced once when the state is entered. */
  readonly say: string;
}

/** A word or two for a button; the whole reason and the next step stand in the title. */
const SHORT_REASON: Readonly<Record<string, string>> = {
  "signed-out": "signed out",
  "sso-expired": "signed out",
  "role-not-assigned": "no access",
  throttled: "AWS is busy",
  "upstream-throttled": "AWS is busy",
  offline: "offline",
  "region-unknown": "region?",
  clipboard: "clipboard",
  bug: "reload",
  covered: "not copied",
};

export const describe = ({ account, role }: RoleTarget): string => `${role} in ${account}`;

export function faceOf(state: ButtonState, target: RoleTarget, format: CopyFormat, nowMs: number): Face {
  switch (state.is) {
    case "idle": {
      const title = `Copy credentials of ${describe(target)} for ${FORMAT_NAMES[format].long}`;
      return { icon: "mark", text: FORMAT_NAMES[format].short, title, say: "" };
    }
    case "busy":
      return { icon: "spinner", text: FORMAT_NAMES[format].short, title: "Asking AWS…", say: "" };
    case "done": {
      const leftMs = state.expiresAtMs - nowMs;
      const title = `Copied ${describe(target)}; valid for ${longDuration(leftMs)}`;
      return { icon: "check", text: shortDuration(leftMs), title, say: title };
    }
    case "failed": {
      const { code, text, next } = state.problem;
      const title = `${text} → ${next}`;
      return { icon: "alert", text: SHORT_REASON[code] ?? "failed", title, say: title };
    }
  }
}

export const sameFace = (a: Face, b: Face): boolean =>
  a.icon === b.icon && a.text === b.text && a.title === b.title && a.say === b.say;

/** A press that does not count. The reason is not told apart: the person can do one thing about all of them. */
export const PRESS_PROBLEM: Problem = {
  code: "covered",
  text: "the button was not in plain sight, so nothing was copied",
  next: "copy from the toolbar popup instead",
};
