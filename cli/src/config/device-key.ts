import { rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { generateKeys, importKeyPair } from "@jcfetch/shared/crypto/keys";
import type { DeviceIdentity } from "@jcfetch/shared/device";
import { brokerAddress } from "@jcfetch/shared/protocol/enrolment";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { cannotWrite, errnoOf } from "./files.ts";
import { isPrivate, prepareFolder } from "./folder.ts";
import { devicePath, ownFolder } from "./paths.ts";
import { readIfThere, writeWhole } from "./replace-file.ts";

/*
 * The keys of this terminal, and the grant they were given. With them somebody can ask the broker in this terminal's name
 * until it is removed in the extension; no token and no credential is in them. A keyring is a better place where there is
 * one; the file is what works on every host.
 */

interface PrivateKey {
  readonly kty: "EC";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
  readonly d: string;
}

interface DeviceFile {
  readonly v: 1;
  /** Where the broker is; the pairing code carried it. */
  readonly url: string;
  readonly signing: PrivateKey;
  readonly agreement: PrivateKey;
  readonly grant: string;
}

export interface StoredDevice {
  readonly identity: DeviceIdentity;
  readonly url: string;
}

export interface NewKeys {
  readonly signing: CryptoKeyPair;
  readonly agreement: CryptoKeyPair;
}

/** Extractable, because they are written to the file once; what is read from the file is not. */
export async function newKeys(): Promise<NewKeys> {
  const [signing, agreement] = await Promise.all([generateKeys("sign", true), generateKeys("agree", true)]);
  return { signing, agreement };
}

/** @errors `not-paired`, `device-exposed` (others can read it), `device-damaged`. */
export async function readDevice(host: Host): Promise<Result<StoredDevice, Failure>> {
  const path = devicePath(host);
  for (const place of [ownFolder(host), path]) {
    const secured = await isPrivate(host, place);
    if (!secured.ok) return secured;
    if (!secured.value) return err(notPaired);
  }
  const bytes = await readIfThere(path);
  if (!bytes.ok) return bytes;
  const stored = parseJson(bytes.value?.toString("utf8") ?? "");
  if (!isDeviceFile(stored)) return err(damaged(host));
  const { signing, agreement, grant, url } = stored;
  try {
    const keys = [importKeyPair("sign", signing), importKeyPair("agree", agreement)] as const;
    const [signingPair, agreementPair] = await Promise.all(keys);
    return ok({ identity: { signing: signingPair, agreement: agreementPair, grant }, url });
  } catch {
    return err(damaged(host)); // no points of the curve
  }
}

/** Whether `jcfetch pair` has been here, without a look at what it left. */
export async function isPaired(host: Host): Promise<boolean> {
  const bytes = await readIfThere(devicePath(host));
  return bytes.ok && bytes.value !== undefined;
}

export async function writeDevice(
  host: Host,
  keys: NewKeys,
  paired: { readonly grant: string; readonly url: string },
): Promise<Result<null, Failure>> {
  const prepared = await prepareFolder(ownFolder(host));
  if (!prepared.ok) return prepared;
  const [signing, agreement] = await Promise.all([exported(keys.signing), exported(keys.agreement)]);
  const file: DeviceFile = { v: 1, ...paired, signing, agreement };
  const text = JSON.stringify(file);
  const written = await writeWhole(devicePath(host), Buffer.from(text), { mode: 0o600 });
  return written.ok ? ok(null) : written;
}

async function exported({ privateKey }: CryptoKeyPair): Promise<PrivateKey> {
  const { x, y, d } = await crypto.subtle.exportKey("jwk", privateKey);
  return { kty: "EC", crv: "P-256", x: x!, y: y!, d: d! };
}

/** Remove all we keep: keys first, so that what fails later leaves nothing that could be used. */
export async function removeDevice(host: Host): Promise<Result<null, Failure>> {
  const folder = ownFolder(host);
  try {
    for (const name of [
      "device.json",
      "keyset.jws",
      "counter",
      "counter.lock",
      "seen.json",
      "seen.json.lock",
      "recent.json",
    ]) {
      await rm(join(folder, name), { force: true });
    }
  } catch (error) {
    return err(cannotWrite(folder, errnoOf(error)));
  }
  // Only ever an empty folder: what somebody else put there is theirs.
  await rmdir(folder).catch(() => undefined);
  return ok(null);
}

function isDeviceFile(value: unknown): value is DeviceFile {
  const { v, url, signing, agreement, grant } = (value ?? {}) as Partial<Record<keyof DeviceFile, unknown>>;
  return (
    v === 1 &&
    typeof url === "string" &&
    brokerAddress(url) !== undefined &&
    typeof grant === "string" &&
    [signing, agreement].every(isPrivateKey)
  );
}

function isPrivateKey(value: unknown): value is PrivateKey {
  const { kty, crv, x, y, d } = (value ?? {}) as Partial<Record<keyof PrivateKey, unknown>>;
  const isCoordinate = (text: unknown): boolean => typeof text === "string" && /^[\w-]{43}$/.test(text);
  return kty === "EC" && crv === "P-256" && [x, y, d].every(isCoordinate);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const notPaired = fail(
  "not-paired",
  "this terminal is not paired yet",
  "on the computer of your browser: jcfetch setup; elsewhere: the extension, Terminals, Pair a terminal, then jcfetch pair",
);

export const damaged = (host: Host): Failure =>
  fail(
    "device-damaged",
    `${devicePath(host)} is damaged`,
    "pair again: jcfetch pair; and remove the old terminal in the extension",
  );
