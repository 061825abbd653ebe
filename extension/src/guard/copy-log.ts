import { type Clock, DAY_MS } from "@jcfetch/shared/time";
import * as v from "valibot";
import { CopyEntry } from "../messaging/guard-view.ts";
import { type Slot, type Storage, slot } from "../sessions/slot.ts";

const MOST = 200;
const LONGEST_MS = 30 * DAY_MS;

/** [CB5] Which roles were copied, when and from where, on disk: for people who ask themselves later what they have let out. */
export class CopyLog {
  readonly #entries: Slot<CopyEntry[]>;
  readonly #now: Clock;
  readonly #isOn: () => Promise<boolean>;

  constructor(storage: Storage, now: Clock, isOn: () => Promise<boolean>) {
    this.#entries = slot(storage.local, "copied", v.array(CopyEntry), []);
    this.#now = now;
    this.#isOn = isOn;
  }

  /** Newest first. */
  async entries(): Promise<CopyEntry[]> {
    return this.#recent(await this.#entries.get());
  }

  async add(entry: CopyEntry): Promise<void> {
    if (!(await this.#isOn())) return;
    await this.#entries.update((old) => this.#recent([entry, ...old]).slice(0, MOST));
  }

  clear(): Promise<void> {
    return this.#entries.remove();
  }

  #recent(entries: CopyEntry[]): CopyEntry[] {
    return entries.filter(({ atMs }) => atMs > this.#now() - LONGEST_MS);
  }
}
