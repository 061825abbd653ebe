import { type BrokerPorts, callBroker, type Signer } from "./client.ts";
import { signDocument } from "./crypto/sign.ts";
import type { Keyset, Proof } from "./protocol/documents.ts";
import { keys } from "./protocol/endpoints.ts";
import { isTimely, newestEpoch } from "./protocol/epochs.ts";
import type { Refusal } from "./protocol/errors.ts";
import { type VerifiedGrant, verifyKeyset } from "./protocol/verify.ts";
import { EPOCH_SECONDS, HEADERS } from "./protocol/version.ts";
import { err, ok, type Result } from "./result.ts";
import { type Clock, type EpochSeconds, toSeconds } from "./time.ts";

/** What a device has last seen of the broker's memory, so that a broker that was set back is noticed. [JS4] */
export interface Seen {
  /** Join state to present next. */
  readonly n: number;
  /** Number and hash of the newest audit entry. */
  readonly seq: number;
  readonly ah: string | null;
  /** Highest revocation number. */
  readonly rl: number;
}

/** What has been seen, and when that was read: seconds of the broker's clock. */
export interface Look {
  readonly at: EpochSeconds;
  readonly seen: Seen;
}

export const NOTHING_SEEN: Seen = { n: 0, seq: 0, ah: null, rl: 0 };

/**
 * [JS3] What to keep when an answer has come. The join state moves only from the one that was presented: of requests in
 * parallel the first to be kept wins, so that what is kept is always the broker's newest or a child of it.
 */
export function mergeSeen(stored: Seen, seen: Seen, presented: Seen): Seen {
  const newest = seen.seq > stored.seq ? seen : stored;
  return {
    n: stored.n === presented.n ? seen.n : stored.n,
    seq: newest.seq,
    ah: newest.ah,
    rl: Math.max(stored.rl, seen.rl),
  };
}

export interface LinePorts extends BrokerPorts {
  readonly now: Clock;
  /** A number never given before on this device; the broker keeps a window of 64 behind the highest. */
  readonly nextCounter: () => Promise<number>;
  /** The signed keyset of an earlier call, if it was kept; public, and verified before use. */
  readonly loadKeyset?: () => Promise<string | undefined>;
  readonly saveKeyset?: (jws: string) => Promise<void>;
  readonly loadSeen: () => Promise<Seen>;
  /** Keep `mergeSeen(what is stored, seen, presented)`, as one step also when several processes save at once. */
  readonly saveSeen: (seen: Seen, presented: Seen) => Promise<void>;
}

/** Corrections that one call may need before its answer counts. */
const MAX_ATTEMPTS = 8;

/** A device's way to its broker: signed requests, the keyset, and the mending of what can be mended. */
export class DeviceLine {
  readonly ports: LinePorts;
  readonly #of: VerifiedGrant;
  readonly #signing: CryptoKey;
  #keyset: Keyset | undefined;
  #clockOffsetSeconds = 0;

  constructor(of: VerifiedGrant, signing: CryptoKey, ports: LinePorts) {
    this.#of = of;
    this.#signing = signing;
    this.ports = ports;
  }

  /** [PF4] Repeat with the one thing mended that was named; give up when the same name comes back. */
  async corrected<T>(attempt: () => Promise<Result<T, Refusal>>): Promise<Result<T, Refusal>> {
    const mended = new Set<string>();
    for (let i = 0; ; i++) {
      const answer = await attempt();
      if (answer.ok || i === MAX_ATTEMPTS) return answer;
      const { code } = answer.error;
      if (code !== "replay" && mended.has(code)) return answer;
      if (!(await this.#mend(code))) return answer;
      mended.add(code);
    }
  }

  async #mend(code: string): Promise<boolean> {
    if (code === "replay" || code === "envelope-stale") return true; // the next attempt takes new ones
    if (code === "epoch-unknown") return (await this.#fetchKeyset()).ok;
    return code === "clock-skew" ? this.#correctClock() : false;
  }

  async #correctClock(): Promise<boolean> {
    const fresh = await this.#fetchKeyset();
    if (!fresh.ok) return false;
    this.#clockOffsetSeconds = fresh.value.time - toSeconds(this.ports.now());
    return true;
  }

  get #nowSeconds(): number {
    return toSeconds(this.ports.now()) + this.#clockOffsetSeconds;
  }

  /** The keyset, fetched again when its newest key is a day old: what was sealed to an old key can be opened for longer. */
  async keyset(): Promise<Result<Keyset, Refusal>> {
    if (this.#keyset && this.#isFresh(this.#keyset)) return ok(this.#keyset);
    const kept = await this.ports.loadKeyset?.();
    const keyset = kept && (await verifyKeyset(kept, this.#of.grant.bid));
    if (!keyset || !this.#isFresh(keyset)) return this.#fetchKeyset();
    this.#keyset = keyset;
    return ok(keyset);
  }

  async #fetchKeyset(): Promise<Result<Keyset, Refusal>> {
    const answer = await callBroker(this.ports, keys, {});
    if (!answer.ok) return answer;
    const keyset = await verifyKeyset(answer.value.keyset, this.#of.grant.bid);
    if (!keyset) return err({ code: "answer-refused" });
    if (!isTimely(keyset, toSeconds(this.ports.now()))) return err({ code: "clock-skew" });
    if (keyset.minv > 1 || keyset.maxv < this.#of.grant.minv) return err({ code: "version" });
    this.#keyset = keyset;
    await this.ports.saveKeyset?.(answer.value.keyset);
    return ok(keyset);
  }

  #isFresh(keyset: Keyset): boolean {
    const epoch = newestEpoch(keyset);
    return epoch !== undefined && this.#nowSeconds < epoch.nbf + EPOCH_SECONDS;
  }

  /**
   * What the next requests present. [JS3] Their proofs are no younger than this look: a program that was stopped after it,
   * while others of its device went on, is told `clock-skew` and looks again; with a new proof it would pass for a copy.
   */
  async look(): Promise<Look> {
    const at = this.#nowSeconds;
    return { at, seen: await this.ports.loadSeen() };
  }

  /** [PF1] Signs one request; what was seen goes with it, so that the broker can tell a copy of this device from the device. */
  signer({ at, seen }: Look): Signer {
    return async (path, bd) => {
      const proof: Proof = {
        v: 1,
        htm: "POST",
        p: path,
        bid: this.#of.grant.bid,
        gh: this.#of.gh,
        bd,
        iat: at,
        ctr: await this.ports.nextCounter(),
        n: seen.n,
        seq: seen.seq,
        ah: seen.ah,
      };
      return {
        [HEADERS.user]: this.#of.grant.uid,
        [HEADERS.proof]: await signDocument("jc-proof+jwt", proof, this.#signing),
      };
    };
  }
}
