import { DurableObject } from "cloudflare:workers";
import { NOTHING_SPENT, spend } from "@jcfetch/shared/replay-window";
import { ok, type Result } from "@jcfetch/shared/result";
import { type EpochSeconds, toSeconds } from "@jcfetch/shared/time";
import { type EnrolledBy, Journal, type Note } from "../audit.ts";
import { whyEnvelopeRefused } from "../broker/envelope-check.ts";
import type { Counted } from "../broker/rate-window.ts";
import type { Bindings } from "../env.ts";
import { type BrokerError, refusal, toWire } from "../errors.ts";
import type { DeviceCall, ExtensionCall } from "../middleware/proof.ts";
import { Admission, type Admitted } from "./admission.ts";
import { cleanUp, scheduleCleanUp } from "./alarms.ts";
import type {
  AuditExcerpt,
  CredentialOrder,
  Done,
  RegisteredGrant,
  Standing,
  StoredEnvelope,
  VaultCalls,
} from "./calls.ts";
import { Fetching, type FetchingPorts } from "./fetching.ts";
import { hasUser, migrate } from "./migrations.ts";
import type { User } from "./state.ts";
import { type RevocationList, VaultStore } from "./store.ts";

const PAIRINGS_PER_HOUR = 5;
/** [EV8] As many as a revocation list can name. */
const MAX_DEVICES = 256;

const DONE = ok({ ok: true as const });

/**
 * Everything of one user: counters, envelopes, revocations, audit. Each decision is one synchronous block, so that no two
 * requests interleave in it and all it writes is one commit; answers wait until that is on disk.
 */
export class VaultObject extends DurableObject<Bindings> implements VaultCalls {
  readonly #ports: FetchingPorts;
  readonly #store: VaultStore;
  readonly #journal: Journal;
  readonly #admission: Admission;
  readonly #fetching: Fetching;
  #isEnrolled: boolean;

  constructor(state: DurableObjectState, env: Bindings, ports: FetchingPorts) {
    super(state, env);
    this.#ports = ports;
    this.#store = new VaultStore(state.storage.sql);
    this.#journal = new Journal(state.storage.sql);
    this.#admission = new Admission(this.#store, this.#journal);
    this.#fetching = new Fetching(ports, this.#store);
    this.#isEnrolled = hasUser(state.storage.sql);
    if (this.#isEnrolled) state.storage.transactionSync(() => migrate(state.storage.sql));
  }

  async enrol(call: ExtensionCall, how: EnrolledBy): Done {
    const { bid } = await this.#ports.identity();
    const enrolled = this.ctx.storage.transactionSync(() => {
      const spent = spend(this.#user()?.spent ?? NOTHING_SPENT, call.counter);
      if (!spent) return refusal("counter-spent");
      migrate(this.ctx.storage.sql);
      this.#isEnrolled = true;
      this.#journal.begin(bid, call.uid);
      this.#store.enrol(call.origin, this.#now);
      this.#store.spendUser(spent);
      this.#record({ act: "enrol", outcome: how });
      return DONE;
    });
    if (enrolled.ok) await this.#schedule();
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
    await this.#schedule();
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
    await this.#schedule();
    return DONE;
  }

  async dropEnvelopes(call: ExtensionCall): Done {
    const admitted = this.#admit(call);
    if (!admitted.ok) return admitted;
    this.#store.endAllEnvelopes();
    this.#record({ act: "drop" });
    return DONE;
  }

  async revoke(call: ExtensionCall, list: RevocationList): Done {
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
    const devices = this.#store.devices(this.#now).map(({ did, lastUsedAt, hasLeft, hasForked }) => {
      const held = this.#store.envelope(did);
      const envelopeExpiresAt = held && !held.isOver ? held.exp : null;
      return { did, lastUsedAt, envelopeExpiresAt, left: hasLeft, forked: hasForked };
    });
    const { rl, hasRegressed } = admitted.value;
    return ok({ rl, regressed: hasRegressed, devices });
  }

