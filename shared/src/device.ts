import type * as v from "valibot";
import { callBroker, encodeBody } from "./client.ts";
import { digest, utf8 } from "./crypto/encoding.ts";
import { exportPublicKey, generateKeys, importPublicKey } from "./crypto/keys.ts";
import { type Sealed, seal } from "./crypto/seal.ts";
import { acceptAnswer } from "./device-answer.ts";
import { type AskVoice, newAsking, untilBack, type Want } from "./device-asking.ts";
import { type HeldEnvelope, openEnvelope } from "./device-envelope.ts";
import { DeviceLine, type LinePorts, type Look, type Seen } from "./device-line.ts";
import type { RoleCredentials } from "./domain/role-credentials.ts";
import type { AuditLine, AuditPlace } from "./protocol/audit.ts";
import { extensionContext, requestContext } from "./protocol/contexts.ts";
import type { CredentialRequest } from "./protocol/credentials.ts";
import type { AuditHead, Grant, Keyset } from "./protocol/documents.ts";
import {
  type Endpoint,
  leave,
  presence,
  readAudit,
  requestApproval,
  requestCredentials,
  requestRelay,
  takeEnvelope,
} from "./protocol/endpoints.ts";
import { newestEpoch } from "./protocol/epochs.ts";
import type { Refusal } from "./protocol/errors.ts";
import type { Mode } from "./protocol/modes.ts";
import { decide } from "./protocol/policy.ts";
import {
  type ApprovalRequest,
  ASKED_ANSWER_SECONDS,
  type Asking,
  type RelayRequest,
} from "./protocol/relay.ts";
import { type VerifiedGrant, verifyAuditHead, verifyGrant } from "./protocol/verify.ts";
import { ASK_SECONDS } from "./protocol/version.ts";
import { err, ok, type Result } from "./result.ts";
import { type EpochMs, toMs } from "./time.ts";

/** What pairing left with a device. The private keys need not be extractable. */
export interface DeviceIdentity {
  readonly signing: CryptoKeyPair;
  readonly agreement: CryptoKeyPair;
  /** The grant, as signed by the extension. */
  readonly grant: string;
}

export interface DevicePorts extends LinePorts {
  /** Called when a role asks. Without one, such roles are refused with `needs-approval`. */
  readonly voice?: () => AskVoice;
}

export interface AuditPageSeen {
  readonly from: AuditPlace;
  readonly lines: readonly AuditLine[];
  readonly head: AuditHead;
}

export interface Device {
  readonly grant: Grant;
  /** Ask for role credentials: at most one correction of each kind (keys, clock, envelope), never a second guess at AWS. */
  credentials(want: Want): Promise<Result<RoleCredentials, Refusal>>;
  /** The envelope that waits for this device: proves that a portal session is there, and until when. Sealed mode only. */
  session(): Promise<Result<{ endsAtMs: EpochMs }, Refusal>>;
  /** Whether the user's browser is there to answer. */
  browser(): Promise<Result<{ online: boolean }, Refusal>>;
  /** A page of the user's audit, as the broker shows it; only the signature of its head has been checked. */
  audit(after: number, limit: number): Promise<Result<AuditPageSeen, Refusal>>;
  leave(): Promise<Result<null, Refusal>>;
}

/** What the person at the terminal is shown, and what goes to the extension of it. */
interface Asked {
  readonly voice: AskVoice;
  readonly ask: Asking;
}

/** A request that has its response key, and the user's approval where the policy wants one. */
interface Prepared {
  readonly want: Want;
  readonly responseKeys: CryptoKeyPair;
  readonly rpk: string;
  readonly asked: Asked | undefined;
  readonly approval: string | null;
}

/** @returns `undefined` when the grant does not belong to these keys: the device's folder was damaged or mixed up. */
export async function openDevice(identity: DeviceIdentity, ports: DevicePorts): Promise<Device | undefined> {
  const verified = await verifyGrant(identity.grant);
  if (!verified) return undefined;
  const { signing, agreement } = identity;
  const own = await Promise.all([signing, agreement].map(({ publicKey }) => exportPublicKey(publicKey)));
  if (own[0] !== verified.grant.Dsig || own[1] !== verified.grant.Dkem) return undefined;
  return new BrokerDevice(identity, verified, ports);
}

