import { spend } from "@jcfetch/shared/replay-window";
import { ok, type Result } from "@jcfetch/shared/result";
import type { EpochSeconds } from "@jcfetch/shared/time";
import type { Journal } from "../audit.ts";
import { adopt, issue, type JoinState, present } from "../broker/join-state.ts";
import { type Counted, count, NO_REQUESTS, type RateWindow } from "../broker/rate-window.ts";
import { type BrokerError, refusal } from "../errors.ts";
import type { DeviceCall, ExtensionCall } from "../middleware/proof.ts";
import { type DeviceRow, isOriginRight, isVaultOf, type User, whyDeviceRefused } from "./state.ts";
import type { VaultStore } from "./store.ts";

type Refused = ReturnType<typeof refusal>;

/** A fence around one user's devices together; each has its own, far lower, in its grant. */
const USER_PER_MINUTE = 1_200;
/** How far a device may carry the audit's numbers on after storage was set back. */
const MAX_FORGOTTEN_ENTRIES = 1_000_000;

export interface Admitted {
  readonly user: User;
  /** [JS1] A new join state for the device, or the one it has if it was overtaken. Not yet given to it. */
  readonly issueState: () => number;
}

/** Who may ask. Synchronous throughout: what it decides and what it writes is one step of its caller's. */
export class Admission {
  readonly #store: VaultStore;
  readonly #journal: Journal;
  /** In memory only: a fence for bursts needs no row of its own. */
  #userRate: RateWindow = NO_REQUESTS;

  constructor(store: VaultStore, journal: Journal) {
    this.#store = store;
    this.#journal = journal;
  }

  /** The extension is enrolled, comes from where it enrolled, and this proof is new. */
  extension(user: User | undefined, call: ExtensionCall): Result<User, BrokerError> {
    if (!isVaultOf(user, call)) return refusal("user-unknown");
    if (!isOriginRight(user, call.origin)) return refusal("origin-not-enrolled");
    const spent = spend(user.spent, call.counter);
    if (!spent) return refusal("counter-spent");
    this.#store.spendUser(spent);
    return ok(user);
  }

  /** The device may ask, its proof is new, it is the only one of its name, and it does not ask too often. */
  device(
    user: User | undefined,
    call: DeviceCall,
    now: EpochSeconds,
    counted?: Counted,
  ): Result<Admitted, BrokerError> {
    // Who is not enrolled has no tables.
    const device = user && this.#store.device(call.did);
    const refused = this.#refusalOfCall(user, call, device);
    if (refused) return refused;
    const spent = device && spend(device.spent, call.counter);
    if (!user || !device || !spent) return refusal("counter-spent");

    const rate = counted ? count(device.rate, counted, now, call.maxPerMinute) : { window: device.rate };
    this.#store.spendDevice(call.did, spent, rate.window, now);
    const joined = this.#join(device, call, now);
    if (!joined.ok) return joined;
    if (rate.retryAfterSeconds !== undefined) return refusal("device-rate", rate.retryAfterSeconds);
    if (counted) {
      const together = count(this.#userRate, counted, now, USER_PER_MINUTE);
      this.#userRate = together.window;
      if (together.retryAfterSeconds !== undefined) return refusal("user-rate", together.retryAfterSeconds);
    }
    return ok({ user, issueState: joined.value });
  }

  /** What the user has said by now; asked again after every wait. [CR9] */
  refusalNow(user: User | undefined, call: DeviceCall): Refused | undefined {
    return this.#refusalOfCall(user, call, user && this.#store.device(call.did));
  }

  #refusalOfCall(
    user: User | undefined,
    call: DeviceCall,
    device: DeviceRow | undefined,
  ): Refused | undefined {
    if (!isVaultOf(user, call)) return refusal("user-unknown");
    if (!isOriginRight(user, call.origin)) return refusal("origin-not-enrolled");
    return this.#refusalOf(user, device, call);
  }

  /** The same for a device that waits, and whose call was right when it came. */
  refusalOf(user: User | undefined, did: string): Refused | undefined {
    if (!user) return refusal("user-unknown");
    const device = this.#store.device(did);
    return this.#refusalOf(user, device, { did, gh: device?.gh ?? "" });
  }

  #refusalOf(
    user: User,
    device: DeviceRow | undefined,
    { did, gh }: { did: string; gh: string },
  ): Refused | undefined {
    const reason = whyDeviceRefused(user, device, { gh, ...this.#store.listed(did) });
    return reason && refusal(reason);
  }

  /** [JS1] Take in what the device presents. A replay has been sorted out before: its number is an old one. */
  #join(
    { did, joined, adopts }: DeviceRow,
    call: DeviceCall,
    now: EpochSeconds,
  ): Result<() => number, BrokerError> {
    if (call.joined === undefined) return this.#fork(call, now);
    const isBehind = this.#isBehind(call);
    const presented = present(joined, call.joined, now);
    if (presented.is === "forked") return this.#fork(call, now);
    if ((presented.is === "ahead" || isBehind) && !(adopts && this.#catchUp(call, now)))
      return this.#regress(call, now);
    if (presented.is === "overtaken") return ok(() => call.joined!);

    const state = presented.is === "head" ? presented.state : adopt(joined, call.joined, now);
    const goesOnAdopting = adopts && (presented.is === "ahead" || isBehind);
    this.#store.join(did, state, goesOnAdopting);
    return ok(() => this.#issue(did, state, goesOnAdopting));
  }

  #issue(did: string, state: JoinState, adopts: boolean): number {
    const next = issue(state);
    this.#store.join(did, next, adopts);
    return next.issued;
  }

  /** [JS5] Has the device seen an entry of the audit that is not, or not so, in ours? One that was pruned tells nothing. */
  #isBehind({ seen }: DeviceCall): boolean {
    if (!seen) return false;
    const ours = this.#journal.placeAt(seen.seq);
    return ours ? ours.ah !== seen.ah : seen.seq > this.#journal.head().seq;
  }

  /** The user goes on with a vault that was set back: the audit's numbers continue behind what the device has seen. */
  #catchUp({ seen }: DeviceCall, now: EpochSeconds): boolean {
    const { seq } = this.#journal.head();
    if (!seen || seen.seq <= seq) return true;
    return seen.seq <= seq + MAX_FORGOTTEN_ENTRIES && this.#journal.goOnFrom(seen, now);
  }

  #fork({ did }: DeviceCall, now: EpochSeconds): Refused {
    this.#store.fork(did, now);
    this.#journal.append(now, { act: "fork", did });
    return refusal("device-forked");
  }

  #regress({ did }: DeviceCall, now: EpochSeconds): Refused {
    this.#store.regress();
    this.#journal.append(now, { act: "regress", did });
    return refusal("user-regressed");
  }
}
