import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { base64url, fromBase64url, utf8 } from "@jcfetch/shared/crypto/encoding";

/** How a secret lies in a file. */
export interface Sealing {
  seal(text: string): Promise<Uint8Array>;
  /** @returns `undefined` for what this key has not sealed. */
  open(bytes: Buffer): Promise<string | undefined>;
}

/** The part of `@napi-rs/keyring` that we use. */
interface Keyring {
  readonly Entry: new (
    service: string,
    account: string,
  ) => { getPassword(): string | null; setPassword(password: string): void };
}

const KEY_BYTES = 32;
const IV_BYTES = 12;

/**
 * [CL8] [DM5] AES-256-GCM under a key that only the system's keyring holds: one for all, so that it asks a person once.
 *
 * @param what bound in: what was sealed as one thing opens as no other.
 * @returns `undefined` where there is no keyring, or none that gives back what it was given.
 */
export async function openSealing(what: string, load: () => Keyring): Promise<Sealing | undefined> {
  const raw = keyOf(load);
  if (!raw) return undefined;
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  const additionalData = utf8(`jcfetch ${what}`);
  return {
    async seal(text) {
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      const box = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, utf8(text));
      return Buffer.concat([iv, new Uint8Array(box)]);
    },
    async open(bytes) {
      const [iv, box] = [bytes.subarray(0, IV_BYTES), bytes.subarray(IV_BYTES)].map((b) => new Uint8Array(b));
      try {
        const parameters = { name: "AES-GCM", iv: iv!, additionalData };
        return Buffer.from(await crypto.subtle.decrypt(parameters, key, box!)).toString("utf8");
      } catch {
        return undefined;
      }
    },
  };
}

/**
 * Optional and native: it is there where it was installed beside the program, and nothing else needs it. npm puts a link to the
 * program where people find it, and what belongs to it elsewhere.
 */
export const keyringBeside =
  (program: string): (() => Keyring) =>
  () =>
    createRequire(realpathSync(program))("@napi-rs/keyring") as Keyring;

/** Made at its first use. One that is there and cannot be read is not replaced: it may only be locked. */
function keyOf(load: () => Keyring): Uint8Array<ArrayBuffer> | undefined {
  try {
    const entry = new (load().Entry)("jcfetch", "sessions");
    const kept = entry.getPassword();
    if (kept === null) {
      entry.setPassword(base64url(crypto.getRandomValues(new Uint8Array(KEY_BYTES))));
    }
    const key = fromBase64url(kept ?? entry.getPassword() ?? "");
    return key?.length === KEY_BYTES ? key : undefined;
  } catch {
    return undefined;
  }
}
