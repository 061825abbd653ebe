import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { base64url, fromBase64url } from "@jcfetch/shared/crypto/encoding";
import { brokerIdOf, exportPublicKey, generateKeys, type KeyUse } from "@jcfetch/shared/crypto/keys";
import type { BrokerId } from "@jcfetch/shared/domain/ids";
import { encodeEnrolmentCode } from "@jcfetch/shared/protocol/enrolment";
import { Secret } from "@jcfetch/shared/secret";
import { type EpochMs, toSeconds } from "@jcfetch/shared/time";
import { makeEnrolmentToken } from "../broker/enrolment-token.ts";
import { SECRET_NAMES, type SecretName } from "./config.ts";

/** A broker's secrets as the Worker takes them: two private keys as JWK text, and 32 bytes in base64url. */
export type BrokerSecrets = Readonly<Record<SecretName, Secret<string>>>;

const ENROLMENT_KEY_BYTES = 32;

export async function generateSecrets(): Promise<BrokerSecrets> {
  const jwk = async (use: KeyUse): Promise<Secret<string>> => {
    const { privateKey } = await generateKeys(use, true);
    return new Secret(JSON.stringify(await crypto.subtle.exportKey("jwk", privateKey)));
  };
  return {
    BROKER_SIGNING_KEY: await jwk("sign"),
    BROKER_SEALING_KEY: await jwk("agree"),
    ENROLMENT_KEY: new Secret(base64url(crypto.getRandomValues(new Uint8Array(ENROLMENT_KEY_BYTES)))),
  };
}

/** Read the secrets of a broker, or make them at its first start. The file is its owner's alone. */
export async function loadOrMakeSecrets(file: string): Promise<BrokerSecrets> {
  if (existsSync(file)) {
    const kept = JSON.parse(await readFile(file, "utf8")) as Record<SecretName, string>;
    const read = (name: SecretName) => new Secret(kept[name]);
    return {
      BROKER_SIGNING_KEY: read("BROKER_SIGNING_KEY"),
      BROKER_SEALING_KEY: read("BROKER_SEALING_KEY"),
      ENROLMENT_KEY: read("ENROLMENT_KEY"),
    };
  }
  const secrets = await generateSecrets();
  const plain = Object.fromEntries(SECRET_NAMES.map((name) => [name, secrets[name].reveal()]));
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, JSON.stringify(plain), { mode: 0o600, flag: "wx" });
  return secrets;
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

/** [EN1] A code for one extension, made where the secrets are; the broker need not even run. */
export async function newEnrolmentCode(secrets: BrokerSecrets, url: string, nowMs: EpochMs): Promise<string> {
  const key = new Secret<Uint8Array>(fromBase64url(secrets.ENROLMENT_KEY.reveal())!);
  const token = await makeEnrolmentToken(key, toSeconds(nowMs));
  return encodeEnrolmentCode({ bid: await brokerIdFrom(secrets), url, token });
}
