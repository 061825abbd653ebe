import { DurableObject } from "cloudflare:workers";
import { digest } from "@jcfetch/shared/crypto/encoding";
import type { DeviceId } from "@jcfetch/shared/domain/ids";
import type { RoleCredentials } from "@jcfetch/shared/domain/role-credentials";
import { deliveryFault } from "@jcfetch/shared/protocol/delivery";
import { NOTHING_SPENT, spend } from "@jcfetch/shared/replay-window";
import { ok, type Result } from "@jcfetch/shared/result";
import { type EpochSeconds, toSeconds } from "@jcfetch/shared/time";
import { type AuditEntry, type EnrolledBy, record } from "../audit.ts";
import { whyEnvelopeRefused } from "../broker/envelope-check.ts";
import type { BrokerIdentity } from "../broker/identity.ts";
import { type Counted, count, NO_REQUESTS, type RateWindow } from "../broker/rate-window.ts";
import { SingleFlight } from "../broker/single-flight.ts";
import type { Bindings } from "../env.ts";
import { type BrokerError, refusal, toWire } from "../errors.ts";
import type { DeviceCall, ExtensionCall } from "../middleware/proof.ts";
import type { Ports } from "../ports.ts";
import { askAws } from "../upstream.ts";
import { cleanUp, scheduleCleanUp } from "./alarms.ts";
import type { CredentialOrder, Done, RegisteredGrant, StoredEnvelope, VaultCalls } from "./calls.ts";
import { hasUser, migrate } from "./migrations.ts";
import { type OpenedToken, openInnerLock, sealAnswer } from "./sealing.ts";
import { isOriginRight, type User, whyDeviceRefused } from "./state.ts";
import { VaultStore } from "./store.ts";

const PAIRINGS_PER_HOUR = 5;
/** [EV8] As many as a revocation list can name. */
const MAX_DEVICES = 256;
/** A fence around one user's devices together; each has its own, far lower, in its grant. */
const USER_PER_MINUTE = 1_200;

const DONE = ok({ ok: true as const });

export interface VaultPorts extends Ports {
  readonly identity: () => Promise<BrokerIdentity>;
}

/**
 * Everything of one user: counters, envelopes, revocations, audit. Each decision is one synchronous block, so that no two
 * requests interleave in it and all it writes is one commit; answers wait until that is on disk.
 */
export class VaultObject extends DurableObject<Bindings> implements VaultCalls {
  readonly #ports: VaultPorts;
  readonly #store: VaultStore;
  readonly #flights = new SingleFlight<Result<RoleCredentials, BrokerError>>();
  /** In memory only: a fence for bursts needs no row of its own. */
  #userRate: RateWindow = NO_REQUESTS;
  #isEnrolled: boolean;

