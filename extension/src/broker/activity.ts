import { callBroker } from "@jcfetch/shared/client";
import { base64url, sha256 } from "@jcfetch/shared/crypto/encoding";
import { BrokerId, type DeviceId, UserId } from "@jcfetch/shared/domain/ids";
import {
  type AuditEntry,
  type AuditLine,
  AuditPlace,
  chainStart,
  followChain,
  gapBefore,
  goesOnFrom,
  mayBePruned,
} from "@jcfetch/shared/protocol/audit";
import type { AuditHead } from "@jcfetch/shared/protocol/documents";
import { keys as keysEndpoint, readActivity } from "@jcfetch/shared/protocol/endpoints";
import type { Refusal } from "@jcfetch/shared/protocol/errors";
import { verifyAuditHead, verifyKeyset } from "@jcfetch/shared/protocol/verify";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { type Clock, MINUTE_MS, toSeconds } from "@jcfetch/shared/time";
import * as v from "valibot";
import { queue, type Slot, type Storage, slot } from "../sessions/slot.ts";
import type { Connection } from "./broker.ts";

const Kept = v.object({
  bid: BrokerId,
  /** Whoever enrols anew is another user, with a chain of their own. */
  uid: UserId,
  place: AuditPlace,
  /** When the end of the chain was last reached, by our own clock: what entries say is the broker's word. 0 for never. */
  atMs: v.number(),
  /** The user has let this broker go on once: terminals may have made gaps since. */
  goneOn: v.optional(v.boolean(), false),
  /** What is shown no longer contains what was seen. It stays until the user says that it may. */
  fault: v.nullable(v.picklist(["set-back", "changed", "gap"])),
});
type Kept = v.InferOutput<typeof Kept>;
export type AuditFault = NonNullable<Kept["fault"]>;

export interface ActivityPage {
  /** Newest first. */
  readonly entries: readonly AuditEntry[];
  /** The number before which the next page ends; null when this one holds the oldest that is kept. */
  readonly before: number | null;
}

interface Read {
  readonly from: AuditPlace;
  readonly lines: readonly AuditLine[];
  readonly head: AuditHead;
  /** The broker signed once that it holds a newer revocation list than it shows now. */
  readonly isBehind: boolean;
}

export interface ActivityPorts {
  readonly fetch: typeof fetch;
  readonly now: Clock;
  /** Number of the newest list that this broker has signed that it holds. */
  readonly toldTo: (bid: BrokerId) => Promise<number>;
}

const PAGE = 50;
const STRIDE = 128;
const WATCH_EVERY_MS = MINUTE_MS;

/**
 * The user's audit as the broker shows it, checked against the newest place of the chain this extension has seen. [AU4]
 */
export class Activity {
  readonly #kept: Slot<Kept | null>;
  readonly #fetch: typeof fetch;
  readonly #now: Clock;
  readonly #toldTo: ActivityPorts["toldTo"];
  readonly #inTurn = queue();
  #watchedAtMs = 0;
  /** Places that were checked, by the number where a page shown later must end. Lost with the background. */
  readonly #ends = new Map<number, string>();

  constructor(storage: Storage, ports: ActivityPorts) {
    this.#kept = slot(storage.local, "audit", v.nullable(Kept), null);
    this.#fetch = ports.fetch;
    this.#now = ports.now;
    this.#toldTo = ports.toldTo;
  }

  async fault(bid: string): Promise<AuditFault | null> {
    const kept = await this.#kept.get();
    return kept?.bid === bid ? kept.fault : null;
  }

