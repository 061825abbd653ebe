import type { Envelope } from "./documents.ts";
import type { Mode } from "./modes.ts";

/*
 * The text each seal is bound to. All parts have fixed alphabets without `|`, so no two sets of fields give one text.
 */

export const requestContext = (uid: string, path: string): string => `1|${uid}|${path}`;

type EnvelopeFields = Pick<Envelope, "uid" | "did" | "gh" | "epoch" | "seq" | "exp">;

/** Inner lock: the broker's. */
export const innerContext = (e: EnvelopeFields): string => `${e.uid}|${e.did}|${e.gh}|${e.epoch}|${e.exp}`;

/** Outer lock: the device's. */
export const outerContext = (e: EnvelopeFields): string => `${e.uid}|${e.did}|${e.gh}|${e.seq}|${e.exp}`;

/** Seals from a device to its extension: requests in relay mode, and requests for approval. */
export const extensionContext = (of: { uid: string; did: string; gh: string }): string =>
  `${of.uid}|${of.did}|${of.gh}`;

export const answerContext = (bodyDigest: string, mode: Mode): string => `${bodyDigest}|${mode}`;