  constructor(state: DurableObjectState, env: Bindings, ports: VaultPorts) {
    super(state, env);
    this.#ports = ports;
    this.#store = new VaultStore(state.storage.sql);
    this.#isEnrolled = hasUser(state.storage.sql);
    if (this.#isEnrolled) state.storage.transactionSync(() => migrate(state.storage.sql));
  }

  async enrol(call: ExtensionCall, how: EnrolledBy): Done {
    const enrolled = this.ctx.storage.transactionSync(() => {
      const spent = spend(this.#user()?.spent ?? NOTHING_SPENT, call.counter);
      if (!spent) return refusal("counter-spent");
      migrate(this.ctx.storage.sql);
      this.#isEnrolled = true;
      this.#store.enrol(call.origin, this.#now);
      this.#store.spendUser(spent);
      this.#record({ act: "enrol", outcome: how });
      return DONE;
    });
    if (enrolled.ok) await scheduleCleanUp(this.ctx.storage, this.#store);
    return enrolled;
  }

  async admit(call: ExtensionCall): Done {
    const admitted = this.#admit(call);
    return admitted.ok ? DONE : admitted;
  }

  async admitPairing(call: ExtensionCall): Done {
    const admitted = this.#admit(call);
    if (!admitted.ok) return admitted;
    const waitSeconds = this.#store.openPairing(this.#now, PAIRINGS_PER_HOUR);
    return waitSeconds === undefined ? DONE : refusal("mailbox-limit", waitSeconds);
  }

  async depositGrant(call: ExtensionCall, grant: RegisteredGrant): Done {
    const admitted = this.#admit(call);
    if (!admitted.ok) return admitted;
    const { did } = grant;
    if (this.#store.isRevoked(did)) return refusal("device-revoked");
    if (this.#store.liveDevicesBeside(did, this.#now) >= MAX_DEVICES) return refusal("devices-too-many");
    this.#store.putGrant(grant);
    this.#record({ act: "grant", did });
    await scheduleCleanUp(this.ctx.storage, this.#store);
    return DONE;
  }

  async depositEnvelope(call: ExtensionCall, envelope: StoredEnvelope): Done {
    const admitted = this.#admit(call);
    if (!admitted.ok) return admitted;
    const { did, gh, seq } = envelope;
    if (this.#store.isRevoked(did)) return refusal("device-revoked");
    const device = this.#store.device(did);
    if (!device || device.gh !== gh) return refusal("device-unknown");
    if (device.hasLeft) return refusal("device-left");
    const held = this.#store.envelope(did);
    if (held && seq <= held.seq) return refusal("envelope-superseded");
    this.#store.putEnvelope(envelope);
    this.#record({ act: "deposit", did });
    await scheduleCleanUp(this.ctx.storage, this.#store);
    return DONE;
  }

  async dropEnvelopes(call: ExtensionCall): Done {
    const admitted = this.#admit(call);
    if (!admitted.ok) return admitted;
    this.#store.endAllEnvelopes();
    this.#record({ act: "drop" });
    return DONE;
  }

  async revoke(
    call: ExtensionCall,
    list: { rl: number; dids: readonly DeviceId[]; lock: boolean; jws: string },
  ): Done {
    const admitted = this.#admit(call);
    if (!admitted.ok) return admitted;
    if (list.rl <= admitted.value.rl) return refusal("revocations-superseded");
    this.#store.replaceRevocations(list);
    this.#record({ act: "revoke", outcome: list.lock ? "locked" : "open" });
    return DONE;
  }

  async devices(call: ExtensionCall): ReturnType<VaultCalls["devices"]> {
    const admitted = this.#admit(call);
    if (!admitted.ok) return admitted;
    const devices = this.#store.devices(this.#now).map(({ did, lastUsedAt, hasLeft }) => {
      const held = this.#store.envelope(did);
      return { did, lastUsedAt, envelopeExpiresAt: held && !held.isOver ? held.exp : null, left: hasLeft };
    });
    return ok({ rl: admitted.value.rl, devices });
  }

  async takeEnvelope(call: DeviceCall): ReturnType<VaultCalls["takeEnvelope"]> {
    const admitted = this.#admitDevice(call, "takes");
    if (!admitted.ok) return admitted;
    const held = this.#store.envelope(call.did);
    if (!held) return refusal("envelope-missing");
    if (held.exp <= this.#now) this.#store.endEnvelope(call.did, held.seq);
    if (!held.outer || held.exp <= this.#now) return refusal("envelope-over");
    return ok({ envelope: held.jws, outer: held.outer, rl: admitted.value.rl });
  }

  /** Never refused for its rate: signing off must always work. */
  async leave(call: DeviceCall): Done {
    const admitted = this.#admitDevice(call);
    if (!admitted.ok) return admitted;
    this.#store.leave(call.did, this.#now);
    this.#record({ act: "leave", did: call.did });
    return DONE;
  }

  async credentials(call: DeviceCall, order: CredentialOrder): ReturnType<VaultCalls["credentials"]> {
    const intent = this.#intend(call, order);
    if (!intent.ok) return intent;
    const { did } = call;
    const answer = await this.#fetchAndSeal(did, order);
    // [CR9] What the user did while AWS was being asked counts.
    const late = answer.ok ? (this.#refusalNow(call) ?? this.#envelopeNow(did, order)) : undefined;
    const outcome = late ?? answer;
    this.#record({
      act: "fetched",
      did,
      intent: intent.value,
      outcome: outcome.ok ? "ok" : toWire(outcome.error.reason),
    });
    return outcome;
  }

  override async alarm(): Promise<void> {
    cleanUp(this.#store, this.#now);
    await scheduleCleanUp(this.ctx.storage, this.#store);
  }

  /** Everything up to the moment before AWS is asked, in one block. @returns the number of the intent. */
  #intend(call: DeviceCall, order: CredentialOrder): Result<number, BrokerError> {
    const admitted = this.#admitDevice(call, "fetches");
    if (!admitted.ok) return admitted;
    const stale = this.#envelopeNow(call.did, order);
    if (stale) return stale;
    return ok(this.#record({ act: "fetch", did: call.did, account: order.account, role: order.role }));
  }

  /** [EV7] Is the envelope that was presented still the one that counts? */
  #envelopeNow(did: DeviceId, { envelope }: CredentialOrder): ReturnType<typeof refusal> | undefined {
    const reason = whyEnvelopeRefused(this.#store.envelope(did), envelope, this.#now);
    return reason && refusal(reason);
  }

  async #fetchAndSeal(did: DeviceId, order: CredentialOrder): ReturnType<VaultCalls["credentials"]> {
    const identity = await this.#ports.identity();
    const opened = await openInnerLock(identity, order.envelope);
    if (!opened) return refusal("inner-lock-unreadable");
    if (opened.exp <= this.#now) return refusal("envelope-over");

    const fetched = await this.#fetchOnce(order, opened);
    if (!fetched.ok) {
      if (fetched.error.reason === "aws-session-refused") this.#store.endEnvelope(did, order.envelope.seq);
      return fetched;
    }
    const fault = deliveryFault(fetched.value, order.maxCredentialSeconds, this.#ports.now());
    if (fault) return refusal(fault === "over" ? "aws-failed" : "credentials-too-long");
    const rl = this.#store.user()?.rl ?? 0;
    return ok(await sealAnswer(identity, order, fetched.value, { rl, now: this.#now }));
  }

  async #fetchOnce(
    { region, account, role }: CredentialOrder,
    { token }: OpenedToken,
  ): Promise<Result<RoleCredentials, BrokerError>> {
    const name = `${region}|${account}|${role}|${await digest(token.reveal())}`;
    return this.#flights.do(name, () => askAws({ region, account, role, token }, this.#ports));
  }

  /** The extension is enrolled, comes from where it enrolled, and this proof is new. */
  #admit(call: ExtensionCall): Result<User, BrokerError> {
    const user = this.#user();
    if (!user) return refusal("user-unknown");
    if (!isOriginRight(user, call.origin)) return refusal("origin-not-enrolled");
    const spent = spend(user.spent, call.counter);
    if (!spent) return refusal("counter-spent");
    this.#store.spendUser(spent);
    return ok(user);
  }

  /** The device may ask, its proof is new, and it does not ask too often. */
  #admitDevice(call: DeviceCall, counted?: Counted): Result<User, BrokerError> {
    const refused = this.#refusalNow(call);
    if (refused) return refused;
    const user = this.#user();
    const device = this.#store.device(call.did);
    const spent = device && spend(device.spent, call.counter);
    if (!user || !device || !spent) return refusal("counter-spent");

    const now = this.#now;
    const rate = counted ? count(device.rate, counted, now, call.maxPerMinute) : { window: device.rate };
    this.#store.spendDevice(call.did, spent, rate.window, now);
    if (rate.retryAfterSeconds !== undefined) return refusal("device-rate", rate.retryAfterSeconds);
    if (!counted) return ok(user);

    const together = count(this.#userRate, counted, now, USER_PER_MINUTE);
    this.#userRate = together.window;
    return together.retryAfterSeconds === undefined
      ? ok(user)
      : refusal("user-rate", together.retryAfterSeconds);
  }

  #refusalNow(call: DeviceCall): ReturnType<typeof refusal> | undefined {
    const user = this.#user();
    if (!user) return refusal("user-unknown");
    if (!isOriginRight(user, call.origin)) return refusal("origin-not-enrolled");
    const { did, gh } = call;
    const isRevoked = this.#store.isRevoked(did);
    const reason = whyDeviceRefused(user, this.#store.device(did), { gh, isRevoked });
    return reason && refusal(reason);
  }

  #user(): User | undefined {
    return this.#isEnrolled ? this.#store.user() : undefined;
  }

  #record(entry: AuditEntry): number {
    return record(this.ctx.storage.sql, this.#now, entry);
  }

  get #now(): EpochSeconds {
    return toSeconds(this.#ports.now());
  }
}
