import { DurableObject } from "cloudflare:workers";
import { NOTHING_SPENT, spend } from "@jcfetch/shared/replay-window";
import { ok, type Result } from "@jcfetch/shared/result";
import { type EpochSeconds, toSeconds } from "@jcfetch/shared/time";
import { type EnrolledBy, Journal, type Note } from "../audit.ts";
import type { Counted } from "../broker/rate-window.ts";
import type { Bindings } from "../env.ts";
import { type BrokerError, refusal } from "../errors.ts";
import type { DeviceCall, ExtensionCall } from "../middleware/proof.ts";
import { Admission, type Admitted } from "./admission.ts";
import { cleanUp, scheduleCleanUp } from "./alarms.ts";
import type {
  AuditExcerpt,
  CredentialOrder,
  Done,
  RegisteredGrant,
  StoredEnvelope,
  VaultCalls,
} from "./calls.ts";
import { Fetching, type FetchingPorts } from "./fetching.ts";
import { rowsFollowList } from "./held-list.ts";
import { hasUser, migrate } from "./migrations.ts";
import { type Forwarded, Relay } from "./relay.ts";
import { Serving } from "./serving.ts";
import { readSocketCall, socketRefusal } from "./socket.ts";
import { isVaultOf, type User } from "./state.ts";
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
  readonly #relay: Relay;
  readonly #serving: Serving;
  #isEnrolled: boolean;

  constructor(state: DurableObjectState, env: Bindings, ports: FetchingPorts) {
    super(state, env);
    this.#ports = ports;
    this.#store = new VaultStore(state.storage.sql);
    this.#journal = new Journal(state.storage.sql);
    this.#admission = new Admission(this.#store, this.#journal);
    this.#relay = new Relay(state);
    this.#serving = new Serving({
      now: ports.now,
      store: this.#store,
      journal: this.#journal,
      admission: this.#admission,
      fetching: new Fetching(ports, this.#store),
      relay: this.#relay,
      user: () => this.#user(),
    });
    this.#isEnrolled = hasUser(state.storage.sql);
    if (!this.#isEnrolled) return;
    state.storage.transactionSync(() => migrate(state.storage.sql));
    void state.blockConcurrencyWhile(() => this.#holdToList());
  }

  /** [RV5] Once, when the vault wakes up: nobody else writes to its storage while it is awake. */
  async #holdToList(): Promise<void> {
    const { bid } = await this.#ports.identity();
    if ((await rowsFollowList(this.ctx.storage, bid)) || this.#user()?.hasRegressed) return;
    this.#store.regress();
    this.#record({ act: "regress" });
  }

  async enrol(call: ExtensionCall, how: EnrolledBy): Done {
    const { bid } = await this.#ports.identity();
    const enrolled = this.ctx.storage.transactionSync(() => {
      const user = this.#user();
      if (user && !isVaultOf(user, call)) return refusal("user-unknown");
      const spent = spend(user?.spent ?? NOTHING_SPENT, call.counter);
      if (!spent) return refusal("counter-spent");
      migrate(this.ctx.storage.sql);
      this.#isEnrolled = true;
      this.#journal.begin(bid, call.uid);
      this.#store.enrol(call, this.#now);
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
    if (this.#store.listed(did).isRevoked) return refusal("device-revoked");
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
    const { isRevoked, isLocked } = this.#store.listed(did);
    if (isRevoked) return refusal("device-revoked");
    const device = this.#store.device(did);
    if (!device || device.gh !== gh) return refusal("device-unknown");
    if (device.hasLeft) return refusal("device-left");
    if (device.hasForked) return refusal("device-forked");
    if (admitted.value.isLocked) return refusal("user-locked");
    if (isLocked) return refusal("device-locked");
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
    this.#relay.refuseWaiting((did) => this.#admission.refusalOf(this.#user(), did));
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
    const admitted = this.#admitDevice(call, "looks");
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

  credentials(call: DeviceCall, order: CredentialOrder): ReturnType<VaultCalls["credentials"]> {
    return this.#serving.credentials(call, order);
  }

  relay(call: DeviceCall, forwarded: Forwarded): ReturnType<VaultCalls["relay"]> {
    return this.#serving.relay(call, forwarded);
  }

  approval(call: DeviceCall, forwarded: Forwarded): ReturnType<VaultCalls["approval"]> {
    return this.#serving.approval(call, forwarded);
  }

  async presence(call: DeviceCall): ReturnType<VaultCalls["presence"]> {
    const admitted = this.#admitDevice(call, "looks");
    return admitted.ok ? ok({ online: this.#relay.isOnline }) : admitted;
  }

  /**
   * [RM1] The extension's socket; a call by method cannot carry one. Only the edge reaches this, after it has checked the
   * hello. A page of another origin cannot have the extension's key, and is turned away before that.
   */
  override async fetch(request: Request): Promise<Response> {
    const call = readSocketCall(request);
    const user = this.#user();
    const isForeign = user !== undefined && user.origin !== call.origin;
    const admitted = isForeign ? refusal("origin-not-enrolled") : this.#admit(call);
    return admitted.ok ? this.#relay.accept() : socketRefusal(admitted.error);
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    this.#relay.take(socket, data);
  }

  override async webSocketClose(socket: WebSocket): Promise<void> {
    this.#relay.lost(socket);
    socket.close(); // the other side waits for our word, too
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    this.#relay.lost(socket);
  }

  override async alarm(): Promise<void> {
    if (!this.#isEnrolled) return;
    cleanUp(this.#store, this.#journal, this.#now);
    await this.#schedule();
  }

  #auditPage(after: number, limit: number): AuditExcerpt {
    const head = this.#journal.head();
    return { ...this.#journal.page(after, limit), head, rl: this.#store.user()?.rl ?? 0 };
  }

  #admit(call: ExtensionCall): Result<User, BrokerError> {
    return this.#admission.extension(this.#user(), call);
  }

  #admitDevice(call: DeviceCall, counted?: Counted): Result<Admitted, BrokerError> {
    return this.#admission.device(this.#user(), call, this.#now, counted);
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