class BrokerDevice implements Device {
  readonly grant: Grant;
  readonly #identity: DeviceIdentity;
  readonly #gh: string;
  readonly #line: DeviceLine;
  readonly #voice: (() => AskVoice) | undefined;

  constructor(identity: DeviceIdentity, verified: VerifiedGrant, ports: DevicePorts) {
    this.#identity = identity;
    this.grant = verified.grant;
    this.#gh = verified.gh;
    this.#line = new DeviceLine(verified, identity.signing.privateKey, ports);
    this.#voice = ports.voice;
  }

  /** [PO2] The grant alone says in which mode a role is served. One it denies is asked for all the same: who signed it refuses. */
  async credentials(want: Want): Promise<Result<RoleCredentials, Refusal>> {
    const decision = decide(this.grant, want);
    const mode = decision.access === "allowed" ? decision.mode : this.grant.modes[0]!;
    const asks = decision.access === "allowed" && decision.asks;
    const voice = asks ? this.#voice?.() : undefined;
    if (asks && !this.#mayAsk(voice)) return err({ code: "needs-approval" });
    const prepared = await this.#prepare(want, mode, voice);
    if (!prepared.ok) return prepared;
    return this.#line.corrected(() =>
      mode === "relay" ? this.#relay(prepared.value) : this.#sealed(prepared.value),
    );
  }

  async session(): Promise<Result<{ endsAtMs: EpochMs }, Refusal>> {
    const held = await this.#line.corrected(async () => this.#takeEnvelope(await this.#line.look()));
    return held.ok ? ok({ endsAtMs: toMs(held.value.envelope.exp) }) : held;
  }

  browser(): Promise<Result<{ online: boolean }, Refusal>> {
    return this.#line.corrected(async () => this.#call(presence, {}, await this.#line.look()));
  }

