import { digest } from "@jcfetch/shared/crypto/encoding";
import type { Sealed } from "@jcfetch/shared/crypto/seal";
import type { DeviceId } from "@jcfetch/shared/domain/ids";
import type { RoleCredentials } from "@jcfetch/shared/domain/role-credentials";
import { deliveryFault } from "@jcfetch/shared/protocol/delivery";
import { ok, type Result } from "@jcfetch/shared/result";
import { SECOND_MS, toSeconds } from "@jcfetch/shared/time";
import type { BrokerIdentity } from "../broker/identity.ts";
import { SingleFlight } from "../broker/single-flight.ts";
import { type BrokerError, refusal } from "../errors.ts";
import type { KeyRing } from "../keys/ring.ts";
import type { Ports } from "../ports.ts";
import { askAws } from "../upstream.ts";
import type { CredentialOrder } from "./calls.ts";
import { type OpenedToken, openInnerLock, sealAnswer } from "./sealing.ts";
import type { VaultStore } from "./store.ts";
import { UpstreamGate } from "./upstream-gate.ts";

/** Nobody waits longer than this for an answer: `jcfetch` does for 12 s. */
const LONGEST_PATIENCE_MS = 20 * SECOND_MS;

export interface FetchingPorts extends Ports {
  readonly identity: () => Promise<BrokerIdentity>;
  readonly ring: () => Promise<KeyRing>;
}

/** Sealed mode, between the intent and the result: open the inner lock, ask AWS, seal what comes. */
export class Fetching {
  readonly #ports: FetchingPorts;
  readonly #store: VaultStore;
  readonly #flights: SingleFlight<Result<RoleCredentials, BrokerError>>;
  readonly #gate: UpstreamGate;

  constructor(ports: FetchingPorts, store: VaultStore) {
    this.#ports = ports;
    this.#store = store;
    this.#flights = new SingleFlight(ports.now);
    this.#gate = new UpstreamGate(ports.now);
  }

  async fetchAndSeal(
    did: DeviceId,
    order: CredentialOrder,
  ): Promise<Result<{ box: Sealed; signature: string }, BrokerError>> {
    const identity = await this.#ports.identity();
    const epoch = await (await this.#ports.ring()).epoch(order.envelope.epoch);
    if (!epoch) return refusal("epoch-gone");
    const opened = await openInnerLock(identity, epoch, order.envelope);
    if (!opened) return refusal("inner-lock-unreadable");
    if (opened.exp <= this.#nowSeconds) return refusal("envelope-over");

    const fetched = await this.#fetchOnce(order, opened);
    if (!fetched.ok) {
      if (fetched.error.reason === "aws-session-refused") this.#store.endEnvelope(did, order.envelope.seq);
      return fetched;
    }
    const fault = deliveryFault(fetched.value, order.maxCredentialSeconds, this.#ports.now());
    if (fault) return refusal(fault === "over" ? "aws-failed" : "credentials-too-long");
    const rl = this.#store.user()?.rl ?? 0;
    return ok(await sealAnswer(identity, order, fetched.value, { rl, now: this.#nowSeconds }));
  }

  async #fetchOnce(
    { region, account, role }: CredentialOrder,
    { token }: OpenedToken,
  ): Promise<Result<RoleCredentials, BrokerError>> {
    const name = `${region}|${account}|${role}|${await digest(token.reveal())}`;
    const call = async () => {
      const answer = await askAws({ region, account, role, token }, this.#ports);
      // [CR11] Credentials that are over already are as good as none, and count as a failure of AWS.
      const isOver = answer.ok && answer.value.expiresAtMs <= this.#ports.now();
      return isOver ? refusal("aws-failed") : answer;
    };
    return this.#flights.do(name, (sinceAskedMs) =>
      this.#gate.pass(call, () => sinceAskedMs() <= LONGEST_PATIENCE_MS),
    );
  }

  get #nowSeconds(): number {
    return toSeconds(this.#ports.now());
  }
}
