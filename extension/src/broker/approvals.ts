import type { DeviceId } from "@jcfetch/shared/domain/ids";
import type { RoleRef } from "@jcfetch/shared/domain/role";
import type { Asking } from "@jcfetch/shared/protocol/relay";
import { ASK_SECONDS } from "@jcfetch/shared/protocol/version";
import { type Clock, SECOND_MS, toMs } from "@jcfetch/shared/time";
import * as v from "valibot";
import type { ApprovalView, AskedOutcome } from "../messaging/view.ts";
import { type Slot, type Storage, slot } from "../sessions/slot.ts";
import type { Device } from "./device-list.ts";

/** What a terminal hears when its user was asked. */
export type Verdict =
  | "approved"
  | "approval-refused"
  | "approval-timeout"
  | "approval-busy"
  /** The third refusal in a row. */
  | "locked";

/** Refusals in a row after which a device is locked. */
const MAX_REFUSALS = 3;

export interface Question {
  /** The same each time that a terminal asks for the same request again. */
  readonly id: string;
  readonly device: Device;
  readonly want: RoleRef;
  readonly accountName: string | null;
  readonly ask: Asking;
}

export interface ApprovalPorts {
  readonly storage: Storage;
  readonly now: Clock;
  readonly later: (run: () => void, ms: number) => unknown;
  /** Something to show has changed. */
  readonly changed: (pending: ApprovalView | null) => void;
  /** Three refusals: the device is locked here before anybody hears of it. */
  readonly lock: (did: DeviceId) => Promise<unknown>;
}

interface Pending {
  readonly view: ApprovalView;
  readonly num: number;
  readonly did: DeviceId;
  readonly end: (outcome: AskedOutcome) => void;
  /** What came of it in the end. */
  readonly judged: Promise<AskedOutcome>;
}

/** A terminal asks again three seconds after its browser was away, and the line to it takes a moment. [RM10] */
const ASKED_AGAIN_WITHIN_MS = 10 * SECOND_MS;

/**
 * The one question that waits for the user. It lives in this background's memory alone: one that was stopped has lost the
 * way to the terminal too. That asks again, and an answer to what is still on the screen waits for it.
 */
export class Approvals {
  readonly #ports: ApprovalPorts;
  /** Refusals in a row by device: they must outlast the browser. */
  readonly #refusals: Slot<Record<string, number>>;
  #pending: Pending | undefined;
  /** Answers that wait for their question to be asked again. */
  readonly #arrived: (() => void)[] = [];
  #last: { id: string; outcome: AskedOutcome } | null = null;

  constructor(ports: ApprovalPorts) {
    this.#ports = ports;
    this.#refusals = slot(ports.storage.local, "refusals", v.record(v.string(), v.number()), {});
  }

  pending(): ApprovalView | null {
    return this.#pending?.view ?? null;
  }

  /** How the question before ended. */
  last(): { id: string; outcome: AskedOutcome } | null {
    return this.#last;
  }

  /** [AS3] @param gone aborts when nobody waits for the answer any more. */
  async ask(question: Question, gone: AbortSignal): Promise<Verdict> {
    if (this.#pending) return "approval-busy";
    const { id, device } = question;
    const { did } = device;
    const ended = Promise.withResolvers<AskedOutcome>();
    const judged = Promise.withResolvers<AskedOutcome>();
    const end = (how: AskedOutcome): void => {
      if (this.#pending?.view.id !== id) return;
      this.#pending = undefined;
      this.#last = { id, outcome: how };
      ended.resolve(how);
    };
    const { num } = question.ask;
    this.#pending = { view: this.#viewOf(question), num, did, end, judged: judged.promise };
    this.#ports.later(() => end("timeout"), toMs(ASK_SECONDS));
    gone.addEventListener("abort", () => end("gone"));
    if (gone.aborted) end("gone");
    this.#ports.changed(this.pending());
    for (const look of this.#arrived.splice(0)) look();

    const outcome = await ended.promise;
    const verdict = await this.#judge(did, outcome);
    const shown = verdict === "locked" ? "locked" : outcome;
    this.#last = { id, outcome: shown };
    judged.resolve(shown);
    this.#ports.changed(this.pending());
    return verdict;
  }

  /**
   * The user's answer to the question that is shown; `digits` null refuses. There is one try: wrong digits are a refusal,
   * because a person who approves what is not on their terminal is being led.
   *
   * @returns `undefined` when that question is over.
   */
  async answer(id: string, digits: string | null): Promise<AskedOutcome | undefined> {
    if (!this.#pending && this.#last === null) await this.#askedAgain();
    const pending = this.#pending;
    if (pending?.view.id !== id) return undefined;
    const right = digits === String(pending.num);
    pending.end(right ? "approved" : digits === null ? "refused" : "wrong-number");
    return pending.judged;
  }

  /** This background has never asked anything, so the question was of the one before. */
  #askedAgain(): Promise<void> {
    return new Promise((resolve) => {
      this.#arrived.push(resolve);
      this.#ports.later(resolve, ASKED_AGAIN_WITHIN_MS);
    });
  }

  /** A device that was approved, unlocked or removed starts anew. */
  async forgive(did: DeviceId): Promise<void> {
    await this.#refusals.update(({ [did]: _gone, ...rest }) => rest);
  }

  /** [AS6] */
  async #judge(did: DeviceId, outcome: AskedOutcome): Promise<Verdict> {
    if (outcome === "timeout" || outcome === "gone") return "approval-timeout";
    if (outcome === "approved") {
      await this.forgive(did);
      return "approved";
    }
    const counts = await this.#refusals.update((all) => ({ ...all, [did]: (all[did] ?? 0) + 1 }));
    if (counts[did]! < MAX_REFUSALS) return "approval-refused";
    await this.#ports.lock(did);
    await this.forgive(did);
    return "locked";
  }

  #viewOf({ id, device, want, accountName, ask }: Question): ApprovalView {
    const { did, name, host, osUser, ssh } = device;
    const { process, directory } = ask;
    const untilMs = this.#ports.now() + toMs(ASK_SECONDS);
    return { id, did, name, host, osUser, ssh, process, directory, ...want, accountName, untilMs };
  }
}
