/*
 * Protection against clickjacking. Whoever can run script in the page could make our button invisible or cover it and lure
 * a click: credentials would land on the clipboard without the person knowing. So a press counts only if the button was
 * really there to be seen.
 */

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What was measured at the moment of the press. */
export interface PressSnapshot {
  /** Made by a person, not by `dispatchEvent` or `click()`. */
  readonly trusted: boolean;
  /** A real pointer press counts its clicks; a key press comes with the focus inside our shadow root. */
  readonly by: "pointer" | "keyboard";
  readonly clicks: number;
  readonly focused: boolean;
  readonly pageVisible: boolean;
  readonly shownForMs: number;
  readonly box: Box;
  readonly viewport: { readonly width: number; readonly height: number };
  /** `checkVisibility` with opacity and visibility taken into account. */
  readonly rendered: boolean;
  /** Product of the opacities of the button and everything above it. */
  readonly opacity: number;
  /** Names of what repaints it or cuts it: filter, clip-path, mask, mix-blend-mode, pseudo-elements over it. */
  readonly effects: readonly string[];
  /** For centers and corners, of the part that was pressed and of the whole button, and at last for what no hit finds: is it on top? */
  readonly onTop: readonly boolean[];
}

export type PressFault =
  | "synthetic"
  | "no-focus"
  | "page-hidden"
  | "too-soon"
  | "too-small"
  | "off-screen"
  | "not-rendered"
  | "see-through"
  | "restyled"
  | "covered";

export const MIN_SHOWN_MS = 300;
export const MIN_OPACITY = 0.9;
export const MIN_SIDE_PX = 16;

/** Decide from the measurements alone. */
export function judgePress(s: PressSnapshot): PressFault | undefined {
  if (!s.trusted || (s.by === "pointer" && s.clicks < 1)) return "synthetic";
  if (!s.focused) return "no-focus";
  if (!s.pageVisible) return "page-hidden";
  if (s.shownForMs < MIN_SHOWN_MS) return "too-soon";
  const { left, top, right, bottom } = s.box;
  if (right - left < MIN_SIDE_PX || bottom - top < MIN_SIDE_PX) return "too-small";
  if (left < 0 || top < 0 || right > s.viewport.width || bottom > s.viewport.height) return "off-screen";
  if (!s.rendered) return "not-rendered";
  if (s.opacity < MIN_OPACITY) return "see-through";
  if (s.effects.length > 0) return "restyled";
  return s.onTop.every(Boolean) ? undefined : "covered";
}