  async takeEnvelope(call: DeviceCall): ReturnType<VaultCalls["takeEnvelope"]> {
    const admitted = this.#admitDevice(call, "takes");
    if (!admitted.ok) return admitted;
    const held = this.#store.envelope(call.did);
    if (!held) return refusal("envelope-missing");
    if (held.exp <= this.#now) this.#store.endEnvelope(call.did, held.seq);
    if (!held.outer || held.exp <= this.#now) return refusal("envelope-over");
    return ok({ envelope: held.jws, outer: held.outer, rl: admitted.value.user.rl });
  }

  async readAudit(call: DeviceCall, after: number, limit: number): ReturnType<VaultCalls["readAudit"]> {
    const admitted = this.#admitDevice(call, "takes");
    return admitted.ok ? ok(this.#auditPage(after, limit)) : admitted;
  }

  async readActivity(
    call: ExtensionCall,
    after: number,
    limit: number,
  ): ReturnType<VaultCalls["readActivity"]> {
    const admitted = this.#admit(call);
    return admitted.ok ? ok(this.#auditPage(after, limit)) : admitted;
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
    const answer = await this.#fetching.fetchAndSeal(did, order);
    // [CR9] What the user did while AWS was being asked counts.
    const late = answer.ok ? (this.#refusalNow(call) ?? this.#envelopeNow(call, order)) : undefined;
    const outcome = late ?? answer;
    this.#record({
      act: "fetched",
      did,
      mode: "sealed",
      intent: intent.value.seq,
      outcome: outcome.ok ? "ok" : toWire(outcome.error.reason),
    });
    return outcome.ok ? ok({ ...outcome.value, standing: this.#standing(intent.value.joined) }) : outcome;
  }

  override async alarm(): Promise<void> {
    if (!this.#isEnrolled) return;
    cleanUp(this.#store, this.#journal, this.#now);
    await this.#schedule();
  }

  /** Everything up to the moment before AWS is asked, in one block. @returns the number of the intent. */
  #intend(call: DeviceCall, order: CredentialOrder): Result<{ seq: number; joined: number }, BrokerError> {
    const admitted = this.#admitDevice(call, "fetches");
    if (!admitted.ok) return admitted;
    const stale = this.#envelopeNow(call, order);
    if (stale) return stale;
    const { account, role } = order;
    const seq = this.#record({ act: "fetch", did: call.did, account, role, mode: "sealed" });
    return ok({ seq, joined: admitted.value.issueState() });
  }

  /** [EV7] Is the envelope that was presented still the one that counts? */
  #envelopeNow({ did }: DeviceCall, { envelope }: CredentialOrder): ReturnType<typeof refusal> | undefined {
    const reason = whyEnvelopeRefused(this.#store.envelope(did), envelope, this.#now);
    return reason && refusal(reason);
  }

  #auditPage(after: number, limit: number): AuditExcerpt {
    const head = this.#journal.head();
    return { ...this.#journal.page(after, limit), head, rl: this.#store.user()?.rl ?? 0 };
  }

  #standing(joined: number): Standing {
    return { joined, place: this.#journal.head(), rl: this.#store.user()?.rl ?? 0 };
  }

  #admit(call: ExtensionCall): Result<User, BrokerError> {
    return this.#admission.extension(this.#user(), call);
  }

  #admitDevice(call: DeviceCall, counted?: Counted): Result<Admitted, BrokerError> {
    return this.#admission.device(this.#user(), call, this.#now, counted);
  }

  #refusalNow(call: DeviceCall): ReturnType<typeof refusal> | undefined {
    return this.#admission.refusalNow(this.#user(), call);
  }

  #user(): User | undefined {
    return this.#isEnrolled ? this.#store.user() : undefined;
  }

  #record(note: Note): number {
    return this.#journal.append(this.#now, note);
  }

  #schedule(): Promise<void> {
    return scheduleCleanUp(this.ctx.storage, this.#store, this.#journal);
  }

  get #now(): EpochSeconds {
    return toSeconds(this.#ports.now());
  }
}
