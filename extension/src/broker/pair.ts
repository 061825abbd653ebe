import { exportPublicKey } from "@jcfetch/shared/crypto/keys";
import {
  burnPairing,
  depositGrant,
  openPairing,
  putInvite,
  takeReply,
} from "@jcfetch/shared/protocol/endpoints";
import type { ErrorCode, Refusal } from "@jcfetch/shared/protocol/errors";
import {
  answer,
  encodePairingCode,
  invite,
  newInvitation,
  readReveal,
  sameWords,
} from "@jcfetch/shared/protocol/pairing";
import type { SetupCode } from "@jcfetch/shared/protocol/setup";
import { APPROVAL_LIFETIME_SECONDS } from "@jcfetch/shared/protocol/version";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { type Clock, toMs } from "@jcfetch/shared/time";
import { problem } from "../messaging/problems.ts";
import type { PairingTerms } from "../messaging/terms.ts";
import type { PairingView, Problem } from "../messaging/view.ts";
import { queue, type Slot, type Storage, slot } from "../sessions/slot.ts";
import { type Broker, type Connection, isLoopback } from "./broker.ts";
import type { Deposits } from "./deposit.ts";
import type { Device, DeviceList } from "./device-list.ts";
import type { Grants } from "./grant.ts";
import { inviterState, Stored, type Talk, viewOf } from "./pair-talk.ts";
import { problemOf } from "./refusal.ts";
import type { Revocations } from "./revocations.ts";

export interface PairingPorts {
  readonly storage: Storage;
  readonly broker: Broker;
  readonly devices: DeviceList;
  readonly deposits: Deposits;
  readonly grants: Grants;
  readonly revocations: Revocations;
  readonly now: Clock;
  /** The pairing has moved to another step. */
  readonly changed: () => void;
  /** A terminal was let in: the user hears of it wherever they look. */
  readonly paired: (device: Device) => void;
}

/** The extension's side of pairing: one at a time, started by a click of the user and by nothing else. [PA1] */
export class Pairing {
  readonly #ports: PairingPorts;
  readonly #stored: Slot<Stored>;
  /** What the user does happens one after the other: two clicks are not two approvals. */
  readonly #inTurn = queue();
  #listening: Promise<void> | undefined;

  constructor(ports: PairingPorts) {
    this.#ports = ports;
    this.#stored = slot(ports.storage.session, "pairing", Stored, { step: "none" });
  }

  /** The last one has ended well and its end has not been put away yet. */
  async isDone(): Promise<boolean> {
    return (await this.#stored.get()).step === "done";
  }

  async isOn(): Promise<boolean> {
    return (await this.#stored.get()).step === "talk";
  }

  start(): Promise<Result<PairingView, Problem>> {
    return this.#inTurn(() => this.#start());
  }

  /** [ST3] With the terminal whose code was pasted: what the words would prove, the way of the code has proved. */
  startSetup(code: SetupCode): Promise<Result<PairingView, Problem>> {
    return this.#inTurn(() => this.#start(code));
  }

  async #start(setup?: SetupCode): Promise<Result<PairingView, Problem>> {
    const connection = await this.#ports.broker.connection();
    if (!connection) return err(problem("no-broker"));
    if (await this.isOn()) await this.#cancel();

    const opened = await connection.authority.call(openPairing, setup ? { m: setup.m } : {});
    if (!opened.ok) return err(problemOf(opened.error));
    const { m, s, bid } = setup ?? newInvitation(connection.bid, opened.value.m);
    const code = await encodePairingCode({ bid, url: connection.url, m, s });
    // Its end by our own clock, however far that is off.
    const expiresAtMs = this.#ports.now() + toMs(opened.value.expiresAt - connection.authority.now());
    const flags = { here: setup !== undefined, local: isLoopback(connection.url) };
    await this.#keep({ m, bid, code, ...flags, expiresAtMs, address: null, wordsMatched: flags.here });
    this.#listen();
    return ok(await this.view());
  }

  /** Where it stands; goes on listening when the background was stopped in between. */
  async view(): Promise<PairingView> {
    let stored = await this.#stored.get();
    if (stored.step === "talk" && stored.talk.expiresAtMs <= this.#ports.now()) {
      stored = await this.#fail({ code: "pairing-expired" });
    }
    if (stored.step === "talk" && !stored.talk.terminal) this.#listen();
    return viewOf(stored);
  }

  /** [PA5] One try. */
  words(typed: string): Promise<Result<PairingView, Problem>> {
    return this.#inTurn(() => this.#words(typed));
  }

  async #words(typed: string): Promise<Result<PairingView, Problem>> {
    const talk = await this.#talk();
    if (!talk?.terminal || talk.wordsMatched) return err(problem("no-pairing"));
    if (!sameWords(typed, talk.terminal.words)) return ok(viewOf(await this.#burn(talk, "pairing-words")));
    const refused = await this.#whyClosed(talk);
    if (refused) return ok(viewOf(await this.#fail(refused)));
    await this.#keep({ ...talk, wordsMatched: true });
    return ok(await this.view());
  }

  /** [PA8] Somebody may have used the code a second time while the user was reading words; roles are then not asked for. */
  async #whyClosed(talk: Talk): Promise<Refusal | undefined> {
    const connection = await this.#ports.broker.connection();
    const stands = await connection?.authority.call(takeReply, { m: talk.m, slot: "reveal" });
    return stands?.ok === false ? stands.error : undefined;
  }

  /** [PA6] Sign the grant for what the user chose, and hand it over with the session. */
  approve(terms: PairingTerms): Promise<Result<PairingView, Problem>> {
    return this.#inTurn(() => this.#approve(terms));
  }

  async #approve(terms: PairingTerms): Promise<Result<PairingView, Problem>> {
    const talk = await this.#talk();
    if (!talk?.terminal || !talk.wordsMatched) return err(problem("no-pairing"));
    const connection = await this.#ports.broker.connection();
    if (!connection || connection.bid !== talk.bid) return err(problem("no-broker"));
    const device = await this.#ports.grants.sign(connection, talk.terminal, terms);
    if (!device.ok) return device;

    const handedOver = await this.#handOver(connection, talk, device.value);
    const stored: Stored = handedOver.ok
      ? { step: "done", did: device.value.did, name: device.value.name, here: talk.here }
      : { step: "failed", problem: problemOf(handedOver.error) };
    await this.#move(stored);
    if (handedOver.ok) this.#ports.paired(device.value);
    return ok(viewOf(stored));
  }

  /** [PA12] Also clears away a pairing that has ended. */
  cancel(): Promise<void> {
    return this.#inTurn(() => this.#cancel());
  }

  async #cancel(): Promise<void> {
    const talk = await this.#talk();
    if (talk) await this.#burn(talk, "pairing-refused");
    await this.#move({ step: "none" });
  }

  /**
   * Broker first, our own list second, the terminal last: a terminal that holds a grant is one that we know and can
   * revoke. When the last step fails, it is revoked at once.
   */
  async #handOver(connection: Connection, talk: Talk, device: Device): Promise<Result<null, Refusal>> {
    const { authority } = connection;
    const registered = await authority.call(depositGrant, { grant: device.grant });
    if (!registered.ok) return registered;
    await this.#ports.devices.add(device);
    await this.#ports.deposits.depositFor(device, connection);
    const box = await answer(await inviterState(talk), device.grant);
    const answered = await authority.call(putInvite, { m: talk.m, slot: "answer", box });
    if (answered.ok) return ok(null);
    await this.#ports.revocations.remove(connection, [device]);
    return answered;
  }

