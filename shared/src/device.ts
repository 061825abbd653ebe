import * as v from "valibot";
import { type BrokerPorts, callBroker, encodeBody, type Signer } from "./client.ts";
import { digest, fromUtf8, utf8 } from "./crypto/encoding.ts";
import { exportPublicKey, generateKeys, importPublicKey } from "./crypto/keys.ts";
import { open, Sealed, seal } from "./crypto/seal.ts";
import { signDocument } from "./crypto/sign.ts";
import type { AccountId, RoleName } from "./domain/ids.ts";
import type { RoleCredentials } from "./domain/role-credentials.ts";
import { answerContext, outerContext, requestContext } from "./protocol/contexts.ts";
import { CredentialAnswer, type CredentialRequest } from "./protocol/credentials.ts";
import type { Envelope, Keyset } from "./protocol/documents.ts";
import { keys, leave, requestCredentials, takeEnvelope } from "./protocol/endpoints.ts";
import type { Refusal } from "./protocol/errors.ts";
import {
  type VerifiedGrant,
  verifyEnvelope,
  verifyGrant,
  verifyKeyset,
  verifyResponse,
} from "./protocol/verify.ts";
import { HEADERS, MAX_CLOCK_CORRECTION_SECONDS } from "./protocol/version.ts";
import { err, ok, type Result } from "./result.ts";
import { Secret } from "./secret.ts";
import { type Clock, toMs, toSeconds } from "./time.ts";

/** What pairing left with a device. The private keys need not be extractable. */
export interface DeviceIdentity {
  readonly signing: CryptoKeyPair;
  readonly agreement: CryptoKeyPair;
  /** The grant, as signed by the extension. */
  readonly grant: string;
}

export interface DevicePorts extends BrokerPorts {
  readonly now: Clock;
  /** A number never given before on this device; the broker keeps a window of 64 behind the highest. */
  readonly nextCounter: () => Promise<number>;
  /** The signed keyset of an earlier call, if it was kept; public, and verified before use. */
  readonly loadKeyset?: () => Promise<string | undefined>;
  readonly saveKeyset?: (jws: string) => Promise<void>;
}

export interface HeldEnvelope {
  readonly envelope: Envelope;
  readonly jws: string;
  readonly inner: Sealed;
}

export interface Device {
  readonly grant: VerifiedGrant["grant"];
  /** Ask for role credentials: at most one correction of each kind (keys, clock, envelope), never a second guess at AWS. */
  credentials(want: { account: AccountId; role: RoleName }): Promise<Result<RoleCredentials, Refusal>>;
  /** The envelope that waits for this device: proves that a portal session is there, and until when. */
  session(): Promise<Result<{ endsAtMs: number }, Refusal>>;
  leave(): Promise<Result<null, Refusal>>;
}

