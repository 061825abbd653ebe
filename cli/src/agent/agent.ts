import type { AskVoice, Want } from "@jcfetch/shared/device-asking";
import type { RoleCredentials } from "@jcfetch/shared/domain/role-credentials";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { MINUTE_MS, SECOND_MS } from "@jcfetch/shared/time";
import type { Failure } from "../exit.ts";
import { agentLocked, tooShort } from "../wishes.ts";
import { given, refused, stillGood } from "./answers.ts";
import type { AgentPorts, Asked, Telling } from "./ports.ts";
import { RefusalMemory, takesBack } from "./refusals.ts";
import { askedEachTime } from "./share-refusals.ts";
import type { AgentStatus } from "./status.ts";
import { CredentialStore, elapsed, type Instant } from "./store.ts";
import type { AgentAnswer, SourceRef } from "./wire.ts";

type Outcome = Result<RoleCredentials, Failure> | { readonly ok: "asks" };

interface Flight {
  readonly key: string;
  readonly ref: SourceRef;
  readonly want: Want;
}

/** Who holds credentials that will do waits no longer than this for better ones. */
const PATIENCE_MS = 2 * SECOND_MS;
/** A difference between the two clocks that only a sleep or a hand makes. */
const JUMP_MS = MINUTE_MS;

function keyOf(ref: SourceRef): string {
  if (ref.kind === "brokered") return ref.kind;
  const { name, startUrl, region, scopes } = ref.session;
  return ["direct", name, startUrl, region, ...scopes].join(" ");
}
const NOBODY: AskVoice = { interactive: false, process: "", directory: "", show() {}, done() {} };

/** Holds role credentials of one user in memory, and sees to it that whoever wants one causes no more than one call. */
export class Agent {
  readonly #ports: AgentPorts;
  readonly #store = new CredentialStore();
  readonly #refusals = new RefusalMemory();
  readonly #flights = new Map<string, Promise<Outcome>>();
  /** What each role that is held was asked for as. */
  readonly #known = new Map<string, Flight>();
  readonly #stamps = new Map<string, string | undefined>();
  #asking = 0;
  #locked: boolean;
  #last: Instant;
  #lastAsked: Instant;

  constructor(ports: AgentPorts, locked = false) {
    this.#ports = ports;
    this.#locked = locked;
    this.#last = ports.now();
    this.#lastAsked = this.#last;
  }

  get locked(): boolean {
    return this.#locked;
  }

  get holdsNothing(): boolean {
    return this.#store.size === 0 && this.#flights.size === 0 && this.#asking === 0;
  }

  idleMs(): number {
    return elapsed(this.#lastAsked, this.#ports.now());
  }

  lock(): void {
    this.#locked = true;
    this.#forget();
  }

  unlock(): void {
    this.#locked = false;
    this.#lastAsked = this.#ports.now();
  }

  #forget(): void {
    this.#store.clear();
    this.#refusals.clear();
    this.#known.clear();
  }

  async credentials(asked: Asked, telling: Telling): Promise<AgentAnswer> {
    const at = this.#wake();
    const { source, want, minTtlMs, caller, shared = false } = asked;
    // [AG20] A program elsewhere, which may ask day and night, does not keep this computer from locking.
    if (!shared) this.#lastAsked = at;
    if (this.#locked) return refused(agentLocked);
    this.#lookAtKeys(source);
    const flight = { key: `${keyOf(source)} ${want.account}/${want.role}`, ref: source, want };
    const look = this.#store.look(flight.key, minTtlMs, at);
    if (look.do !== "fetch") this.#store.used(flight.key);
    if (look.do === "serve") return given(look.credentials, look.stale ? stillGood : undefined);
    if (look.do === "refuse") return refused(tooShort(want, look.leftMs, minTtlMs ?? 0));

    if (!caller.interactive && !this.#flights.has(flight.key)) {
      const known = this.#refusals.answer(keyOf(source), flight.key, at);
      if (known) return look.do === "renew" ? given(look.credentials, stillGood) : refused(known);
    }
    telling.taken();
    if (look.do === "renew") return this.#renewed(flight, look.credentials);
    const outcome = await this.#fly(flight);
    if (outcome.ok === "asks") return shared ? refused(askedEachTime(want)) : this.#ask(asked, telling);
    this.#store.used(flight.key);
    return this.#locked ? refused(agentLocked) : this.#fitting(asked, outcome);
  }

  /** Whether its user is asked for this role each time. */
  async asks(ref: SourceRef, want: Want): Promise<Result<boolean, Failure>> {
    const source = await this.#ports.open(ref, () => NOBODY);
    return source.ok ? ok(source.value.asks(want)) : source;
  }

  #fitting({ want, minTtlMs }: Asked, outcome: Result<RoleCredentials, Failure>): AgentAnswer {
    if (!outcome.ok) return refused(outcome.error);
    const leftMs = outcome.value.expiresAtMs - this.#ports.now().wallMs;
    if (minTtlMs !== undefined && leftMs < minTtlMs) return refused(tooShort(want, leftMs, minTtlMs));
    return given(outcome.value);
  }

