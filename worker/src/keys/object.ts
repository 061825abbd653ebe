import { DurableObject } from "cloudflare:workers";
import type { Bytes } from "@jcfetch/shared/crypto/encoding";
import { isOneFresh } from "@jcfetch/shared/protocol/epochs";
import type { Secret } from "@jcfetch/shared/secret";
import { type EpochSeconds, toMs, toSeconds } from "@jcfetch/shared/time";
import type { Bindings } from "../env.ts";
import type { Ports } from "../ports.ts";
import type { EpochRow, KeysCalls } from "./calls.ts";
import { makeEpoch, openEpoch } from "./wrapping.ts";

export interface KeysPorts extends Pick<Ports, "now"> {
  /** The broker's name, and what its epoch keys are wrapped under. */
  readonly root: () => Promise<{ bid: string; rootKey: Secret<Bytes> }>;
}

/** One for the whole broker: makes the epoch keys, and destroys them. */
export class KeysObject extends DurableObject<Bindings> implements KeysCalls {
  readonly #ports: KeysPorts;
  /** Two who ask at one time get one new epoch. */
  #making: Promise<void> | undefined;

  constructor(state: DurableObjectState, env: Bindings, ports: KeysPorts) {
    super(state, env);
    this.#ports = ports;
    state.storage.sql.exec(
      `CREATE TABLE IF NOT EXISTS epochs (
         kid TEXT PRIMARY KEY, pk TEXT NOT NULL, wrapped TEXT NOT NULL, nbf INTEGER NOT NULL, exp INTEGER NOT NULL
       ) WITHOUT ROWID`,
    );
    // What another root key has wrapped opens for nobody any more.
    state.blockConcurrencyWhile(() => this.#dropForeign());
  }

  async current(): Promise<readonly EpochRow[]> {
    this.#destroyEnded();
    if (!isOneFresh(this.#rows(), this.#now)) {
      this.#making ??= this.#make().finally(() => {
        this.#making = undefined;
      });
      await this.#making;
    }
    return this.#rows();
  }

  override async alarm(): Promise<void> {
    this.#destroyEnded();
    await this.#schedule();
  }

  async #make(): Promise<void> {
    const { bid, rootKey } = await this.#ports.root();
    const { kid, pk, wrapped, nbf, exp } = await makeEpoch(rootKey, bid, this.#now);
    this.ctx.storage.sql.exec("INSERT INTO epochs VALUES (?, ?, ?, ?, ?)", kid, pk, wrapped, nbf, exp);
    await this.#schedule();
  }

  /** [KS2] Written over before it goes, so that a page of the file that is not used again holds nothing. */
  #destroyEnded(): void {
    for (const { kid, exp } of this.#rows()) if (exp <= this.#now) this.#destroy(kid);
  }

  #destroy(kid: string): void {
    const { sql } = this.ctx.storage;
    sql.exec(
      "UPDATE epochs SET wrapped = substr(hex(zeroblob(length(wrapped))), 1, length(wrapped)) WHERE kid = ?",
      kid,
    );
    sql.exec("DELETE FROM epochs WHERE kid = ?", kid);
  }

  async #dropForeign(): Promise<void> {
    const { bid, rootKey } = await this.#ports.root();
    for (const row of this.#rows()) if (!(await openEpoch(rootKey, bid, row))) this.#destroy(row.kid);
  }

  #rows(): EpochRow[] {
    type Columns = { kid: string; pk: string; wrapped: string; nbf: number; exp: number };
    return this.ctx.storage.sql.exec<Columns>("SELECT * FROM epochs ORDER BY nbf DESC, kid").toArray();
  }

  async #schedule(): Promise<void> {
    const oldest = this.#rows().at(-1);
    if (oldest) await this.ctx.storage.setAlarm(toMs(oldest.exp));
  }

  get #now(): EpochSeconds {
    return toSeconds(this.#ports.now());
  }
}
