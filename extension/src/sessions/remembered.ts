import type { StorageArea } from "./slot.ts";

/** A storage area of the browser's, which tells what has changed in it. */
export interface TellingArea extends StorageArea {
  readonly onChanged: { addListener(listener: (changes: Record<string, unknown>) => void): void };
}

/**
 * The same area, each item read once: the popup asks for all of them each time it opens, and each is a question to another process.
 * What is written is read anew, so that nothing is remembered but what the browser has given.
 */
export function remembered(area: TellingArea): StorageArea {
  const known = new Map<string, Promise<Record<string, unknown>>>();
  const forget = (keys: readonly string[]): void => {
    for (const key of keys) known.delete(key);
  };
  // Somebody else's change, or one of ours that is told late.
  area.onChanged.addListener((changes) => forget(Object.keys(changes)));

  /** Whatever is asked for while it is being written may be of before. */
  const during = async (keys: readonly string[], write: Promise<unknown>): Promise<void> => {
    forget(keys);
    try {
      await write;
    } finally {
      forget(keys);
    }
  };
  return {
    get(key) {
      const read = known.get(key) ?? area.get(key);
      known.set(key, read);
      read.catch(() => forget([key]));
      return read;
    },
    set: (items) => during(Object.keys(items), area.set(items)),
    remove: (key) => during([key], area.remove(key)),
  };
}
