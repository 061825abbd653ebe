import * as v from "valibot";
import { err, ok, type Result } from "./result.ts";

/*
 * What the host program of a local broker says to whoever started it: one line of JSON on its standard output, and after
 * that nothing. The command line and the host program are two programs; this is all they know of each other.
 */

/** Where a local broker listens when nobody said otherwise. */
export const DEFAULT_LOCAL_PORT = 8787;

/** Why the host program did not do what it was asked. Append only. */
export const HOST_REFUSALS = [
  /** Another supervisor holds the state folder. */
  "already-running",
  /** Something else listens on the port. */
  "port-taken",
  /** There is no workerd to run the broker in. */
  "no-workerd",
  /** A newer version has written the state; this one does not touch it. */
  "state-newer",
  /** A file of the state cannot be read, or is not what it should be. */
  "state-unreadable",
  /** The keys are there and cannot be read: new ones are never put in their place. */
  "keys-unreadable",
  /** There are no keys yet: the broker was never started. */
  "no-keys",
  /** The system's keyring was asked for and cannot be used. */
  "no-keyring",
  /** workerd ended, or the broker in it did not answer. */
  "not-started",
  /** It was told to end and has not. */
  "not-stopped",
  /** The state folder cannot be made, or not be written. */
  "state-unwritable",
  /** The note of what runs now is damaged: it is written anew at each start. */
  "run-unreadable",
] as const;
export type HostRefusal = (typeof HOST_REFUSALS)[number];

/** `keyring`: the system's own store. `file`: a file for its owner alone. `none`: not made yet. */
export const KeysPlace = v.picklist(["file", "keyring", "none"]);
export type KeysPlace = v.InferOutput<typeof KeysPlace>;

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const HostStatus = v.strictObject({
  /** Supervisor and workerd are there, and the broker answers. */
  running: v.boolean(),
  /** workerd is there without its supervisor, which was killed. */
  orphaned: v.boolean(),
  /** Of the supervisor. */
  pid: v.nullable(Count),
  workerdPid: v.nullable(Count),
  sinceMs: v.nullable(Count),
  /** How often workerd had to be started again. */
  restarts: Count,
  /** Resident memory of workerd. */
  rssBytes: v.nullable(Count),
  /** Null before the first start. */
  url: v.nullable(v.string()),
  bid: v.nullable(v.string()),
  keys: KeysPlace,
  stateDir: v.string(),
  /** Files and folders of the state that others can open, or that belong to somebody else. */
  exposed: v.array(v.string()),
  /** Digest of the program that runs, and of the one that was asked: they differ after an update. */
  build: v.nullable(v.string()),
  ownBuild: v.string(),
});
export type HostStatus = v.InferOutput<typeof HostStatus>;

export const HostStarted = v.strictObject({ pid: Count, url: v.string(), bid: v.string(), keys: KeysPlace });
export type HostStarted = v.InferOutput<typeof HostStarted>;

/** Files and folders of the state that others could open until now. */
export const HostNarrowed = v.strictObject({ narrowed: v.array(v.string()) });

export const HostStopped = v.strictObject({ stopped: v.boolean() });

/** `url` is the address inside of the code. */
export const HostCode = v.strictObject({ code: v.string(), url: v.string() });

export const HostRefused = v.strictObject({
  refused: v.picklist(HOST_REFUSALS),
  /** A path, a port or an exit code; nothing secret. */
  detail: v.string(),
});
export type HostRefused = v.InferOutput<typeof HostRefused>;

/** One line of the host program: what was asked for, or why not. @throws Error on anything else, which is a bug */
export function readHostAnswer<S extends v.GenericSchema>(
  line: string,
  schema: S,
): Result<v.InferOutput<S>, HostRefused> {
  const json: unknown = JSON.parse(line);
  const refused = v.safeParse(HostRefused, json);
  return refused.success ? err(refused.output) : ok(v.parse(schema, json));
}

/** A schema of one of the answers above, for callers that know of no schemas. */
export type HostAnswer<T> = v.GenericSchema<unknown, T>;
