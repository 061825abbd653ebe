import type { Box, PressSnapshot } from "./guard.ts";

/** Corners are probed a little inside: rounded corners and sub-pixel edges belong to whatever lies behind. */
const INSET_PX = 3;

const EFFECTS: readonly (readonly [property: string, harmless: string])[] = [
  ["filter", "none"],
  ["clip-path", "none"],
  ["mask-image", "none"],
  ["mix-blend-mode", "normal"],
];

function* withAncestors(element: Element): Generator<Element> {
  for (let at: Element | null = element; at; at = at.parentElement) yield at;
}

function paintOf(host: Element): Pick<PressSnapshot, "opacity" | "effects"> {
  let opacity = 1;
  const effects = new Set<string>();
  for (const element of withAncestors(host)) {
    const style = getComputedStyle(element);
    opacity *= Number.parseFloat(style.opacity || "1");
    for (const [property, harmless] of EFFECTS) {
      const value = style.getPropertyValue(property);
      if (value !== "" && value !== harmless) effects.add(property);
    }
  }
  return { opacity, effects: [...effects] };
}

const isPainted = (element: Element): boolean =>
  element.checkVisibility({ opacityProperty: true, visibilityProperty: true });

/**
 * Is the host the first painted thing at this point? Elements above it in the tree do not count as covers: a hit on them
 * means one of their pseudo-elements, and a page that wants to hide a button behind those can as well use `opacity`.
 */
function isOnTop(host: Element, x: number, y: number): boolean {
  const first = document.elementsFromPoint(x, y).find((hit) => !hit.contains(host) || hit === host);
  if (first === host) return true;
  const painted = document.elementsFromPoint(x, y).filter(isPainted);
  return painted.find((hit) => hit === host || !hit.contains(host)) === host;
}

/**
 * Hit testing skips what lets the pointer through, which is just what a cover would do. For the length of the test
 * everything takes part; nothing is painted in between, so nobody sees it.
 */
function withEveryElementHit<T>(test: () => T): T {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("*{pointer-events:auto!important}");
  const before = document.adoptedStyleSheets;
  try {
    document.adoptedStyleSheets = [...before, sheet];
  } catch {
    return test(); // Firefox keeps content scripts from writing this list; the plain hit test remains.
  }
  try {
    return test();
  } finally {
    document.adoptedStyleSheets = before;
  }
}

function probes({ left, top, right, bottom }: Box): [number, number][] {
  const [l, t, r, b] = [left + INSET_PX, top + INSET_PX, right - INSET_PX, bottom - INSET_PX];
  return [
    [(left + right) / 2, (top + bottom) / 2],
    [l, t],
    [r, t],
    [l, b],
    [r, b],
  ];
}

export interface Press {
  readonly event: MouseEvent;
  readonly host: Element;
  /** The part of the host that was pressed. */
  readonly target: Element;
  readonly focused: boolean;
  readonly shownForMs: number;
}

/** Measure everything `judgePress` wants to know. Reads layout once; meant for a press, not for a loop. */
export function measurePress({ event, host, target, focused, shownForMs }: Press): PressSnapshot {
  const box = target.getBoundingClientRect();
  // The whole button has to be in sight, not only the part that was pressed: its other half says what it does.
  const points = [...probes(box), ...probes(host.getBoundingClientRect())];
  return {
    trusted: event.isTrusted,
    // A click made by Enter or Space has no click count.
    by: event.detail > 0 ? "pointer" : "keyboard",
    clicks: event.detail,
    focused,
    pageVisible: document.visibilityState === "visible",
    shownForMs,
    box: { left: box.left, top: box.top, right: box.right, bottom: box.bottom },
    viewport: { width: innerWidth, height: innerHeight },
    rendered: isPainted(host),
    ...paintOf(host),
    onTop: withEveryElementHit(() => points.map(([x, y]) => isOnTop(host, x, y))),
  };
}
