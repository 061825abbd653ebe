import * as v from "valibot";

/** The part of a `browser.storage` area that is needed here. */
export interface StorageArea {
  get(key: string): Promise<Record<string, unknown>>;
  set(items: Record<string, unknown>): Promise<unknown>;
  remove(key: string): Promise<unknown>;
}

/** `local` is on disk in clear: names, ids and preferences only. `session` is in memory and goes with the browser. */
export interface Storage {
  readonly local: StorageArea;
  readonly session: StorageArea;
}

/** One typed value in a storage area. */
export interface Slot<T> {
  get(): Promise<T>;
  set(value: T): Promise<void>;
  /** Read, change, write: one after the other, so that two events at one time lose nothing. */
  update(change: (old: T) => T): Promise<T>;
  remove(): Promise<void>;
}

/** What no longer fits the schema (an older version wrote it, somebody edited the profile) reads as `empty`. */
export function slot<S extends v.GenericSchema>(
  area: StorageArea,
  key: string,
  schema: S,
  empty: v.InferOutput<S>,
): Slot<v.InferOutput<S>> {
  type T = v.InferOutput<S>;
  const get = async (): Promise<T> => {
    const parsed = v.safeParse(schema, (await area.get(key))[key]);
    return parsed.success ? parsed.output : empty;
  };
  const set = async (value: T): Promise<void> => {
    await area.set({ [key]: value });
  };
  const inTurn = queue();
  return {
    get,
    set: (value) => inTurn(() => set(value)),
    update: (change) =>
      inTurn(async () => {
        const next = change(await get());
        await set(next);
        return next;
      }),
    remove: () =>
      inTurn(async () => {
        await area.remove(key);
      }),
  };
}

/** The same value, read from the storage once: for what is large, and is written by nobody else. */
export function kept<T>(stored: Slot<T>): Slot<T> {
  let known: Promise<T> | undefined;
  const know = (value: T): T => {
    known = Promise.resolve(value);
    return value;
  };
  return {
    get() {
      known ??= stored.get();
      return known;
    },
    async set(value) {
      know(value);
      await stored.set(value);
    },
    update: async (change) => know(await stored.update(change)),
    async remove() {
      known = undefined;
      await stored.remove();
    },
  };
}

/** Runs tasks one after the other; a failed one does not stop the next. */
export function queue(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const run = last.then(task, task);
    last = run.catch(() => undefined);
    return run;
  };
}
