import type { Result } from "@jcfetch/shared/result";
import { type Clock, type EpochMs, SECOND_MS } from "@jcfetch/shared/time";
import * as v from "valibot";
import type { ReachClipboard } from "../messaging/clipboard.ts";
import { ClipView } from "../messaging/guard-view.ts";
import { queue, type Slot, type Storage, slot } from "../sessions/slot.ts";
import { Mark, markOf } from "./mark.ts";

const Clip = v.strictObject({ ...ClipView.entries, mark: Mark });
type Clip = v.InferOutput<typeof Clip>;

export interface ClipsPorts {
  readonly storage: Storage;
  readonly clipboard: ReachClipboard;
  readonly alarms: { create(name: string, info: { when: number }): unknown; clear(name: string): unknown };
  readonly later: (run: () => void, ms: number) => unknown;
  readonly now: Clock;
  readonly seconds: () => Promise<number>;
  /** The countdown has begun, or is over. */
  readonly changed: () => void;
}

export const CLIP_ALARM = "clipboard";
/** Not nothing: Chromium's background copies by selecting, and nothing cannot be selected. A shell does nothing with it. */
const CLEARED = " ";

/** Whose credentials these are, as the popup says it. */
export type ClipName = Pick<ClipView, "account" | "role" | "accountName">;

/**
 * What we have put on the clipboard, and taking it off again. The text itself is kept nowhere: a salted hash of it is, so that
 * it can be told from what the user has copied since, where they let us look.
 */
export class Clips {
  readonly #ports: ClipsPorts;
  readonly #clip: Slot<Clip | null>;
  readonly #inTurn = queue();

  constructor(ports: ClipsPorts) {
    this.#ports = ports;
    this.#clip = slot(ports.storage.session, "clip", v.nullable(Clip), null);
  }

  /** A copy is likely soon. */
  ready(): void {
    this.#ports.clipboard.ready();
  }

  /** [CB1] Written down before it is written: a background that is stopped in between has an alarm to come back for. */
  put(text: string, name: ClipName): Promise<Result<null, "clipboard">> {
    return this.#inTurn(async () => {
      const before = await this.#clip.get();
      const clearsAtMs = this.#ports.now() + (await this.#ports.seconds()) * SECOND_MS;
      const certain = await this.#ports.clipboard.mayLook();
      await this.#keep({ ...name, clearsAtMs, certain, mark: await markOf(text) });
      const written = await this.#ports.clipboard.write(text);
      if (!written.ok) await this.#keep(before);
      this.#ports.changed();
      return written;
    });
  }

  /** [CB3] Something that is no secret, in place of what was there: it is not to be cleared. */
  putPlain(text: string): Promise<Result<null, "clipboard">> {
    return this.#inTurn(async () => {
      const written = await this.#ports.clipboard.write(text);
      if (written.ok) await this.#forget();
      return written;
    });
  }

  /** [CB3] One of our own pages has copied something else, which is no secret. */
  replaced(): Promise<void> {
    return this.#inTurn(() => this.#forget());
  }

  /** [CB2] Clear what is ours: now, whenever it was due. */
  clear(): Promise<void> {
    return this.#inTurn(() => this.#clear());
  }

  /** The alarm, or the timer of a background that was not stopped meanwhile. */
  due(): Promise<void> {
    return this.#inTurn(async () => {
      const clip = await this.#clip.get();
      if (!clip) return;
      if (clip.clearsAtMs <= this.#ports.now()) await this.#clear();
      else this.#arrange(clip.clearsAtMs);
    });
  }

  async view(): Promise<ClipView | null> {
    const clip = await this.#clip.get();
    if (!clip) return null;
    const { mark: _mark, ...shown } = clip;
    return shown;
  }

  async #clear(): Promise<void> {
    const clip = await this.#clip.get();
    if (!clip) return;
    const { clipboard } = this.#ports;
    // Null: nobody let us look, or looking failed. Then what lies there may be ours, and goes.
    const ours = (await clipboard.mayLook()) ? await clipboard.holds(clip.mark) : null;
    if (ours !== false && !(await clipboard.write(CLEARED)).ok) {
      this.#arrange(this.#ports.now() + RETRY_MS);
      return;
    }
    await this.#forget();
  }

  async #forget(): Promise<void> {
    if ((await this.#clip.get()) === null) return;
    await this.#keep(null);
    this.#ports.changed();
  }

  async #keep(clip: Clip | null): Promise<void> {
    await this.#clip.set(clip);
    if (clip) this.#arrange(clip.clearsAtMs);
    else this.#ports.alarms.clear(CLIP_ALARM);
  }

  /** The alarm wakes a background that was stopped; the timer of one that was not is more exact. */
  #arrange(when: EpochMs): void {
    this.#ports.alarms.create(CLIP_ALARM, { when });
    this.#ports.later(() => void this.due(), when - this.#ports.now());
  }
}

/** The browser did not let the clipboard be written: as good as never, and better soon. */
const RETRY_MS = 30 * SECOND_MS;
