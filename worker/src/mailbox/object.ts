import { DurableObject } from "cloudflare:workers";
import { base64url } from "@jcfetch/shared/crypto/encoding";
import type { PairingSlot } from "@jcfetch/shared/protocol/endpoints";
import { ok, type Result } from "@jcfetch/shared/result";
import { type EpochSeconds, SECOND_MS, toMs, toSeconds } from "@jcfetch/shared/time";
import type { JoinedFrom } from "../bind.ts";
import type { Bindings } from "../env.ts";
import { type BrokerError, type Reason, refusal } from "../errors.ts";
import type { Ports } from "../ports.ts";
import type { Done } from "../vault/calls.ts";
import type { BurnReason, InviterSlot, JoinerSlot, MailboxCalls } from "./calls.ts";
import {
  burn,
  enter,
  join,
  type Mailbox,
  openedBy,
  type Party,
  REMEMBERED_SECONDS,
  type Step,
  write,
} from "./state.ts";

const TOKEN_BYTES = 16;
const MAX_WAIT_MS = 10 * SECOND_MS;

const BURN_REASONS = {
  "pairing-refused": "mailbox-refused",
  "pairing-words": "mailbox-words",
} as const satisfies Record<BurnReason, Reason>;

/** One pairing. It passes four boxes between two parties and forgets them; docs/protocol.md §5. */
export class MailboxObject extends DurableObject<Bindings> implements MailboxCalls {
  readonly #ports: Pick<Ports, "now">;
  /** Who waits for a message; woken by every change. */
  #changed = Promise.withResolvers<void>();

  constructor(state: DurableObjectState, env: Bindings, ports: Pick<Ports, "now">) {
    super(state, env);
    this.#ports = ports;
  }

  async open(uid: string): ReturnType<MailboxCalls["open"]> {
    if (this.#mailbox) return refusal("mailbox-taken");
    const mailbox = openedBy(uid, this.#now);
    await this.#keep(mailbox);
    return ok({ expiresAt: mailbox.expiresAt });
  }

  put(uid: string, slot: InviterSlot, box: string): Done {
    return this.#step((mailbox, now) => write(mailbox, { uid }, { slot, box }, now));
  }

  async take(uid: string, slot: JoinerSlot): ReturnType<MailboxCalls["take"]> {
    const found = await this.#waitFor({ uid }, slot);
    return found.ok ? ok({ box: found.value.boxes[slot] ?? null, from: found.value.from ?? null }) : found;
  }

  burn(uid: string, reason: BurnReason): Done {
    return this.#step((mailbox, now) => {
      const entered = enter(mailbox, { uid }, now);
      if (!entered.answer.ok) return { ...entered, answer: entered.answer };
      return { mailbox: burn(entered.answer.value, BURN_REASONS[reason]), answer: ok({ ok: true as const }) };
    });
  }

  join(from: JoinedFrom | null): ReturnType<MailboxCalls["join"]> {
    const token = base64url(crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)));
    return this.#step((mailbox, now) => join(mailbox, token, from, now));
  }

  send(token: string, slot: JoinerSlot, box: string): Done {
    return this.#step((mailbox, now) => write(mailbox, { token }, { slot, box }, now));
  }

  async receive(token: string, slot: InviterSlot): ReturnType<MailboxCalls["receive"]> {
    const found = await this.#waitFor({ token }, slot);
    return found.ok ? ok({ box: found.value.boxes[slot] ?? null }) : found;
  }

  override async alarm(): Promise<void> {
    await this.ctx.storage.deleteAll();
  }

  /** Read, decide, write: no `await` before the new state is in storage, so that no other call comes between. */
  async #step<T>(
    decide: (mailbox: Mailbox | undefined, now: EpochSeconds) => Step<T>,
  ): Promise<Result<T, BrokerError>> {
    const before = this.#mailbox;
    const { mailbox, answer } = decide(before, this.#now);
    if (mailbox && mailbox !== before) await this.#keep(mailbox);
    return answer.ok ? answer : refusal(answer.error);
  }

  /** Until the slot is written, the mailbox closes, or ten seconds have passed. */
  async #waitFor(party: Party, slot: PairingSlot): Promise<Result<Mailbox, BrokerError>> {
    const timeout = Promise.withResolvers<"over">();
    const timer = setTimeout(() => timeout.resolve("over"), MAX_WAIT_MS);
    try {
      for (let isOver = false; ; ) {
        const changed = this.#changed.promise; // taken before the look, or a change in between would be missed
        const found = await this.#step((mailbox, now) => enter(mailbox, party, now));
        if (!found.ok || isOver || found.value.boxes[slot] !== undefined) return found;
        isOver = (await Promise.race([changed, timeout.promise])) === "over";
      }
    } finally {
      clearTimeout(timer);
    }
  }

  get #mailbox(): Mailbox | undefined {
    return this.ctx.storage.kv.get<Mailbox>("mailbox");
  }

  async #keep(mailbox: Mailbox): Promise<void> {
    this.ctx.storage.kv.put("mailbox", mailbox);
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
    await this.ctx.storage.setAlarm(toMs(mailbox.expiresAt + REMEMBERED_SECONDS));
  }

  get #now(): EpochSeconds {
    return toSeconds(this.#ports.now());
  }
}
