import type { Bytes } from "@jcfetch/shared/crypto/encoding";
import { isOneFresh } from "@jcfetch/shared/protocol/epochs";
import type { Secret } from "@jcfetch/shared/secret";
import { type Clock, type EpochSeconds, toSeconds } from "@jcfetch/shared/time";
import type { EpochRow, KeysCalls } from "./calls.ts";
import { openEpoch } from "./wrapping.ts";

export interface Epoch extends Omit<EpochRow, "wrapped"> {
  readonly keys: CryptoKeyPair;
}

export interface RingPorts {
  readonly now: Clock;
  readonly bid: string;
  readonly rootKey: Secret<Bytes>;
  readonly object: () => KeysCalls;
}

/**
 * The epoch keys as one isolate holds them. [KS4] The object is asked only when the newest one known is a day old, so that
 * no stranger's request reads a row; an end that has come counts here too, whatever the object still has.
 */
export class KeyRing {
  readonly #ports: RingPorts;
  #epochs: readonly Epoch[] = [];
  #asking: Promise<void> | undefined;

  constructor(ports: RingPorts) {
    this.#ports = ports;
  }

  /** Newest first; at least one. */
  async epochs(): Promise<readonly Epoch[]> {
    if (!isOneFresh(this.#live(), this.#nowSeconds)) {
      this.#asking ??= this.#ask().finally(() => {
        this.#asking = undefined;
      });
      await this.#asking;
    }
    return this.#live();
  }

  /** @returns `undefined` for one that is not known, or not any more. */
  async epoch(kid: string): Promise<Epoch | undefined> {
    return (await this.epochs()).find((epoch) => epoch.kid === kid);
  }

  async #ask(): Promise<void> {
    const { bid, rootKey, object } = this.#ports;
    const known = this.#live();
    const opened = (await object().current()).map(async (row): Promise<Epoch[]> => {
      const held = known.find(({ kid }) => kid === row.kid);
      if (held) return [held];
      const keys = await openEpoch(rootKey, bid, row);
      const { kid, pk, nbf, exp } = row;
      return keys ? [{ kid, pk, nbf, exp, keys }] : [];
    });
    this.#epochs = (await Promise.all(opened)).flat();
  }

  /** What has ended is let go of, so that its key is nowhere. */
  #live(): readonly Epoch[] {
    const now = this.#nowSeconds;
    if (this.#epochs.some(({ exp }) => exp <= now))
      this.#epochs = this.#epochs.filter(({ exp }) => now < exp);
    return this.#epochs;
  }

  get #nowSeconds(): EpochSeconds {
    return toSeconds(this.#ports.now());
  }
}
