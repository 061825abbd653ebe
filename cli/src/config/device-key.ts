import { rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { generateKeys, importKeyPair } from "@jcfetch/shared/crypto/keys";
import type { DeviceIdentity } from "@jcfetch/shared/device";
import { err, ok, type Result } from "@jcfetch/shared/result";
import * as v from "valibot";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { cannotWrite, errnoOf } from "./files.ts";
import { isPrivate, prepareFolder } from "./folder.ts";
import { ownFolder } from "./paths.ts";
import { readIfThere, writeWhole } from "./replace-file.ts";

/*
 * The keys of this terminal, and the grant they were given. With them somebody can ask the broker in this terminal's name
 * until it is removed in the extension; no token and no credential is in them. A keyring is a better place where there is
 * one; the file is what works on every host.
 */

const Coordinate = v.pipe(v.string(), v.regex(/^[\w-]{43}$/));
const PrivateKey = v.object({
  kty: v.literal("EC"),
  crv: v.literal("P-256"),
  x: Coordinate,
  y: Coordinate,
  d: Coordinate,
});
const DeviceFile = v.strictObject({
  v: v.literal(1),
  /** Where the broker is; the pairing code carried it. */
  url: v.pipe(v.string(), v.url()),
  signing: PrivateKey,
  agreement: PrivateKey,
  grant: v.string(),
});

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

export const devicePath = (host: Host): string => join(ownFolder(host), "device.json");

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
  const stored = v.safeParse(DeviceFile, parseJson(bytes.value?.toString("utf8") ?? ""));
  if (!stored.success) return err(damaged(host));
  const { signing, agreement, grant, url } = stored.output;
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
  const text = JSON.stringify({ v: 1, ...paired, signing, agreement });
  const written = await writeWhole(devicePath(host), Buffer.from(text), { mode: 0o600 });
  return written.ok ? ok(null) : written;
}

async function exported({ privateKey }: CryptoKeyPair): Promise<v.InferOutput<typeof PrivateKey>> {
  return v.parse(PrivateKey, await crypto.subtle.exportKey("jwk", privateKey));
}

/** Remove all we keep: keys first, so that what fails later leaves nothing that could be used. */
export async function removeDevice(host: Host): Promise<Result<null, Failure>> {
  const folder = ownFolder(host);
  try {
    for (const name of ["device.json", "keyset.jws", "counter", "counter.lock"]) {
      await rm(join(folder, name), { force: true });
    }
  } catch (error) {
    return err(cannotWrite(folder, errnoOf(error)));
  }
  // Only ever an empty folder: what somebody else put there is theirs.
  await rmdir(folder).catch(() => undefined);
  return ok(null);
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
  "pair it: open the extension, Terminals, Pair a terminal; then jcfetch pair",
);

export const damaged = (host: Host): Failure =>
  fail(
    "device-damaged",
    `${devicePath(host)} is damaged`,
    "pair again: jcfetch pair; and remove the old terminal in the extension",
  );
