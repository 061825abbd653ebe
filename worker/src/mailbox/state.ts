import type { PairingSlot } from "@jcfetch/shared/protocol/endpoints";
import { APPROVAL_LIFETIME_SECONDS, CODE_LIFETIME_SECONDS } from "@jcfetch/shared/protocol/version";
import { err, ok, type Result } from "@jcfetch/shared/result";
import type { EpochSeconds } from "@jcfetch/shared/time";
import type { JoinedFrom } from "../bind.ts";
import type { Reason } from "../errors.ts";

/** How long a mailbox that is over can still say why. */
export const REMEMBERED_SECONDS = 600;

/** One pairing, as it lies in storage: boxes nobody here can open, and who may write and read them. */
export interface Mailbox {
  readonly owner: string;
  readonly expiresAt: EpochSeconds;
  /** The joiner's; it is there once somebody has joined. */
  readonly token?: string;
  readonly from?: JoinedFrom;
  readonly boxes: Partial<Record<PairingSlot, string>>;
  /** Why it was destroyed. What it held is gone; both sides are told the reason from then on. */
  readonly burnedFor?: Reason;
}

/** A step: what the mailbox becomes, and what the caller is told. */
export interface Step<T> {
  readonly mailbox: Mailbox | undefined;
  readonly answer: Result<T, Reason>;
}

export const openedBy = (owner: string, now: EpochSeconds): Mailbox => ({
  owner,
  expiresAt: now + CODE_LIFETIME_SECONDS,
  boxes: {},
});

export const burn = ({ owner, expiresAt }: Mailbox, reason: Reason): Mailbox => ({
  owner,
  expiresAt,
  boxes: {},
  burnedFor: reason,
});

/** What everybody is told about a mailbox that is not, or no longer, in use. */
export function whyClosed(mailbox: Mailbox | undefined, now: EpochSeconds): Reason | undefined {
  if (!mailbox || now >= mailbox.expiresAt + REMEMBERED_SECONDS) return "mailbox-unknown";
  if (mailbox.burnedFor) return mailbox.burnedFor;
  return now >= mailbox.expiresAt ? "mailbox-expired" : undefined;
}

/** [PA8] The first to come gets the token; with the second, somebody has seen the code who should not have. */
export function join(
  mailbox: Mailbox | undefined,
  token: string,
  from: JoinedFrom | null,
  now: EpochSeconds,
): Step<{ t: string; expiresAt: EpochSeconds }> {
  const closed = whyClosed(mailbox, now);
  if (!mailbox || closed) return { mailbox, answer: err(closed ?? "mailbox-unknown") };
  if (mailbox.token !== undefined)
    return { mailbox: burn(mailbox, "mailbox-joined-twice"), answer: err("mailbox-joined-twice") };
  const expiresAt = now + APPROVAL_LIFETIME_SECONDS;
  return {
    mailbox: { ...mailbox, token, expiresAt, ...(from === null ? {} : { from }) },
    answer: ok({ t: token, expiresAt }),
  };
}

/** [PA9] Who is calling: the owner by its proved name, the joiner by its token. A wrong token is somebody guessing. */
export type Party = { readonly uid: string } | { readonly token: string };

export function enter(mailbox: Mailbox | undefined, party: Party, now: EpochSeconds): Step<Mailbox> {
  const isForeign = mailbox && "uid" in party && party.uid !== mailbox.owner;
  const closed = isForeign ? "mailbox-unknown" : whyClosed(mailbox, now);
  if (!mailbox || closed) return { mailbox, answer: err(closed ?? "mailbox-unknown") };
  if ("token" in party && party.token !== mailbox.token)
    return { mailbox: burn(mailbox, "mailbox-unknown"), answer: err("mailbox-unknown") };
  return { mailbox, answer: ok(mailbox) };
}

/** [PA9] Each slot is written once. The same text again is a lost answer, not a second message. */
export function write(
  mailbox: Mailbox | undefined,
  party: Party,
  { slot, box }: { slot: PairingSlot; box: string },
  now: EpochSeconds,
): Step<{ ok: true }> {
  const entered = enter(mailbox, party, now);
  if (!entered.answer.ok) return { ...entered, answer: entered.answer };
  const open = entered.answer.value;
  const written = open.boxes[slot];
  if (written !== undefined && written !== box) return { mailbox: open, answer: err("mailbox-slot-written") };
  return { mailbox: { ...open, boxes: { ...open.boxes, [slot]: box } }, answer: ok({ ok: true }) };
}
