import { exportPublicKey } from "@jcfetch/shared/crypto/keys";
import type { BrokerId } from "@jcfetch/shared/domain/ids";
import {
  burnPairing,
  depositGrant,
  openPairing,
  type PairingSlot,
  putInvite,
  revoke,
  takeReply,
} from "@jcfetch/shared/protocol/endpoints";
import {
  answer,
  encodePairingCode,
  type InviterState,
  invite,
  newInvitation,
  type RevealedTerminal,
  readReveal,
} from "@jcfetch/shared/protocol/pairing";
import type { Result } from "@jcfetch/shared/result";
import type { PairOptions, TestUser, TestWorld } from "../support/world.ts";

/** The extension's part of one pairing, step by step, for tests of the terminal's. */
export class Partner {
  readonly code: string;
  terminal: RevealedTerminal | undefined;
  grant: string | undefined;
  readonly #world: TestWorld;
  readonly #user: TestUser;
  #state: InviterState;

  private constructor(world: TestWorld, user: TestUser, state: InviterState, code: string) {
    this.#world = world;
    this.#user = user;
    this.#state = state;
    this.code = code;
  }

  static async open(world: TestWorld, user: TestUser): Promise<Partner> {
    const { m } = must(await user.extension.authority.call(openPairing, {}));
    const state = newInvitation(world.broker.bid as BrokerId, m);
    return new Partner(world, user, state, await encodePairingCode({ ...state, url: world.broker.url }));
  }

  /** Up to where both sides know the words. */
  async meet(): Promise<RevealedTerminal> {
    const { Esig, agreement } = this.#user.extension;
    const keys = { Esig, Ekem: await exportPublicKey(agreement.publicKey) };
    const invited = must(await invite(this.#state, await this.#take("commit"), keys));
    await this.#put("invite", invited.box);
    this.#state = must(await readReveal(invited.state, await this.#take("reveal")));
    this.terminal = this.#state.terminal!;
    return this.terminal;
  }

  /** The words were right: grant these roles, and hand over the session. */
  async approve({ policy, modes }: Pick<PairOptions, "policy" | "modes"> = {}): Promise<void> {
    const { did, Dsig, Dkem, info } = this.terminal!;
    const expiresInSeconds = 29 * 86_400 + 3_600;
    const parts = { keys: { did, Dsig, Dkem } } as Parameters<TestWorld["signGrant"]>[1];
    const grant = await this.#world.signGrant(this.#user, parts, {
      name: info.host,
      ...(policy ? { policy } : {}),
      ...(modes ? { modes } : {}),
      expiresInSeconds,
    });
    must(await this.#user.extension.authority.call(depositGrant, { grant }));
    this.grant = grant;
    if (modes?.includes("sealed") !== false) await this.deposit();
    await this.#put("answer", await answer(this.#state, grant));
  }

  async deposit(): Promise<void> {
    await this.#world.deposit(this.#user, this.grant!);
  }

  async burn(reason: "pairing-refused" | "pairing-words"): Promise<void> {
    must(await this.#user.extension.authority.call(burnPairing, { m: this.#state.m, reason }));
  }

  async revoke(): Promise<void> {
    const { authority } = this.#user.extension;
    const dids = [this.terminal!.did];
    const revocations = await authority.signRevocations({ rl: 1, dids, locked: [], lock: false });
    must(await authority.call(revoke, { revocations }));
  }

  async #take(slot: Extract<PairingSlot, "commit" | "reveal">): Promise<string> {
    for (;;) {
      const { box } = must(await this.#user.extension.authority.call(takeReply, { m: this.#state.m, slot }));
      if (box !== null) return box;
    }
  }

  async #put(slot: "invite" | "answer", box: string): Promise<void> {
    must(await this.#user.extension.authority.call(putInvite, { m: this.#state.m, slot, box }));
  }
}

export function must<T>(result: Result<T, unknown>): T {
  if (result.ok) return result.value;
  throw new Error(`refused: ${JSON.stringify(result.error)}`);
}
