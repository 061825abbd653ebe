import { base64url, fromBase64url } from "@jcfetch/shared/crypto/encoding";
import { brokerIdOf, exportPublicKey, generateKeys } from "@jcfetch/shared/crypto/keys";
import type { BrokerId } from "@jcfetch/shared/domain/ids";
import { encodeEnrolmentCode } from "@jcfetch/shared/protocol/enrolment";
import { Secret } from "@jcfetch/shared/secret";
import { type EpochMs, toSeconds } from "@jcfetch/shared/time";
import { makeEnrolmentToken } from "../broker/enrolment-token.ts";
import { mintMailboxId } from "../broker/marks.ts";
import { SECRET_NAMES, type SecretName } from "./config.ts";

/** A broker's secrets as the Worker takes them: a private key as JWK text, and twice 32 bytes in base64url. */
export type BrokerSecrets = Readonly<Record<SecretName, Secret<string>>>;

const SYMMETRIC_KEY_BYTES = 32;

export async function generateSecrets(): Promise<BrokerSecrets> {
  const { privateKey } = await generateKeys("sign", true);
  const symmetric = (): Secret<string> =>
    new Secret(base64url(crypto.getRandomValues(new Uint8Array(SYMMETRIC_KEY_BYTES))));
  return {
    BROKER_SIGNING_KEY: new Secret(JSON.stringify(await crypto.subtle.exportKey("jwk", privateKey))),
    BROKER_ROOT_KEY: symmetric(),
    ENROLMENT_KEY: symmetric(),
  };
}

/** For the place where they are kept. */
export const secretsText = (secrets: BrokerSecrets): string =>
  JSON.stringify(Object.fromEntries(SECRET_NAMES.map((name) => [name, secrets[name].reveal()])));

/** @returns `undefined` for text that does not hold every secret. */
export function parseSecrets(text: string): BrokerSecrets | undefined {
  try {
    const kept = JSON.parse(text) as Partial<Record<SecretName, unknown>>;
    const secrets = SECRET_NAMES.flatMap((name) => {
      const value = kept[name];
      return typeof value === "string" && value !== "" ? [[name, new Secret(value)] as const] : [];
    });
    return secrets.length === SECRET_NAMES.length
      ? (Object.fromEntries(secrets) as BrokerSecrets)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The name that everybody pins. */
export async function brokerIdFrom(secrets: BrokerSecrets): Promise<BrokerId> {
  const { kty, crv, x, y } = JSON.parse(secrets.BROKER_SIGNING_KEY.reveal()) as JsonWebKey;
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const key = await crypto.subtle.importKey("jwk", { kty, crv, x, y } as JsonWebKey, algorithm, true, [
    "verify",
  ]);
  return brokerIdOf(await exportPublicKey(key));
}

const enrolmentKey = (secrets: BrokerSecrets): Secret<Uint8Array> =>
  new Secret<Uint8Array>(fromBase64url(secrets.ENROLMENT_KEY.reveal())!);

export const newEnrolmentToken = (secrets: BrokerSecrets, nowMs: EpochMs): Promise<string> =>
  makeEnrolmentToken(enrolmentKey(secrets), toSeconds(nowMs));

/** [EN1] A code for one extension, made where the secrets are; the broker need not even run. */
export async function newEnrolmentCode(secrets: BrokerSecrets, url: string, nowMs: EpochMs): Promise<string> {
  const token = await newEnrolmentToken(secrets, nowMs);
  return encodeEnrolmentCode({ bid: await brokerIdFrom(secrets), url, token });
}

/** [ST2] A mailbox that exists only as a name: the extension that is shown the name opens it. */
export const newMailboxId = (secrets: BrokerSecrets): Promise<string> => mintMailboxId(enrolmentKey(secrets));
