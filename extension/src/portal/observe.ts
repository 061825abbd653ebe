/** What the watcher needs of its surroundings. WXT's content script context fits. */
export interface Lifetime {
  /** Runs when the extension was updated or removed and this script is an orphan. */
  onInvalidated(run: () => void): void;
}

export interface Watch {
  readonly root: Element;
  /** The page may have changed. Called at most once a frame. */
  readonly onChange: () => void;
  /** The user is signing out, or the script is an orphan: leave no trace. */
  readonly onStop: () => void;
}

const isSigningOut = (): boolean => location.hash.startsWith("#/signout");

/** A button or a mark that was put in: no reason to read the page again. */
const isOurs = ({ addedNodes, removedNodes }: MutationRecord): boolean =>
  addedNodes.length > 0 &&
  removedNodes.length === 0 &&
  [...addedNodes].every(
    (node) => node instanceof Element && node.matches("[data-jcfetch],[data-jcfetch-account]"),
  );

/**
 * One observer for the whole application. Rows come late, go and come back as other nodes; the address in a link may change
 * under our eyes, so the two attributes that carry meaning are watched as well. So is the page's theme.
 */
export function watchPortal({ root, onChange, onStop }: Watch, lifetime: Lifetime): void {
  let frame = 0;
  let running = false;
  const schedule = (): void => {
    if (!running || frame !== 0) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      if (running) onChange();
    });
  };
  const observer = new MutationObserver((records) => {
    if (!records.every(isOurs)) schedule();
  });
  const theme = matchMedia("(prefers-color-scheme: dark)");

  const stop = (): void => {
    running = false;
    cancelAnimationFrame(frame);
    frame = 0;
    observer.disconnect();
    theme.onchange = null;
    onStop();
  };
  const start = (): void => {
    running = true;
    observer.observe(root, {
      childList: true,
      subtree: true,
      attributeFilter: ["href", "aria-level"],
    });
    // The page's theme is set up here, or follows the system's.
    for (const element of [document.documentElement, document.body])
      observer.observe(element, { attributeFilter: ["class", "style"] });
    theme.onchange = schedule;
    schedule();
  };
  const followRoute = (): void => {
    if (isSigningOut()) stop();
    else if (running) schedule();
    else start();
  };

  addEventListener("hashchange", followRoute);
  lifetime.onInvalidated(() => {
    removeEventListener("hashchange", followRoute);
    stop();
  });
  followRoute();
}
