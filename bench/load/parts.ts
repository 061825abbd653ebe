/*
 * What the thread that drives the load is given, and what it gives back.
 */

/** One user with one device, everything slow done beforehand. */
export interface LoadUser {
  readonly uid: string;
  readonly bid: string;
  readonly gh: string;
  readonly grant: string;
  /** The device's signing key, and the extension's. */
  readonly deviceKey: CryptoKey;
  readonly extensionKey: CryptoKey;
  readonly Esig: string;
  readonly member: string;
  /** Counters spent while the user was made. */
  readonly spent: number;
  /** Sessions one after another: the deposit that begins each, and the request that is good while it lasts. */
  readonly sessions: readonly { readonly deposit: string; readonly request: string }[];
  /** The call that the broker makes to AWS for this user, to be made without it. */
  readonly direct: { readonly host: string; readonly path: string; readonly token: string };
}

export interface LoadPlan {
  readonly brokerPort: number;
  readonly awsPort: number;
  readonly users: readonly LoadUser[];
  readonly seconds: number;
  /** Requests a second that begin, whether earlier ones have ended or not; `undefined`: as many as `atOnce` can make. */
  readonly rate?: number;
  readonly atOnce?: number;
  /** How many of each kind in a hundred. */
  readonly mix: Readonly<Record<LoadKind, number>>;
}

export const LOAD_KINDS = ["credentials", "envelope", "deposit", "devices", "keys"] as const;
export type LoadKind = (typeof LOAD_KINDS)[number];

export interface LoadReport {
  /** Milliseconds of each answer, from when its request was due. */
  readonly took: Readonly<Record<LoadKind | "direct", readonly number[]>>;
  /** How many answers were not 200, by kind and code. */
  readonly errors: Readonly<Record<string, number>>;
  /** Some of the answers with credentials, as they came. */
  readonly samples: readonly { readonly request: string; readonly answer: string }[];
  readonly seconds: number;
  /** Processor time of the driving thread. */
  readonly cpuMs: number;
}