/** Corrections that one call may need before its answer counts. */
const MAX_ATTEMPTS = 8;

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
  readonly grant: VerifiedGrant["grant"];
  readonly #identity: DeviceIdentity;
  readonly #gh: string;
  readonly #ports: DevicePorts;
  #keyset: Keyset | undefined;
  #clockOffsetSeconds = 0;

  constructor(identity: DeviceIdentity, { grant, gh }: VerifiedGrant, ports: DevicePorts) {
    this.#identity = identity;
    this.grant = grant;
    this.#gh = gh;
    this.#ports = ports;
  }

  async credentials(want: { account: AccountId; role: RoleName }): Promise<Result<RoleCredentials, Refusal>> {
    return this.#corrected(async () => {
      const keyset = await this.#keysetNow();
      if (!keyset.ok) return keyset;
      const held = await this.#takeEnvelope();
      return held.ok ? this.#ask(want, held.value, keyset.value) : held;
    });
  }

  async session(): Promise<Result<{ endsAtMs: number }, Refusal>> {
    const held = await this.#corrected(() => this.#takeEnvelope());
    return held.ok ? ok({ endsAtMs: toMs(held.value.envelope.exp) }) : held;
  }

  async leave(): Promise<Result<null, Refusal>> {
    const done = await this.#corrected(() =>
      callBroker(this.#ports, leave, { grant: this.#identity.grant }, this.#sign),
    );
    return done.ok ? ok(null) : done;
  }

  /** [PF4] Repeat with the one thing mended that the broker named; give up when the same name comes back. */
  async #corrected<T>(attempt: () => Promise<Result<T, Refusal>>): Promise<Result<T, Refusal>> {
    const mended = new Set<string>();
    for (let i = 0; ; i++) {
      const answer = await attempt();
      if (answer.ok || i === MAX_ATTEMPTS) return answer;
      const { code } = answer.error;
      if (code !== "replay" && mended.has(code)) return answer;
      if (!(await this.#mend(code))) return answer;
      mended.add(code);
    }
  }

  async #mend(code: string): Promise<boolean> {
    if (code === "replay" || code === "envelope-stale") return true; // the next attempt takes new ones
    if (code === "epoch-unknown") return (await this.#fetchKeyset()).ok;
    return code === "clock-skew" ? this.#correctClock() : false;
  }

  async #correctClock(): Promise<boolean> {
    const fresh = await this.#fetchKeyset();
    if (!fresh.ok) return false;
    const offset = fresh.value.time - toSeconds(this.#ports.now());
    if (Math.abs(offset) > MAX_CLOCK_CORRECTION_SECONDS) return false;
    this.#clockOffsetSeconds = offset;
    return true;
  }

  get #nowSeconds(): number {
    return toSeconds(this.#ports.now()) + this.#clockOffsetSeconds;
  }

  async #keysetNow(): Promise<Result<Keyset, Refusal>> {
    if (this.#keyset && this.#currentEpoch(this.#keyset)) return ok(this.#keyset);
    const kept = await this.#ports.loadKeyset?.();
    const keyset = kept && (await verifyKeyset(kept, this.grant.bid));
    if (!keyset || !this.#currentEpoch(keyset)) return this.#fetchKeyset();
    this.#keyset = keyset;
    return ok(keyset);
  }

  async #fetchKeyset(): Promise<Result<Keyset, Refusal>> {
    const answer = await callBroker(this.#ports, keys, {});
    if (!answer.ok) return answer;
    const keyset = await verifyKeyset(answer.value.keyset, this.grant.bid);
    if (!keyset) return err({ code: "answer-refused" });
    if (keyset.minv > 1 || keyset.maxv < this.grant.minv) return err({ code: "version" });
    this.#keyset = keyset;
    await this.#ports.saveKeyset?.(answer.value.keyset);
    return ok(keyset);
  }

  #currentEpoch(keyset: Keyset): Keyset["epochs"][number] | undefined {
    return keyset.epochs.find(({ nbf, exp }) => nbf <= this.#nowSeconds && this.#nowSeconds < exp);
  }

  readonly #sign: Signer = async (path, bd) => {
    const proof = {
      v: 1,
      htm: "POST",
      p: path,
      bid: this.grant.bid,
      gh: this.#gh,
      bd,
      iat: this.#nowSeconds,
      ctr: await this.#ports.nextCounter(),
    };
    return {
      [HEADERS.user]: this.grant.uid,
      [HEADERS.proof]: await signDocument("jc-proof+jwt", proof, this.#identity.signing.privateKey),
    };
  };

  /** [EV3] Take the envelope and its outer lock off. Everything is checked against the grant this device holds. */
  async #takeEnvelope(): Promise<Result<HeldEnvelope, Refusal>> {
    const answer = await callBroker(this.#ports, takeEnvelope, { grant: this.#identity.grant }, this.#sign);
    if (!answer.ok) return answer;
    const { envelope: jws, outer } = answer.value;
    const envelope = await verifyEnvelope(jws, this.grant.Esig);
    if (!envelope || !this.#isMine(envelope)) return err({ code: "answer-refused" });
    if ((await digest(outer.e + outer.c)) !== envelope.oh) return err({ code: "answer-refused" });

    const at = { purpose: "env-outer", bid: this.grant.bid, context: outerContext(envelope) } as const;
    const opened = await open(this.#identity.agreement, at, outer);
    const inner = opened && parseSealed(opened);
    if (!inner || (await digest(inner.e + inner.c)) !== envelope.ih) return err({ code: "answer-refused" });
    return ok({ envelope, jws, inner });
  }

  #isMine(envelope: Envelope): boolean {
    const { uid, did, bid } = this.grant;
    return envelope.uid === uid && envelope.did === did && envelope.bid === bid && envelope.gh === this.#gh;
  }

  async #ask(
    want: { account: AccountId; role: RoleName },
    held: HeldEnvelope,
    keyset: Keyset,
  ): Promise<Result<RoleCredentials, Refusal>> {
    const epoch = this.#currentEpoch(keyset);
    const brokerKey = epoch && (await importPublicKey("agree", epoch.pk));
    if (!brokerKey) return err({ code: "answer-refused" });

    const responseKeys = await generateKeys("agree");
    const request: CredentialRequest = {
      grant: this.#identity.grant,
      envelope: held.jws,
      inner: held.inner,
      rpk: await exportPublicKey(responseKeys.publicKey),
      ...want,
      mode: "sealed",
    };
    const at = {
      purpose: "req",
      bid: this.grant.bid,
      context: requestContext(this.grant.uid, requestCredentials.path),
    } as const;
    const box = await seal(brokerKey, at, utf8(JSON.stringify(request)));
    const encoded = encodeBody({ kid: epoch.kid, box });

    const answer = await callBroker(this.#ports, requestCredentials, { encoded }, this.#sign);
    if (!answer.ok) return answer;
    return this.#accept(want, await digest(encoded), answer.value, responseKeys, keyset);
  }

  /** [CR6] An answer counts only if the pinned broker signed it for this very request and it opens with its key. */
  async #accept(
    want: { account: AccountId; role: RoleName },
    bd: string,
    answer: { box: Sealed; signature: string },
    responseKeys: CryptoKeyPair,
    keyset: Keyset,
  ): Promise<Result<RoleCredentials, Refusal>> {
    const refused = err({ code: "answer-refused" } as const);
    const signed = await verifyResponse(answer.signature, keyset.Bsig);
    if (!signed || signed.bd !== bd || signed.mode !== "sealed") return refused;
    if ((await digest(`${answer.box.e}.${answer.box.c}`)) !== signed.h) return refused;

    const at = { purpose: "res", bid: this.grant.bid, context: answerContext(bd, "sealed") } as const;
    const opened = await open(responseKeys, at, answer.box);
    const parsed = v.safeParse(CredentialAnswer, opened && parseJson(opened));
    if (!parsed.success) return refused;
    const { credentials, account, role } = parsed.output;
    if (account !== want.account || role !== want.role) return refused;
    return ok({
      accessKeyId: credentials.accessKeyId,
      secretAccessKey: new Secret(credentials.secretAccessKey),
      sessionToken: new Secret(credentials.sessionToken),
      expiresAtMs: credentials.expiration,
    });
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(fromUtf8(bytes));
  } catch {
    return undefined;
  }
}

function parseSealed(bytes: Uint8Array): Sealed | undefined {
  const parsed = v.safeParse(Sealed, parseJson(bytes));
  return parsed.success ? parsed.output : undefined;
}
