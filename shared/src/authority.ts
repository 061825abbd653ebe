import type * as v from "valibot";
import { type BrokerPorts, callBroker, type Signer } from "./client.ts";
import { digest, utf8 } from "./crypto/encoding.ts";
import { exportPublicKey, importPublicKey, userIdOf } from "./crypto/keys.ts";
import { seal } from "./crypto/seal.ts";
import { signDocument } from "./crypto/sign.ts";
import type { BrokerId, DeviceId, UserId } from "./domain/ids.ts";
import type { Region } from "./domain/portal.ts";
import { innerContext, outerContext, requestContext } from "./protocol/contexts.ts";
import type { Envelope, ExtensionProof, Grant, Keyset, Revocations } from "./protocol/documents.ts";
import {
  depositEnvelope,
  type Endpoint,
  type EnrolmentRequest,
  enrol,
  keys,
  readActivity,
} from "./protocol/endpoints.ts";
import { isTimely, newestEpoch } from "./protocol/epochs.ts";
import type { Refusal } from "./protocol/errors.ts";
import type { MembershipRequest } from "./protocol/membership.ts";
import type { Mode } from "./protocol/modes.ts";
import type { Policy } from "./protocol/policy.ts";
import { HELLO_PREFIX, SOCKET_PATH, SOCKET_PROTOCOL } from "./protocol/relay.ts";
import { verifyAuditHead, verifyGrant, verifyKeyset } from "./protocol/verify.ts";
import { HEADERS, MAX_ENVELOPE_SECONDS } from "./protocol/version.ts";
import { err, ok, type Result } from "./result.ts";
import type { Secret } from "./secret.ts";
import { type Clock, type EpochSeconds, toSeconds } from "./time.ts";

/** The extension's keys at one broker. Only a signature by `signing` adds or removes a device. */
export interface AuthorityIdentity {
  readonly signing: CryptoKeyPair;
  readonly agreement: CryptoKeyPair;
  readonly bid: BrokerId;
  /** The broker's mark from enrolment; absent before. */
  readonly member?: string;
}

export interface AuthorityPorts extends BrokerPorts {
  readonly now: Clock;
  /** A number never given before by this extension to this broker. */
  readonly nextCounter: () => Promise<number>;
}

/** A device that has proved its keys in pairing. */
export interface DeviceKeys {
  readonly did: DeviceId;
  readonly Dsig: string;
  readonly Dkem: string;
}

export interface GrantTerms {
  readonly name: string;
  readonly modes: readonly Mode[];
  readonly policy: Policy;
  readonly expiresAt: EpochSeconds;
}

export type RevocationTerms = Pick<Revocations, "rl" | "dids" | "locked" | "lock">;

export interface Authority {
  readonly uid: UserId;
  /** Call any extension endpoint, signed. */
  call<Req extends v.GenericSchema, Res extends v.GenericSchema>(
    endpoint: Endpoint<Req, Res>,
    body: v.InferInput<Req>,
  ): Promise<Result<v.InferOutput<Res>, Refusal>>;
  /** Become a user of the broker with a one-use code's token. @returns the mark to keep beside the keys. */
  enrol(token: string): Promise<Result<{ member: string }, Refusal>>;
  /** The same as a member of a directory, without a code. The broker sees this token once. */
  join(membership: { token: Secret<string>; region: Region }): Promise<Result<{ member: string }, Refusal>>;
  /** @throws Error before enrolment: a grant without the broker's mark would open nothing. */
  signGrant(device: DeviceKeys, terms: GrantTerms): Promise<string>;
  signRevocations(list: RevocationTerms): Promise<string>;
  /** Number of the revocation list that the broker holds, under its signature: whoever else answers cannot say it. */
  heldRevocations(): Promise<Result<number, Refusal>>;
  /** What time it is, mended if it had to be. */
  now(): EpochSeconds;
  /** [PF3] Set this clock by the signed time of the keyset, by at most ten minutes. */
  mendClock(): Promise<Result<null, Refusal>>;
  /** What opens the socket of relay mode: two subprotocols, the second of which proves who asks, once. [RM1] */
  socketProtocols(): Promise<[string, string]>;
  /**
   * Put the SSO token under two locks for one device and leave it at the broker.
   *
   * @param tokenExpiresAt end of the portal session; the envelope never outlives it, the grant or twelve hours.
   * @param seq must rise with every deposit for this device.
   */
  deposit(
    grant: string,
    token: Secret<string>,
    tokenExpiresAt: EpochSeconds,
    seq: number,
  ): Promise<Result<Envelope, Refusal>>;
}

