import { ok, type Result } from "@jcfetch/shared/result";
import { type Clock, toSeconds } from "@jcfetch/shared/time";
import type { Journal, Note } from "../audit.ts";
import { whyEnvelopeRefused } from "../broker/envelope-check.ts";
import { type BrokerError, refusal, toWire } from "../errors.ts";
import type { DeviceCall } from "../middleware/proof.ts";
import type { Admission } from "./admission.ts";
import type { CredentialOrder, Standing, VaultCalls } from "./calls.ts";
import type { Fetching } from "./fetching.ts";
import type { Forwarded, Relay } from "./relay.ts";
import type { User } from "./state.ts";
import type { VaultStore } from "./store.ts";

type Refused = ReturnType<typeof refusal>;

export interface ServingParts {
  readonly now: Clock;
  readonly store: VaultStore;
  readonly journal: Journal;
  readonly admission: Admission;
  readonly fetching: Fetching;
  readonly relay: Relay;
  readonly user: () => User | undefined;
}

/** What takes as long as somebody else needs: AWS, or the user. Before it stands an intent, after it a result. [AU1] */
export class Serving {
  readonly #of: ServingParts;

  constructor(parts: ServingParts) {
    this.#of = parts;
  }

  async credentials(call: DeviceCall, order: CredentialOrder): ReturnType<VaultCalls["credentials"]> {
    const { account, role } = order;
    const intent = this.#intend(call, { act: "fetch", account, role, mode: "sealed" }, () =>
      this.#envelopeNow(call, order),
    );
    if (!intent.ok) return intent;
    const answer = await this.#of.fetching.fetchAndSeal(call.did, order);
    const outcome = answer.ok
      ? (this.#lateRefusal(call) ?? this.#envelopeNow(call, order) ?? answer)
      : answer;
    this.#result(call, { act: "fetched", mode: "sealed", intent: intent.value.seq }, outcome);
    return outcome.ok ? ok({ ...outcome.value, standing: this.#standing(intent.value.joined) }) : outcome;
  }

  async relay(call: DeviceCall, forwarded: Forwarded): ReturnType<VaultCalls["relay"]> {
    const intent = this.#intend(call, { act: "fetch", mode: "relay" }, () => this.#relayNow());
    if (!intent.ok) return intent;
    const answer = await this.#of.relay.ask("relay", call.did, forwarded);
    const outcome = answer.ok ? (this.#lateRefusal(call) ?? answer) : answer;
    this.#result(call, { act: "fetched", mode: "relay", intent: intent.value.seq }, outcome);
    return outcome.ok ? ok({ ...outcome.value, standing: this.#standing(intent.value.joined) }) : outcome;
  }

  /** [AS1] No join state goes with it: what counts comes with the credentials. */
  async approval(call: DeviceCall, forwarded: Forwarded): ReturnType<VaultCalls["approval"]> {
    const { admission, user } = this.#of;
    const admitted = admission.device(user(), call, this.#now, "asks");
    if (!admitted.ok) return admitted;
    const away = this.#relayNow();
    if (away) return away;
    const intent = this.#record({ act: "ask", did: call.did });
    const answer = await this.#of.relay.ask("approval", call.did, forwarded);
    const outcome = answer.ok ? (this.#lateRefusal(call) ?? answer) : answer;
    this.#result(call, { act: "asked", intent }, outcome);
    return outcome;
  }

  /** Everything up to the moment before the waiting begins, in one block. */
  #intend(
    call: DeviceCall,
    note: Note,
    whyNot: () => Refused | undefined,
  ): Result<{ seq: number; joined: number }, BrokerError> {
    const { admission, user } = this.#of;
    const admitted = admission.device(user(), call, this.#now, "fetches");
    if (!admitted.ok) return admitted;
    const refused = whyNot();
    if (refused) return refused;
    const seq = this.#record({ ...note, did: call.did });
    return ok({ seq, joined: admitted.value.issueState() });
  }

  #result({ did }: DeviceCall, note: Note, outcome: Result<unknown, BrokerError>): void {
    this.#record({ ...note, did, outcome: outcome.ok ? "ok" : toWire(outcome.error.reason) });
  }

  /** [CR9] What the user did in the meantime counts. */
  #lateRefusal(call: DeviceCall): Refused | undefined {
    return this.#of.admission.refusalNow(this.#of.user(), call);
  }

  /** [EV7] Is the envelope that was presented still the one that counts? */
  #envelopeNow({ did }: DeviceCall, { envelope }: CredentialOrder): Refused | undefined {
    const reason = whyEnvelopeRefused(this.#of.store.envelope(did), envelope, this.#now);
    return reason && refusal(reason);
  }

  #relayNow(): Refused | undefined {
    return this.#of.relay.whyNot();
  }

  #standing(joined: number): Standing {
    return { joined, place: this.#of.journal.head(), rl: this.#of.user()?.rl ?? 0 };
  }

  #record(note: Note): number {
    return this.#of.journal.append(this.#now, note);
  }

  get #now(): number {
    return toSeconds(this.#of.now());
  }
}
