import { type Box, MIN_SIDE_PX, type PressSnapshot } from "./guard.ts";

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

const boxOf = (element: Element): DOMRect => element.getBoundingClientRect();

const CLEAR = /^(transparent$|rgba\(.*, 0\)$)/;

/**
 * Is there a box that CSS alone adds to this element, and that may lie over the host: out of the flow, filled, large, and
 * not sent behind? A hit test cannot tell it from the element, and the elements above the host do not count as covers.
 */
function hasCoveringPseudo(element: Element): boolean {
  return ["::before", "::after"].some((pseudo) => {
    const box = getComputedStyle(element, pseudo);
    return (
      box.content !== "none" &&
      /absolute|fixed/.test(box.position) &&
      !box.zIndex.startsWith("-") &&
      Math.min(Number.parseFloat(box.width), Number.parseFloat(box.height)) >= MIN_SIDE_PX &&
      (!CLEAR.test(box.backgroundColor) || box.backgroundImage !== "none")
    );
  });
}

function paintOf(host: Element): Pick<PressSnapshot, "opacity" | "effects"> {
  let opacity = 1;
  const effects = new Set<string>();
  for (const element of withAncestors(host)) {
    const style = getComputedStyle(element);
    if (hasCoveringPseudo(element)) effects.add("pseudo-element");
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

const HIT_ALL = "*,::before,::after{pointer-events:auto!important}";

/** Takes effect at once. Returns the way to undo it. */
function addToPage(css: string): () => void {
  const before = document.adoptedStyleSheets;
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [...before, sheet];
    return () => {
      document.adoptedStyleSheets = before;
    };
  } catch {
    // Firefox keeps content scripts from writing this list.
    const style = document.createElement("style");
    style.textContent = css;
    document.documentElement.append(style);
    return () => style.remove();
  }
}

/** Everything in the page, also in the shadow trees that a script may look into. */
function* everyElement(root: ParentNode): Generator<Element> {
  for (const element of root.querySelectorAll("*")) {
    yield element;
    if (element.shadowRoot) yield* everyElement(element.shadowRoot);
  }
}

const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** Does anything over the host still let the pointer through, against `HIT_ALL`? Hit tests say nothing about that. */
function hidesFromHits(host: Element): boolean {
  const box = boxOf(host);
  for (const element of everyElement(document)) {
    if (getComputedStyle(element).pointerEvents !== "none" || element.contains(host)) continue;
    if (overlap(boxOf(element), box) && isPainted(element)) return true;
  }
  return false;
}

/**
 * Hit testing skips what lets the pointer through, which is just what a cover would do. For the length of the test
 * everything takes part; nothing is painted in between, so nobody sees it.
 */
function isOnTopAt(host: Element, points: readonly [number, number][]): boolean[] {
  const undo = addToPage(HIT_ALL);
  try {
    return [...points.map(([x, y]) => isOnTop(host, x, y)), !hidesFromHits(host)];
  } finally {
    undo();
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
  const box = boxOf(target);
  // The whole button has to be in sight, not only the part that was pressed: its other half says what it does.
  const points = [...probes(box), ...probes(boxOf(host))];
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
    onTop: isOnTopAt(host, points),
  };
}