export async function openAuthority(identity: AuthorityIdentity, ports: AuthorityPorts): Promise<Authority> {
  const Esig = await exportPublicKey(identity.signing.publicKey);
  const Ekem = await exportPublicKey(identity.agreement.publicKey);
  return new BrokerAuthority(identity, { uid: await userIdOf(Esig), Esig, Ekem }, ports);
}

class BrokerAuthority implements Authority {
  readonly uid: UserId;
  readonly #identity: AuthorityIdentity;
  readonly #Esig: string;
  readonly #Ekem: string;
  readonly #ports: AuthorityPorts;
  #clockOffsetSeconds = 0;
  #member: string | undefined;

  constructor(
    identity: AuthorityIdentity,
    own: { uid: UserId; Esig: string; Ekem: string },
    ports: AuthorityPorts,
  ) {
    this.#identity = identity;
    this.uid = own.uid;
    this.#Esig = own.Esig;
    this.#Ekem = own.Ekem;
    this.#ports = ports;
    this.#member = identity.member;
  }

  /** [PF3] One correction of the clock, by the signed time of the keyset, then the same call again. */
  async call<Req extends v.GenericSchema, Res extends v.GenericSchema>(
    endpoint: Endpoint<Req, Res>,
    body: v.InferInput<Req>,
  ): Promise<Result<v.InferOutput<Res>, Refusal>> {
    const first = await callBroker(this.#ports, endpoint, body, this.#sign);
    if (first.ok || first.error.code !== "clock-skew") return first;
    const mended = await this.mendClock();
    return mended.ok ? callBroker(this.#ports, endpoint, body, this.#sign) : mended;
  }

  async mendClock(): Promise<Result<null, Refusal>> {
    const keyset = await this.#keyset();
    if (!keyset.ok) return keyset;
    this.#clockOffsetSeconds = keyset.value.time - toSeconds(this.#ports.now());
    return ok(null);
  }

  now(): EpochSeconds {
    return toSeconds(this.#ports.now()) + this.#clockOffsetSeconds;
  }

  enrol(token: string): Promise<Result<{ member: string }, Refusal>> {
    return this.#enrolWith({ token });
  }

  join({ token, region }: { token: Secret<string>; region: Region }) {
    return this.#enrolWith({ membership: { token: token.reveal(), region } });
  }

  async #enrolWith(
    content: v.InferInput<typeof EnrolmentRequest> | MembershipRequest,
  ): Promise<Result<{ member: string }, Refusal>> {
    const sealed = await this.#sealToBroker(
      "enrol",
      requestContext(this.uid, enrol.path),
      utf8(JSON.stringify(content)),
    );
    if (!sealed.ok) return sealed;
    const done = await this.call(enrol, sealed.value);
    if (!done.ok) return done;
    const { member } = done.value;
    this.#member = member;
    return ok({ member });
  }

  async signGrant(device: DeviceKeys, terms: GrantTerms): Promise<string> {
    if (this.#member === undefined) throw new Error("a grant is signed after enrolment");
    const grant: Grant = {
      v: 1,
      uid: this.uid,
      member: this.#member,
      Esig: this.#Esig,
      Ekem: this.#Ekem,
      did: device.did,
      Dsig: device.Dsig,
      Dkem: device.Dkem,
      bid: this.#identity.bid,
      minv: 1,
      name: terms.name,
      modes: [...terms.modes],
      policy: terms.policy,
      iat: this.now(),
      exp: terms.expiresAt,
    };
    return signDocument("jc-grant+jwt", grant, this.#identity.signing.privateKey);
  }

  signRevocations(list: RevocationTerms): Promise<string> {
    const revocations: Revocations = {
      v: 1,
      uid: this.uid,
      bid: this.#identity.bid,
      iat: this.now(),
      ...list,
    };
    return signDocument("jc-rl+jwt", revocations, this.#identity.signing.privateKey);
  }

  async heldRevocations(): Promise<Result<number, Refusal>> {
    const page = await this.call(readActivity, { after: 0, limit: 1 });
    if (!page.ok) return page;
    const keyset = await this.#keyset();
    if (!keyset.ok) return keyset;
    const head = await verifyAuditHead(page.value.head, keyset.value.Bsig);
    const isOurs = head?.uid === this.uid && head.bid === this.#identity.bid;
    return isOurs ? ok(head.rl) : err({ code: "answer-refused" });
  }

  /** [EV1] Inner lock to the broker's epoch key, outer lock to the device; both bound to the envelope's fields. */
  async deposit(
    grantJws: string,
    token: Secret<string>,
    tokenExpiresAt: EpochSeconds,
    seq: number,
  ): Promise<Result<Envelope, Refusal>> {
    const verified = await verifyGrant(grantJws);
    const deviceKey = verified && (await importPublicKey("agree", verified.grant.Dkem));
    const keyset = await this.#keyset();
    if (!keyset.ok) return keyset;
    const epoch = newestEpoch(keyset.value);
    const epochKey = epoch && (await importPublicKey("agree", epoch.pk));
    if (!verified || !deviceKey || !epochKey) return err({ code: "answer-refused" });

    const { grant, gh } = verified;
    const iat = this.now();
    const { uid, did, bid } = grant;
    const exp = Math.min(tokenExpiresAt, grant.exp, epoch.exp, iat + MAX_ENVELOPE_SECONDS);
    const fields = { v: 1, uid, did, gh, bid, epoch: epoch.kid, seq, iat, exp } as const;
    const secret = utf8(JSON.stringify({ token: token.reveal(), exp: tokenExpiresAt }));
    const inner = await seal(epochKey, { purpose: "env-inner", bid, context: innerContext(fields) }, secret);
    const outer = await seal(
      deviceKey,
      { purpose: "env-outer", bid, context: outerContext(fields) },
      utf8(JSON.stringify(inner)),
    );
    const envelope: Envelope = {
      ...fields,
      ih: await digest(inner.e + inner.c),
      oh: await digest(outer.e + outer.c),
    };
    const jws = await signDocument("jc-env+jwt", envelope, this.#identity.signing.privateKey);
    const done = await this.call(depositEnvelope, { envelope: jws, outer });
    return done.ok ? ok(envelope) : done;
  }

  async #sealToBroker(purpose: "enrol", context: string, plaintext: Uint8Array) {
    const keyset = await this.#keyset();
    if (!keyset.ok) return keyset;
    const epoch = newestEpoch(keyset.value);
    const key = epoch && (await importPublicKey("agree", epoch.pk));
    if (!key) return err({ code: "answer-refused" } as const);
    return ok({
      kid: epoch.kid,
      box: await seal(key, { purpose, bid: this.#identity.bid, context }, plaintext),
    });
  }

  /** Asked each time: a deposit is rare, and a cached keyset could seal to a key that is gone. */
  async #keyset(): Promise<Result<Keyset, Refusal>> {
    const answer = await callBroker(this.#ports, keys, {});
    if (!answer.ok) return answer;
    const keyset = await verifyKeyset(answer.value.keyset, this.#identity.bid);
    if (!keyset) return err({ code: "answer-refused" });
    return isTimely(keyset, toSeconds(this.#ports.now())) ? ok(keyset) : err({ code: "clock-skew" });
  }

  async socketProtocols(): Promise<[string, string]> {
    const hello = await this.#prove("GET", SOCKET_PATH, await digest(""));
    return [SOCKET_PROTOCOL, HELLO_PREFIX + hello];
  }

  readonly #sign: Signer = async (path, bd) => ({
    [HEADERS.user]: this.uid,
    [HEADERS.proof]: await this.#prove("POST", path, bd),
  });

  async #prove(htm: "POST" | "GET", path: string, bd: string): Promise<string> {
    const proof: ExtensionProof = {
      v: 1,
      htm,
      p: path,
      bid: this.#identity.bid,
      uid: this.uid,
      Esig: this.#Esig,
      ...(this.#member === undefined ? {} : { member: this.#member }),
      bd,
      iat: this.now(),
      ctr: await this.#ports.nextCounter(),
    };
    return signDocument("jc-ext+jwt", proof, this.#identity.signing.privateKey);
  }
}
