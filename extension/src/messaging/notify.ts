import type { Changed } from "./messages.ts";

/** A reading of the directory changes something fifteen times a second; whoever looks is told this often at the most. */
const SPACING_MS = 250;

export type Notify = (what: Changed["what"]) => void;

/** Tell the open pages of ours that something has changed: at once, and then not again too soon, but never not at all. */
export function notifier(
  send: (message: Changed) => Promise<unknown>,
  later: (run: () => void, ms: number) => unknown,
): Notify {
  const resting = new Set<Changed["what"]>();
  const due = new Set<Changed["what"]>();
  const notify: Notify = (what) => {
    if (resting.has(what)) {
      due.add(what);
      return;
    }
    resting.add(what);
    send({ event: "changed", what }).catch(() => undefined); // nobody has a page open
    later(() => {
      resting.delete(what);
      if (due.delete(what)) notify(what);
    }, SPACING_MS);
  };
  return notify;
}
