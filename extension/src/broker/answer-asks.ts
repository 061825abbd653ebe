import type { Authority } from "@jcfetch/shared/authority";
import type { PortalError } from "@jcfetch/shared/aws/errors";
import { digest } from "@jcfetch/shared/crypto/encoding";
import type { RoleRef } from "@jcfetch/shared/domain/role";
import type { RoleCredentials } from "@jcfetch/shared/domain/role-credentials";
import { deliveryFault } from "@jcfetch/shared/protocol/delivery";
import { decide, type Policy } from "@jcfetch/shared/protocol/policy";
import type { Asking, ExtensionRefusal, FromExtension, ToExtension } from "@jcfetch/shared/protocol/relay";
import {
  type KnownDevice,
  type OwnKeys,
  type ReadAsk,
  readAsk,
  sealRelayAnswer,
  signApproval,
} from "@jcfetch/shared/relay-answer";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { type EpochSeconds, SECOND_MS, toMs } from "@jcfetch/shared/time";
import type { ProblemCode } from "../messaging/problems.ts";
import type { Directories } from "../roles/directory.ts";
import type { Access } from "../sessions/access.ts";
import type { PortalSessions } from "../sessions/portal-session.ts";
import type { Approvals } from "./approvals.ts";
import type { Device, DeviceList } from "./device-list.ts";
import type { Flights } from "./flights.ts";
import type { Revocations } from "./revocations.ts";
import type { Spent } from "./spent.ts";

export interface AskPorts {
  readonly devices: DeviceList;
  readonly revocations: Revocations;
  readonly approvals: Approvals;
  readonly spent: Spent;
  readonly flights: Flights;
  readonly sessions: PortalSessions;
  readonly directories: Pick<Directories, "accountName">;
}

/** How one request is answered: what goes back, and a word in between that a person is being asked. */
export interface Reply {
  readonly keys: OwnKeys;
  /** The broker's, as terminals have it: a browser's own may be off by minutes. */
  readonly clock: Pick<Authority, "now" | "mendClock">;
  readonly say: (message: FromExtension) => void;
  /** The socket it came by is gone. */
  readonly gone: AbortSignal;
}

type Refused = { readonly code: ExtensionRefusal; readonly retryAfterSeconds: number | null };
const refused = (code: ExtensionRefusal, retryAfterMs?: number): { ok: false; error: Refused } => {
  const seconds = Math.min(3_600, Math.max(1, Math.ceil((retryAfterMs ?? 0) / SECOND_MS)));
  return err({ code, retryAfterSeconds: retryAfterMs === undefined ? null : seconds });
};

/** A request that has been proved, with the device it came from. */
interface Standing<K extends ReadAsk["kind"]> {
  readonly device: Device;
  readonly known: KnownDevice;
  readonly read: Extract<ReadAsk, { kind: K }>;
}

const NO_ACCESS: Partial<Record<ProblemCode, ExtensionRefusal>> = {
  "sso-expired": "sso-expired",
  offline: "upstream",
};

const AWS_REFUSALS: Record<PortalError["code"], ExtensionRefusal> = {
  unauthorized: "sso-expired",
  forbidden: "role-not-assigned",
  "not-found": "role-not-assigned",
  throttled: "upstream-throttled",
  unreachable: "upstream",
  garbage: "upstream",
};

const retryAfterOf = (error: PortalError): number | undefined =>
  error.code === "throttled" ? error.retryAfterMs : undefined;

/** [EV2] The session must be of the person who paired the device, at the portal and in the region that were signed. */
function sessionFault(access: Access, device: Device, policy: Policy): ExtensionRefusal | undefined {
  if (access.owner !== device.owner) return "sso-expired";
  return access.portal.startUrl === policy.start && access.region === policy.region
    ? undefined
    : "no-session";
}

/** Waits that a program is told; a device's pace is counted by the minute. */
const RATE_WAIT_MS = 10 * SECOND_MS;

/** [PF3] What seems too old or too new is judged once more, when our own clock has been mended: it may be that one. */
async function readOnClock(ask: ToExtension, known: KnownDevice, { keys, clock }: Reply) {
  const first = await readAsk(ask, known, keys, clock.now());
  const isSkewed = !first.ok && first.error === "clock-skew";
  return isSkewed && (await clock.mendClock()).ok ? readAsk(ask, known, keys, clock.now()) : first;
}

/**
 * [RM3] [RM4] The extension's answers to its devices. Nothing the broker says is believed, and nothing here is decided by
 * anything but our own list, our own copy of the policy, and the user.
 */
export class AskAnswers {
  readonly #ports: AskPorts;

  constructor(ports: AskPorts) {
    this.#ports = ports;
  }

  async answer(ask: ToExtension, reply: Reply): Promise<void> {
    const { id } = ask;
    reply.say({ t: "got", id });
    const answer = await this.#answer(ask, reply);
    reply.say(answer.ok ? answer.value : { t: "refusal", id, ...answer.error });
  }