  #listen(): void {
    this.#listening ??= this.#converse().finally(() => {
      this.#listening = undefined;
    });
  }

  /** Wait for the terminal's two messages. Each call is held by the broker for ten seconds, so this is no spin. */
  async #converse(): Promise<void> {
    for (let talk = await this.#talk(); talk && !talk.terminal; talk = await this.#talk()) {
      const connection = await this.#ports.broker.connection();
      if (!connection) return;
      if (talk.expiresAtMs <= this.#ports.now()) {
        await this.#fail({ code: "pairing-expired" });
        return;
      }
      const slotName = talk.invite === undefined ? "commit" : "reveal";
      const taken = await connection.authority.call(takeReply, { m: talk.m, slot: slotName });
      if ((await this.#talk())?.m !== talk.m) return; // canceled while we waited
      if (!taken.ok) {
        await this.#fail(taken.error);
        return;
      }
      const { box, from } = taken.value;
      if (box === null) continue;
      const heard = { ...talk, address: from?.address ?? talk.address };
      const next = slotName === "commit" ? this.#invite(connection, heard, box) : this.#reveal(heard, box);
      if (!(await next)) return;
    }
  }

  async #invite({ authority, keys }: Connection, talk: Talk, box: string): Promise<boolean> {
    const own = {
      Esig: await exportPublicKey(keys.signing.publicKey),
      Ekem: await exportPublicKey(keys.agreement.publicKey),
    };
    const invited = await invite(await inviterState(talk), box, own);
    if (!invited.ok) {
      await this.#burn(talk, "pairing-refused", "answer-refused");
      return false;
    }
    const put = await authority.call(putInvite, { m: talk.m, slot: "invite", box: invited.value.box });
    if (!put.ok) {
      await this.#fail(put.error);
      return false;
    }
    const { commit, invite: text } = invited.value.state;
    const expiresAtMs = this.#ports.now() + toMs(APPROVAL_LIFETIME_SECONDS);
    await this.#keep({ ...talk, commit: commit!, invite: text!, expiresAtMs });
    return true;
  }

  /** [PA4] */
  async #reveal(talk: Talk, box: string): Promise<boolean> {
    const revealed = await readReveal(await inviterState(talk), box);
    if (!revealed.ok) {
      await this.#burn(talk, "pairing-refused", "answer-refused");
      return false;
    }
    const terminal = revealed.value.terminal!;
    await this.#keep({ ...talk, terminal: { ...terminal, words: [...terminal.words] } });
    return true;
  }

  /** Destroy the mailbox; the terminal is told `reason`, the user `shown`. */
  async #burn(
    talk: Talk,
    reason: "pairing-refused" | "pairing-words",
    shown: ErrorCode = reason,
  ): Promise<Stored> {
    const stored = await this.#fail({ code: shown });
    const connection = await this.#ports.broker.connection();
    await connection?.authority.call(burnPairing, { m: talk.m, reason });
    return stored;
  }

  #fail(refusal: Refusal): Promise<Stored> {
    return this.#move({ step: "failed", problem: problemOf(refusal) });
  }

  #keep(talk: Talk): Promise<Stored> {
    return this.#move({ step: "talk", talk });
  }

  async #move(stored: Stored): Promise<Stored> {
    await this.#stored.set(stored);
    this.#ports.changed();
    return stored;
  }

  async #talk(): Promise<Talk | undefined> {
    const stored = await this.#stored.get();
    return stored.step === "talk" ? stored.talk : undefined;
  }
}