  async audit(after: number, limit: number): Promise<Result<AuditPageSeen, Refusal>> {
    const keyset = await this.#line.keyset();
    if (!keyset.ok) return keyset;
    const page = await this.#line.corrected(async () =>
      this.#call(readAudit, { after, limit }, await this.#line.look()),
    );
    if (!page.ok) return page;
    const head = await verifyAuditHead(page.value.head, keyset.value.Bsig);
    const { uid, bid } = this.grant;
    if (!head || head.uid !== uid || head.bid !== bid) return err({ code: "answer-refused" });
    return ok({ from: page.value.from, lines: page.value.lines, head });
  }

  async leave(): Promise<Result<null, Refusal>> {
    const done = await this.#line.corrected(async () => this.#call(leave, {}, await this.#line.look()));
    return done.ok ? ok(null) : done;
  }

  /** Every request of a device brings its grant along. */
  #call<Req extends v.GenericSchema, Res extends v.GenericSchema>(
    endpoint: Endpoint<Req, Res>,
    more: object,
    look: Look,
  ): Promise<Result<v.InferOutput<Res>, Refusal>> {
    const encoded = encodeBody({ grant: this.#identity.grant, ...more });
    return callBroker(this.#line.ports, endpoint, { encoded }, this.#line.signer(look));
  }

  /** [AS5] Where nobody sees the number, asking needs the user's word in the grant. */
  #mayAsk(voice: AskVoice | undefined): boolean {
    return voice !== undefined && (voice.interactive || this.grant.policy.unattended);
  }

  async #prepare(want: Want, mode: Mode, voice: AskVoice | undefined): Promise<Result<Prepared, Refusal>> {
    const responseKeys = await generateKeys("agree");
    const rpk = await exportPublicKey(responseKeys.publicKey);
    const asked = voice && { voice, ask: newAsking(voice) };
    const prepared = { want, responseKeys, rpk, asked, approval: null };
    if (!asked || mode === "relay") return ok(prepared);
    const approved = await this.#line.corrected(() => this.#approval(want, rpk, asked));
    return approved.ok ? ok({ ...prepared, approval: approved.value.approval }) : approved;
  }

  async #approval(want: Want, rpk: string, asked: Asked): Promise<Result<{ approval: string }, Refusal>> {
    const request: ApprovalRequest = { rh: await digest(rpk), ...want, ask: asked.ask };
    const encoded = await this.#bodyToExtension("ask", request);
    return this.#whileAsked(want, asked, async () =>
      callBroker(this.#patient, requestApproval, { encoded }, this.#line.signer(await this.#line.look())),
    );
  }

  async #relay(prepared: Prepared): Promise<Result<RoleCredentials, Refusal>> {
    const { want, rpk, asked } = prepared;
    const keyset = await this.#line.keyset();
    if (!keyset.ok) return keyset;
    const request: RelayRequest = { rpk, ...want, ask: asked?.ask ?? null };
    const encoded = await this.#bodyToExtension("relay", request);
    const look = await this.#line.look();
    const answer = await this.#whileAsked(want, asked, () =>
      callBroker(this.#patient, requestRelay, { encoded }, this.#line.signer(look)),
    );
    return answer.ok
      ? this.#accept(prepared, "relay", encoded, answer.value, keyset.value, look.seen)
      : answer;
  }

  /** The body of a request that the extension answers: the grant in the clear, the rest sealed to the extension. */
  async #bodyToExtension(purpose: "relay" | "ask", request: RelayRequest | ApprovalRequest): Promise<string> {
    const { bid, Ekem, uid, did } = this.grant;
    const key = await importPublicKey("agree", Ekem);
    if (!key) throw new TypeError("a verified grant has keys that can be read");
    const context = extensionContext({ uid, did, gh: this.#gh });
    const box = await seal(key, { purpose, bid, context }, utf8(JSON.stringify(request)));
    return encodeBody({ grant: this.#identity.grant, box });
  }

  /** Asking takes as long as a person needs. */
  get #patient(): LinePorts {
    return { ...this.#line.ports, timeoutMs: toMs(ASKED_ANSWER_SECONDS + 5) };
  }

  async #whileAsked<T>(
    want: Want,
    asked: Asked | undefined,
    work: () => Promise<Result<T, Refusal>>,
  ): Promise<Result<T, Refusal>> {
    if (!asked) return work();
    const { now } = this.#line.ports;
    const until = now() + toMs(ASK_SECONDS);
    asked.voice.show(asked.ask.num, want, until);
    try {
      return await untilBack(work, () => asked.ask.interactive && now() < until);
    } finally {
      asked.voice.done();
    }
  }

  async #sealed(prepared: Prepared): Promise<Result<RoleCredentials, Refusal>> {
    const keyset = await this.#line.keyset();
    if (!keyset.ok) return keyset;
    const look = await this.#line.look();
    const held = await this.#takeEnvelope(look);
    if (!held.ok) return held;
    const epoch = newestEpoch(keyset.value);
    const brokerKey = epoch && (await importPublicKey("agree", epoch.pk));
    if (!brokerKey) return err({ code: "answer-refused" });

    const request: CredentialRequest = {
      grant: this.#identity.grant,
      envelope: held.value.jws,
      inner: held.value.inner,
      rpk: prepared.rpk,
      ...prepared.want,
      mode: "sealed",
      approval: prepared.approval,
    };
    const { bid, uid } = this.grant;
    const at = { purpose: "req", bid, context: requestContext(uid, requestCredentials.path) } as const;
    const box = await seal(brokerKey, at, utf8(JSON.stringify(request)));
    const encoded = encodeBody({ kid: epoch.kid, box });
    const answer = await callBroker(
      this.#line.ports,
      requestCredentials,
      { encoded },
      this.#line.signer(look),
    );
    return answer.ok
      ? this.#accept(prepared, "sealed", encoded, answer.value, keyset.value, look.seen)
      : answer;
  }

  async #accept(
    { want, responseKeys }: Prepared,
    mode: Mode,
    encoded: string,
    answer: { box: Sealed; signature: string; state: string },
    { Bsig }: Keyset,
    seen: Seen,
  ): Promise<Result<RoleCredentials, Refusal>> {
    const bd = await digest(encoded);
    const accepted = await acceptAnswer(
      { grant: this.grant, want, mode, bd, responseKeys, Bsig, seen },
      answer,
    );
    if (!accepted.ok) return accepted;
    await this.#line.ports.saveSeen(accepted.value.seen, seen);
    return ok(accepted.value.credentials);
  }

  async #takeEnvelope(look: Look): Promise<Result<HeldEnvelope, Refusal>> {
    const answer = await this.#call(takeEnvelope, {}, look);
    if (!answer.ok) return answer;
    const { agreement } = this.#identity;
    const held = await openEnvelope(answer.value, { grant: this.grant, gh: this.#gh, agreement });
    return held ? ok(held) : err({ code: "answer-refused" });
  }
}
