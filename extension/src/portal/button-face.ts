import type { CopyFormat, Problem } from "../messaging/view.ts";
import { longDuration, shortDuration } from "../ui/duration.ts";
import { FORMAT_NAMES } from "../ui/format-names.ts";
import type { RoleTarget } from "./parse-portal.ts";

/** What a press has led to, and which role was pressed. */
type PressState =
  | { readonly is: "busy"; readonly target: RoleTarget }
  | { readonly is: "done"; readonly target: RoleTarget; readonly expiresAtMs: number }
  | { readonly is: "failed"; readonly target: RoleTarget; readonly problem: Problem };
export type ButtonState = { readonly is: "idle" } | PressState;

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

/**
 * What came of a press belongs to the role that was pressed. A page may have given the row to another role meanwhile; then
 * the button names the one it speaks of.
 * @param target the role of the row now
 */
export function faceOf(state: ButtonState, target: RoleTarget, format: CopyFormat, nowMs: number): Face {
  if (state.is === "idle") {
    const title = `Copy credentials of ${describe(target)} for ${FORMAT_NAMES[format].long}`;
    return { icon: "mark", text: FORMAT_NAMES[format].short, title, say: "" };
  }
  const face = faceOfPress(state, format, nowMs);
  const pressed = describe(state.target);
  if (pressed === describe(target)) return face;
  return { ...face, text: state.target.role, title: `${pressed}: ${face.title}` };
}

function faceOfPress(state: PressState, format: CopyFormat, nowMs: number): Face {
  switch (state.is) {
    case "busy":
      return { icon: "spinner", text: FORMAT_NAMES[format].short, title: "Asking AWS…", say: "" };
    case "done": {
      const leftMs = state.expiresAtMs - nowMs;
      const title = `Copied ${describe(state.target)}; valid for ${longDuration(leftMs)}`;
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