  /** [AG5] New ones if they come soon, else those that are still good. */
  async #renewed(flight: Flight, held: RoleCredentials): Promise<AgentAnswer> {
    const flown = this.#fly(flight);
    const outcome = await Promise.race([flown, this.#ports.pause(PATIENCE_MS)]);
    this.#store.used(flight.key);
    if (this.#locked) return refused(agentLocked);
    if (outcome?.ok === true) return given(outcome.value);
    if (outcome?.ok === false && takesBack(outcome.error)) return refused(outcome.error);
    return given(held, stillGood);
  }

  /** [AG3] All who want one role at one time wait for one call. */
  #fly(flight: Flight): Promise<Outcome> {
    const flying = this.#flights.get(flight.key);
    if (flying !== undefined) return flying;
    const started = this.#fetch(flight).finally(() => this.#flights.delete(flight.key));
    this.#flights.set(flight.key, started);
    return started;
  }

  async #fetch({ key, ref, want }: Flight): Promise<Outcome> {
    const stamp = this.#ports.stampOf(ref);
    const source = await this.#ports.open(ref, () => NOBODY);
    if (source.ok && source.value.asks(want)) return { ok: "asks" };
    const fetched = source.ok ? await source.value.credentials(want) : source;
    const at = this.#ports.now();
    if (!fetched.ok) {
      this.#refusals.remember(keyOf(ref), key, fetched.error, at);
      this.#store.failed(key, at);
      if (takesBack(fetched.error)) this.#store.drop(key);
      return err(fetched.error);
    }
    this.#refusals.mended(keyOf(ref), key);
    // Locked or paired anew meanwhile: whoever waits gets them, but they are not for keeping.
    if (!this.#locked && stamp === this.#ports.stampOf(ref)) {
      this.#store.hold(key, fetched.value, at);
      this.#known.set(key, { key, ref, want });
    }
    return ok(fetched.value);
  }

  /** [AG7] Each caller for itself: who approves one request has approved that one. */
  async #ask(asked: Asked, { voice }: Telling): Promise<AgentAnswer> {
    const { source, want, caller } = asked;
    if (!caller.about) return { answer: "whose" };
    const speaking: AskVoice = { ...voice, ...caller.about, interactive: caller.interactive };
    this.#asking += 1;
    try {
      const opened = await this.#ports.open(source, () => speaking);
      return this.#fitting(asked, opened.ok ? await opened.value.credentials(want) : opened);
    } finally {
      this.#asking -= 1;
    }
  }

  /** [AG8] Other keys, other credentials: what was given to the terminal before is not this one's. */
  #lookAtKeys(ref: SourceRef): void {
    const stamp = this.#ports.stampOf(ref);
    const source = keyOf(ref);
    if (this.#stamps.has(source) && this.#stamps.get(source) !== stamp) this.#forget();
    this.#stamps.set(source, stamp);
  }

  /** [AG9] After a sleep or a clock that was set, what failed before says nothing. */
  #wake(): Instant {
    const at = this.#ports.now();
    const wall = at.wallMs - this.#last.wallMs;
    const steady = at.steadyMs - this.#last.steadyMs;
    if (Math.abs(wall - steady) > JUMP_MS) {
      this.#refusals.clear();
      this.#store.forgetFailures();
    }
    this.#last = at;
    return at;
  }

  /** Called every now and then: renews ahead, and drops what has ended. */
  tend(): void {
    const at = this.#wake();
    this.#store.expire(at);
    for (const key of this.#known.keys()) if (!this.#store.has(key)) this.#known.delete(key);
    const sources = new Map([...this.#known.values()].map(({ ref }) => [keyOf(ref), ref]));
    for (const ref of sources.values()) this.#lookAtKeys(ref);
    for (const key of this.#store.due(at)) {
      const flight = this.#known.get(key);
      if (flight) void this.#fly(flight);
    }
  }

  roles(): AgentStatus["roles"] {
    return this.#store.list().flatMap(({ key, expiresAtMs }) => {
      const flight = this.#known.get(key);
      if (!flight) return [];
      const { account, role } = flight.want;
      return [{ source: keyOf(flight.ref), account, role, expiresAtMs, refreshing: this.#flights.has(key) }];
    });
  }
}