  /** The same from time to time, while somebody looks at anything of ours. @returns whether there is a new alarm. */
  async watch(connection: Connection): Promise<boolean> {
    const now = this.#now();
    if (now - this.#watchedAtMs < WATCH_EVERY_MS) return false;
    this.#watchedAtMs = now;
    const before = await this.fault(connection.bid);
    await this.catchUp(connection);
    return (await this.fault(connection.bid)) !== before;
  }

  /** Follow the chain from where it was last seen to its end. */
  catchUp(connection: Connection): Promise<Result<AuditPlace, Refusal>> {
    return this.#inTurn(() => this.#catchUp(connection));
  }

  /** [JS5] The user says that the broker may go on from what it shows now. */
  async accept(connection: Connection): Promise<Result<null, Refusal>> {
    const read = await this.#read(connection, 0, 1);
    if (!read.ok) return read;
    const { seq, ah } = read.value.head;
    const { bid, authority } = connection;
    const place = { seq, ah };
    await this.#kept.set({ bid, uid: authority.uid, place, atMs: this.#now(), goneOn: true, fault: null });
    return ok(null);
  }

  /** The broker was given up. */
  forget(): Promise<void> {
    return this.#kept.remove();
  }

  /** Entries below `before`, or the newest. */
  async page(connection: Connection, before: number | null): Promise<Result<ActivityPage, Refusal>> {
    const known = before === null ? undefined : this.#ends.get(before);
    const place = known === undefined ? await this.catchUp(connection) : ok({ seq: before! - 1, ah: known });
    if (!place.ok) return place;
    const { seq, ah } = place.value;
    const read = await this.#readUpTo(connection, seq);
    if (!read.ok) return read;
    const { from } = read.value;
    const lines = read.value.lines.filter((line) => numberOf(line) <= seq);
    // Whatever place the broker says they begin at: only the very entries that were written lead to this end.
    const places = await followChain(from, lines);
    if (places?.at(-1)?.ah !== ah) return err({ code: "answer-refused" });
    const end = gapBefore(lines[0]) ?? from;
    const first = end.seq + 1;
    this.#ends.set(first, end.ah);
    const entries = lines.flatMap((line) => ("entry" in line ? [line.entry] : [])).reverse();
    return ok({ entries, before: end.seq === 0 || lines.length === 0 ? null : first });
  }

  /** [JS5] The terminal that last showed more than the broker knew, of the newest entries; for display only. */
  async reporter(connection: Connection): Promise<DeviceId | null> {
    const first = await this.#read(connection, 0, 1);
    const last = first.ok ? await this.#readUpTo(connection, first.value.head.seq) : first;
    const entries = last.ok ? last.value.lines.flatMap((line) => ("entry" in line ? [line.entry] : [])) : [];
    return entries.findLast(({ act }) => act === "regress")?.did ?? null;
  }

  /** The last page up to a number. Where numbers were skipped, because storage had been set back, it begins behind that. */
  async #readUpTo(connection: Connection, seq: number): Promise<Result<Read, Refusal>> {
    for (let after = Math.max(0, seq - PAGE); ; ) {
      const read = await this.#read(connection, after, PAGE);
      if (!read.ok) return read;
      const { from, lines } = read.value;
      const end = from.seq + lines.length;
      if (end >= seq || end < after) return read;
      after = end + 1;
    }
  }

  async #catchUp(connection: Connection): Promise<Result<AuditPlace, Refusal>> {
    for (let kept = await this.#start(connection); ; ) {
      const read = await this.#read(connection, kept.place.seq, STRIDE);
      if (!read.ok) return read;
      const { head } = read.value;
      const next = await this.#follow(kept, read.value);
      await this.#kept.set(next);
      if (next.fault || next.place.seq >= head.seq) return ok({ seq: head.seq, ah: head.ah });
      kept = next;
    }
  }

  /** From the very beginning, when nothing of this broker was seen yet. */
  async #start({ bid, authority }: Connection): Promise<Kept> {
    const kept = await this.#kept.get();
    const { uid } = authority;
    if (kept?.bid === bid && kept.uid === uid) return kept;
    const place = { seq: 0, ah: await beginning(bid, uid) };
    return { bid, uid, place, atMs: 0, goneOn: false, fault: null };
  }

  async #follow(kept: Kept, { from, lines, head, isBehind }: Read): Promise<Kept> {
    if (isBehind || head.seq < kept.place.seq) return { ...kept, fault: kept.fault ?? "set-back" };
    const changed: Kept = { ...kept, fault: kept.fault ?? "changed" };
    if (!goesOnFrom(kept.place, from, lines) && !this.#wasPruned(kept, from, head)) return changed;
    const places = await followChain(from, lines);
    const last = places?.at(-1);
    if (!last || last.seq > head.seq || (last.seq === head.seq && last.ah !== head.ah)) return changed;
    if (lines.length === 0 && last.seq < head.seq) return changed;
    // [AU5] A gap hides what was there. Where the user has let nobody go on, somebody else has made it.
    const isNews = kept.atMs > 0 && !kept.goneOn && lines.some((line) => gapBefore(line) !== undefined);
    if (isNews) return { ...kept, fault: kept.fault ?? "gap" };
    return { ...kept, place: last, atMs: last.seq === head.seq ? this.#now() : kept.atMs };
  }

  /** What we saw last has gone the way of all old rows. At the beginning that is a matter of course. */
  #wasPruned({ place, atMs }: Kept, from: AuditPlace, head: AuditHead): boolean {
    return from.seq > place.seq && mayBePruned(from, head, toSeconds(this.#now() - atMs));
  }

  /** A page whose head the pinned broker has signed for this user. */
  async #read(
    { authority, bid, url }: Connection,
    after: number,
    limit: number,
  ): Promise<Result<Read, Refusal>> {
    const told = await this.#toldTo(bid); // before the page: it may be told more meanwhile
    const page = await authority.call(readActivity, { after, limit });
    if (!page.ok) return page;
    const ports = { url, fetch: this.#fetch, timeoutMs: 15_000 };
    const answer = await callBroker(ports, keysEndpoint, {});
    if (!answer.ok) return answer;
    const keyset = await verifyKeyset(answer.value.keyset, bid);
    const head = keyset && (await verifyAuditHead(page.value.head, keyset.Bsig));
    if (!head || head.uid !== authority.uid || head.bid !== bid) return err({ code: "answer-refused" });
    const { from, lines } = page.value;
    return ok({ from, lines, head, isBehind: head.rl < told });
  }
}

const numberOf = (line: AuditLine): number => ("entry" in line ? line.entry.seq : line.seq);

const beginning = async (bid: string, uid: UserId): Promise<string> =>
  base64url(await sha256(chainStart(bid, uid)));
