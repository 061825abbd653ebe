import { rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { base64url, fromBase64url } from "@jcfetch/shared/crypto/encoding";
import { generateKeys, importKeyPair } from "@jcfetch/shared/crypto/keys";
import type { DeviceIdentity } from "@jcfetch/shared/device";
import { brokerAddress } from "@jcfetch/shared/protocol/enrolment";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { parseJson } from "../json.ts";
import { noKeyring } from "../no-keyring.ts";
import { cannotWrite, errnoOf } from "./files.ts";
import { isPrivate, prepareFolder } from "./folder.ts";
import { devicePath, ownFolder } from "./paths.ts";
import { readIfThere, writeWhole } from "./replace-file.ts";
import type { Sealing } from "./sealing.ts";

/*
 * The keys of this terminal, and the grant they were given. With them somebody can ask the broker in this terminal's name
 * until it is removed in the extension; no token and no credential is in them. They lie in the file as they are, which works
 * on every host, or sealed under a key of the system's keyring, if the person has asked for it [CL8].
 */

interface PrivateKey {
  readonly kty: "EC";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
  readonly d: string;
}

interface PrivateKeys {
  readonly signing: PrivateKey;
  readonly agreement: PrivateKey;
}

type DeviceFile = {
  readonly v: 1;
  /** Where the broker is; the pairing code carried it. */
  readonly url: string;
  readonly grant: string;
} & (PrivateKeys | { /** Base64url of the keys as JSON. */ readonly sealed: string });

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

/** @errors `not-paired`, `device-exposed` (others can read it), `device-damaged`, `no-keyring`. */
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
  const { grant, url } = stored;
  const keys = "sealed" in stored ? await unseal(host, stored.sealed) : ok(stored);
  if (!keys.ok) return keys;
  try {
    const [signing, agreement] = await Promise.all([
      importKeyPair("sign", keys.value.signing),
      importKeyPair("agree", keys.value.agreement),
    ]);
    return ok({ identity: { signing, agreement, grant }, url });
  } catch {
    return err(damaged(host)); // no points of the curve
  }
}

/** Whether `jcfetch pair` has been here, without a look at what it left. */
export async function isPaired(host: Host): Promise<boolean> {
  const bytes = await readIfThere(devicePath(host));
  return bytes.ok && bytes.value !== undefined;
}

/** @param sealing where the keyring is to keep them. */
export async function writeDevice(
  host: Host,
  keys: NewKeys,
  paired: { readonly grant: string; readonly url: string },
  sealing?: Sealing,
): Promise<Result<null, Failure>> {
  const prepared = await prepareFolder(ownFolder(host));
  if (!prepared.ok) return prepared;
  const [signing, agreement] = await Promise.all([exported(keys.signing), exported(keys.agreement)]);
  const open: PrivateKeys = { signing, agreement };
  const kept = sealing ? { sealed: base64url(await sealing.seal(JSON.stringify(open))) } : open;
  const file: DeviceFile = { v: 1, ...paired, ...kept };
  const text = JSON.stringify(file);
  const written = await writeWhole(devicePath(host), Buffer.from(text), { mode: 0o600 });
  return written.ok ? ok(null) : written;
}

/** [CL8] Asked for before a person has gone to the trouble of a pairing. @errors `no-keyring`. */
export async function deviceSealing(host: Host): Promise<Result<Sealing, Failure>> {
  const { keyringBeside, openSealing } = await import("./sealing.ts");
  const sealing = await openSealing("device", keyringBeside(host.self.at(-1) ?? ""));
  return sealing ? ok(sealing) : err(noKeyring);
}

async function unseal(host: Host, sealed: string): Promise<Result<PrivateKeys, Failure>> {
  const sealing = await deviceSealing(host);
  const next = "unlock it; where it has forgotten them, pair again: jcfetch pair";
  const title = "the system's keyring, which this terminal's keys need, cannot be used";
  if (!sealing.ok) return err(fail("no-keyring", title, next));
  const bytes = fromBase64url(sealed);
  const text = bytes && (await sealing.value.open(Buffer.from(bytes)));
  const keys = parseJson(text ?? "");
  return areKeys(keys) ? ok(keys) : err(damaged(host));
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
  const { v, url, grant, sealed } = (value ?? {}) as Partial<Record<string, unknown>>;
  return (
    v === 1 &&
    typeof url === "string" &&
    brokerAddress(url) !== undefined &&
    typeof grant === "string" &&
    (typeof sealed === "string" || areKeys(value))
  );
}

function areKeys(value: unknown): value is PrivateKeys {
  const { signing, agreement } = (value ?? {}) as Partial<Record<keyof PrivateKeys, unknown>>;
  return [signing, agreement].every(isPrivateKey);
}

function isPrivateKey(value: unknown): value is PrivateKey {
  const { kty, crv, x, y, d } = (value ?? {}) as Partial<Record<keyof PrivateKey, unknown>>;
  const isCoordinate = (text: unknown): boolean => typeof text === "string" && /^[\w-]{43}$/.test(text);
  return kty === "EC" && crv === "P-256" && [x, y, d].every(isCoordinate);
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
