import * as v from "valibot";
import { type Bytes, base64url, concat, digest, fromBase64url, sha256, utf8 } from "../crypto/encoding.ts";
import { AccountId, DeviceId, RoleName } from "../domain/ids.ts";
import { AuditAct } from "./audit-act.ts";
import { Digest } from "./documents.ts";
import { Mode } from "./modes.ts";

/*
 * The audit of one user: a chain of hashes over entries. Who has seen one head can tell later whether what is shown
 * still contains all that led to it. [AU2]
 */

const Whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const AuditEntry = v.strictObject({
  seq: v.pipe(Whole, v.minValue(1)),
  /** Seconds since the epoch. */
  at: Whole,
  act: AuditAct,
  did: v.nullable(DeviceId),
  /** In relay mode the broker does not learn account and role. */
  account: v.nullable(AccountId),
  role: v.nullable(RoleName),
  mode: v.nullable(Mode),
  /** Of `fetched` and `asked`: the entry whose end this is. Of `skip`: the last one before the gap. */
  intent: v.nullable(Whole),
  /**
   * `ok` or the code of a refusal; of `revoke`: `locked` or `open`; of `enrol`: `code`, or which directory. [EN9] Of `skip`: the
   * hash of everything up to the gap.
   */
  outcome: v.nullable(v.pipe(v.string(), v.regex(/^(?:[a-z-]{1,32}|(?:member|from):[\w-]{43})$/))),
});
export type AuditEntry = v.InferOutput<typeof AuditEntry>;

/** A whole entry, or of one that is not the reader's business its digest alone: the chain can be followed with either. */
export const AuditLine = v.union([
  v.strictObject({ entry: AuditEntry }),
  v.strictObject({ seq: v.pipe(Whole, v.minValue(1)), digest: Digest }),
]);
export type AuditLine = v.InferOutput<typeof AuditLine>;

/** A place in the chain: the number of an entry and the hash of everything up to it. Number 0 is the beginning. */
export const AuditPlace = v.strictObject({ seq: Whole, ah: Digest });
export type AuditPlace = v.InferOutput<typeof AuditPlace>;

export const MAX_AUDIT_PAGE = 128;

/** [AU1] How long the broker keeps an entry, and how many of the newest. */
export const AUDIT_SECONDS = 90 * 86_400;
export const AUDIT_ROWS = 50_000;
/** Clocks differ, and the broker cleans up by its own. */
const SPARE_SECONDS = 86_400;

/**
 * May what was seen have gone the way of all old entries, where a record begins later? The times of entries are the broker's
 * word, and so is their number: only those that are shown count.
 *
 * @param seenForSeconds how long ago it was the newest, by the reader's own clock.
 */
export const mayBePruned = (from: AuditPlace, head: AuditPlace, seenForSeconds: number): boolean =>
  head.seq - from.seq >= AUDIT_ROWS || seenForSeconds > AUDIT_SECONDS - SPARE_SECONDS;

/** The text whose hash stands in the chain. */
export const canonicalEntry = (e: AuditEntry): string =>
  JSON.stringify([e.seq, e.at, e.act, e.did, e.account, e.role, e.mode, e.intent, e.outcome]);

/** What the first hash of a user's chain is taken over. */
export const chainStart = (bid: string, uid: string): Bytes => utf8(`jc1/audit|${bid}|${uid}`);

/** What the hash after `ah` is taken over. */
export const chainLink = (ah: string, entryDigest: string): Bytes =>
  concat(fromBase64url(ah) ?? new Uint8Array(), fromBase64url(entryDigest) ?? new Uint8Array());

const FROM = "from:";

/** The first entry behind a gap says what was before it, so that the chain holds both: what is shown here, and what is lost. */
export const skipFrom = ({ seq, ah }: AuditPlace) =>
  ({ act: "skip", intent: seq, outcome: `${FROM}${ah}` }) as const;

/** @returns where the gap begins behind which this line is the first; `undefined` for any other line. */
export function gapBefore(line: AuditLine | undefined): AuditPlace | undefined {
  if (line === undefined || !("entry" in line)) return undefined;
  const { act, intent, outcome } = line.entry;
  if (act !== "skip" || intent === null || !outcome?.startsWith(FROM)) return undefined;
  return { seq: intent, ah: outcome.slice(FROM.length) };
}

/** Does a page go on from a place: right behind it, or behind a gap that its first entry says begins there? [AU5] */
export function goesOnFrom({ seq, ah }: AuditPlace, from: AuditPlace, lines: readonly AuditLine[]): boolean {
  if (from.seq === seq) return from.ah === ah;
  const gap = from.seq > seq ? gapBefore(lines[0]) : undefined;
  return gap?.seq === seq && gap.ah === ah;
}

/**
 * Follow the chain from a place that is known.
 *
 * @returns every place on the way, the last one included; `undefined` when the lines are not the ones that follow.
 */
export async function followChain(
  from: AuditPlace,
  lines: readonly AuditLine[],
): Promise<readonly AuditPlace[] | undefined> {
  const places: AuditPlace[] = [from];
  for (const line of lines) {
    const { seq, ah } = places.at(-1)!;
    const next = "entry" in line ? line.entry.seq : line.seq;
    if (next !== seq + 1) return undefined;
    const of = "entry" in line ? await digest(canonicalEntry(line.entry)) : line.digest;
    places.push({ seq: next, ah: base64url(await sha256(chainLink(ah, of))) });
  }
  return places;
}
