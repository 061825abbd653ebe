import type { Envelope } from "@jcfetch/shared/protocol/documents";
import { MAX_ENVELOPE_SECONDS, MAX_SKEW_SECONDS } from "@jcfetch/shared/protocol/version";
import type { EpochSeconds } from "@jcfetch/shared/time";
import type { Reason } from "../errors.ts";

/** What is wrong with an envelope whose signature is good: it must belong to this grant and this broker. */
export function whyEnvelopeFails(
  envelope: Envelope,
  of: { uid: string; did: string; gh: string; bid: string },
): Reason | undefined {
  const { uid, did, gh, bid } = envelope;
  return uid !== of.uid || did !== of.did || gh !== of.gh || bid !== of.bid ? "envelope-invalid" : undefined;
}

/** [EV1] What the broker does not take in: an envelope that is over, or that would stay longer than twelve hours. */
export function whyDepositFails(envelope: Envelope, now: EpochSeconds): Reason | undefined {
  if (envelope.exp <= now) return "envelope-superseded";
  return envelope.exp > now + MAX_ENVELOPE_SECONDS + MAX_SKEW_SECONDS ? "envelope-too-long" : undefined;
}

/** The envelope the broker holds for a device. `isOver`: it has ended, and only its number is remembered. */
export interface HeldEnvelope {
  readonly gh: string;
  readonly seq: number;
  readonly exp: EpochSeconds;
  readonly isOver: boolean;
}

/** [EV4] [EV5] Whether a device may use the envelope it presents. */
export function whyEnvelopeRefused(
  held: HeldEnvelope | undefined,
  presented: Pick<Envelope, "seq" | "exp" | "gh">,
  now: EpochSeconds,
): Reason | undefined {
  if (!held || held.gh !== presented.gh) return "envelope-missing";
  if (presented.seq !== held.seq) return "envelope-superseded";
  return presented.exp <= now || held.isOver ? "envelope-over" : undefined;
}
