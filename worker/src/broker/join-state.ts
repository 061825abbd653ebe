import { MAX_SKEW_SECONDS } from "@jcfetch/shared/protocol/version";
import type { EpochSeconds } from "@jcfetch/shared/time";

/*
 * [JS1] Of each device the broker knows one line of states. A request presents the state its device got last; each answer
 * with credentials brings a child of it. Two holders of one device's keys get two children of the same state, and only
 * one of them can be the next of the line.
 * @source the join state of Teleport's machine identity, with numbers instead of certificates.
 */

/** From the moment when a state became the head: it superseded all numbers up to `upTo` but itself. */
export interface Generation {
  readonly head: number;
  readonly upTo: number;
  readonly at: EpochSeconds;
}

export interface JoinState {
  /** The highest number given out. */
  readonly issued: number;
  /** Oldest first; the last one counts now, the others only say what counted until lately. */
  readonly generations: readonly Generation[];
}

/** A device that has presented nothing yet; number 0 stands for that. */
export const NEVER_JOINED: JoinState = { issued: 0, generations: [{ head: 0, upTo: 0, at: 0 }] };

/**
 * Requests of one device overtake each other; what they present may be superseded for this long. A proof by a clock that is
 * ahead is good until the broker's has passed it by as much again: for so long it may have been on its way.
 */
const TOLERATED_SECONDS = 2 * MAX_SKEW_SECONDS;

export type Presented =
  /** It is the head, now or since before: a child of it may be given out. */
  | { readonly is: "head"; readonly state: JoinState }
  /** Overtaken by a request of its own device: it is served, and its number stays as it is. */
  | { readonly is: "overtaken" }
  /** [JS2] */
  | { readonly is: "forked" }
  /** [JS5] This broker gave it out and does not remember it. */
  | { readonly is: "ahead" };

/**
 * Judge the number that a device presents.
 *
 * The head may be presented for ever, as its children may never have arrived. A child takes its place with the first
 * request that presents it; from then on the old head and all other children are superseded.
 */
export function present({ issued, generations }: JoinState, presented: number, now: EpochSeconds): Presented {
  if (presented > issued) return { is: "ahead" };
  const current = generations.at(-1)!;
  if (presented === current.head) return { is: "head", state: { issued, generations } };
  if (presented > current.upTo) {
    const kept = remembered(generations, now);
    return {
      is: "head",
      state: { issued, generations: [...kept, { head: presented, upTo: issued, at: now }] },
    };
  }
  const then = longAgo(generations, now);
  const counted = then === undefined || presented === then.head || presented > then.upTo;
  return { is: counted ? "overtaken" : "forked" };
}

/** One more child of the head. Its number is `issued` of the new state. */
export const issue = (state: JoinState): JoinState => ({ ...state, issued: state.issued + 1 });

/** Go on from a number that was forgotten, once the user has said so. */
export function adopt({ issued }: JoinState, presented: number, now: EpochSeconds): JoinState {
  const highest = Math.max(issued, presented);
  return { issued: highest, generations: [{ head: presented, upTo: highest, at: now }] };
}

/** Times are whole seconds: what is 121 of them old is older than 120. */
const isOld = ({ at }: Generation, now: EpochSeconds): boolean => at < now - TOLERATED_SECONDS;

const longAgo = (generations: readonly Generation[], now: EpochSeconds): Generation | undefined =>
  generations.findLast((generation) => isOld(generation, now));

/** The one that counted as long ago as is tolerated, and what came after it; of one second only the last, so the list stays short. */
function remembered(generations: readonly Generation[], now: EpochSeconds): readonly Generation[] {
  const from = generations.findLastIndex((generation) => isOld(generation, now));
  return generations.slice(Math.max(from, 0)).filter(({ at }) => at !== now);
}
