import type en from "../locales/en.json";
import type { CopyFormat, Problem } from "../messaging/view.ts";
import { FORMAT_NAMES } from "../ui/format-names.ts";
import { shortLeft, spokenLeft } from "./left.ts";
import type { RoleTarget } from "./parse-portal.ts";
import { t } from "./words.ts";

/** What a press has led to, and which role was pressed. */
type PressState =
  | { readonly is: "busy"; readonly target: RoleTarget }
  /** Without an end: what was copied is no secret. */
  | { readonly is: "done"; readonly target: RoleTarget; readonly expiresAtMs?: number | undefined }
  /** [PB3] The popup asks whether it is meant. */
  | { readonly is: "asked"; readonly target: RoleTarget }
  | { readonly is: "failed"; readonly target: RoleTarget; readonly problem: Problem };
export type ButtonState = { readonly is: "idle" } | PressState;

/** What a button shows and says. */
export interface Face {
  readonly icon: "copy" | "spinner" | "check" | "alert";
  readonly text: string;
  /** On hover, and for screen readers. */
  readonly title: string;
  /** Announced once when the state is entered. */
  readonly say: string;
}

/** A word or two for a button; the whole reason and the next step stand in the title. */
const SHORT_REASON: Readonly<Record<string, keyof typeof en.portal.short>> = {
  "signed-out": "signedOut",
  "sso-expired": "signedOut",
  "role-not-assigned": "noAccess",
  throttled: "throttled",
  offline: "offline",
  "region-unknown": "region",
  clipboard: "clipboard",
  bug: "reload",
  covered: "notCopied",
};

export const describe = ({ account, role }: RoleTarget): string => t("common.roleIn", role, account);

export const formatTitle = (format: CopyFormat): string =>
  FORMAT_NAMES[format].long ?? t(format === "dotenv" ? "portal.dotenv" : "portal.credentials");

/**
 * What came of a press belongs to the role that was pressed. A page may have given the row to another role meanwhile; then
 * the button names the one it speaks of.
 * @param target the role of the row now
 */
export function faceOf(state: ButtonState, target: RoleTarget, format: CopyFormat, nowMs: number): Face {
  if (state.is === "idle") {
    const title = t("portal.copyFor", describe(target), formatTitle(format));
    return { icon: "copy", text: FORMAT_NAMES[format].short, title, say: "" };
  }
  const face = faceOfPress(state, format, nowMs);
  const pressed = describe(state.target);
  if (pressed === describe(target)) return face;
  return { ...face, text: state.target.role, title: t("common.colon", pressed, face.title) };
}

function faceOfPress(state: PressState, format: CopyFormat, nowMs: number): Face {
  const what = describe(state.target);
  switch (state.is) {
    case "busy":
      return { icon: "spinner", text: FORMAT_NAMES[format].short, title: t("portal.asking"), say: "" };
    case "asked": {
      const title = t("portal.asked", what);
      return { icon: "alert", text: t("portal.short.asked"), title, say: title };
    }
    case "done": {
      const leftMs = (state.expiresAtMs ?? 0) - nowMs;
      const text = state.expiresAtMs ? shortLeft(leftMs) : t("common.copied");
      const title = state.expiresAtMs
        ? t("portal.copied", what, spokenLeft(leftMs))
        : t("portal.copiedText", what);
      return { icon: "check", text, title, say: title };
    }
    case "failed": {
      const { code, text, next } = state.problem;
      const title = `${text} → ${next}`;
      return { icon: "alert", text: t(`portal.short.${SHORT_REASON[code] ?? "failed"}`), title, say: title };
    }
  }
}

export const sameFace = (a: Face, b: Face): boolean =>
  a.icon === b.icon && a.text === b.text && a.title === b.title && a.say === b.say;

/** A press that does not count. The reason is not told apart: the person can do one thing about all of them. */
export const pressProblem = (): Problem => ({
  code: "covered",
  text: t("portal.coveredText"),
  next: t("portal.coveredNext"),
});