  async #answer(ask: ToExtension, reply: Reply): Promise<Result<FromExtension, Refused>> {
    const device = (await this.#ports.devices.all()).find(({ grant }) => grant === ask.grant);
    const known = device && (await this.#ports.devices.known(device));
    if (!device || !known) return refused("unknown");
    // By our own clock, too: that of the broker, which ours is mended by, could bring back what has just ended.
    if (!this.#ports.devices.isLive(device)) return refused("grant-expired");
    const fault = await this.#ports.revocations.faultOf(device.did);
    if (fault) return refused(fault);
    const read = await readOnClock(ask, known, reply);
    if (!read.ok) return refused(read.error);
    const { policy } = known.grant;
    const spent = await this.#ports.spent.spend(device.did, read.value.counter, policy.maxPerMinute);
    if (spent) return refused(spent, spent === "rate" ? RATE_WAIT_MS : undefined);

    const asking = this.#wanted(known, read.value);
    if (!asking.ok) return asking;
    if (asking.value) {
      reply.say({ t: "asking", id: ask.id });
      const verdict = await this.#ask(device, read.value, asking.value, reply.gone);
      if (verdict !== "approved") return refused(verdict);
    }
    const { kind } = read.value;
    return kind === "relay"
      ? this.#relay(ask.id, { device, known, read: read.value }, reply)
      : this.#approve(ask.id, { device, known, read: read.value }, reply);
  }

  /** [PO2] [AS1] What our own copy of the policy says. @returns the question, where the user must be asked. */
  #wanted({ grant }: KnownDevice, { kind, request }: ReadAsk): Result<Asking | null, Refused> {
    const decision = decide(grant, request);
    const mode = kind === "relay" ? "relay" : "sealed";
    if (decision.access === "denied" || decision.mode !== mode) return refused("policy");
    if (kind === "approval" && !decision.asks) return refused("policy");
    if (!decision.asks) return request.ask === null ? ok(null) : refused("policy");
    const { ask } = request;
    const mayAsk = ask !== null && (ask.interactive || grant.policy.unattended);
    return mayAsk ? ok(ask) : refused("needs-approval"); // [AS5]
  }

  async #ask(device: Device, { kind, request }: ReadAsk, ask: Asking, gone: AbortSignal) {
    // Its response key is made for one request alone, and the same when that is asked for again.
    const id = kind === "relay" ? await digest(request.rpk) : request.rh;
    const { account, role } = request;
    const accountName = await this.#ports.directories.accountName(device.portal, account);
    return this.#ports.approvals.ask({ id, device, want: { account, role }, accountName, ask }, gone);
  }

  async #approve(
    id: string,
    { device, known, read }: Standing<"approval">,
    { keys, clock }: Reply,
  ): Promise<Result<FromExtension, Refused>> {
    const still = await this.#still(device);
    if (still) return refused(still);
    const approval = await signApproval(known, keys, read.request, clock.now());
    return ok({ t: "approved", id, approval });
  }

  async #relay(
    id: string,
    { device, known, read }: Standing<"relay">,
    { keys, clock }: Reply,
  ): Promise<Result<FromExtension, Refused>> {
    const fetched = await this.#fetch(device, known, read.request, clock.now());
    if (!fetched.ok) return fetched;
    const still = await this.#still(device);
    if (still) return refused(still);
    const rl = await this.#ports.revocations.toldTo(known.grant.bid);
    const sealing = { credentials: fetched.value, rl, now: clock.now() };
    const answer = await sealRelayAnswer(known, keys, read, sealing);
    return answer ? ok({ t: "answer", id, ...answer }) : refused("unknown");
  }

  async #fetch(
    device: Device,
    { grant: { policy } }: KnownDevice,
    { account, role }: RoleRef,
    now: EpochSeconds,
  ): Promise<Result<RoleCredentials, Refused>> {
    const { sessions, flights } = this.#ports;
    const access = await sessions.access(device.portal);
    if (!access.ok) return refused(NO_ACCESS[access.error] ?? "no-session");
    const fault = sessionFault(access.value, device, policy);
    if (fault) return refused(fault);
    const answer = await flights.fetch(access.value, { account, role });
    if (!answer.ok) {
      if (answer.error.code === "unauthorized") await sessions.check(device.portal);
      return refused(AWS_REFUSALS[answer.error.code], retryAfterOf(answer.error));
    }
    const tooLong = deliveryFault(answer.value, policy.maxCredentialSeconds, toMs(now));
    if (tooLong) return refused(tooLong === "over" ? "upstream" : "credential-too-long");
    return answer;
  }

  /** [CR9] The user may have taken its right while AWS or they themselves were being asked. */
  async #still(device: Device): Promise<ExtensionRefusal | undefined> {
    const now = await this.#ports.devices.find(device.did);
    if (now?.grant !== device.grant) return "revoked";
    return this.#ports.revocations.faultOf(device.did);
  }
}
