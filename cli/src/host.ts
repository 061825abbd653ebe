// The types of fetch and Web Crypto, which Node has and its own types name differently.
/// <reference lib="webworker" />
import type { Clock } from "@jcfetch/shared/time";
import type { Failure } from "./exit.ts";
import type { Io } from "./io.ts";
import type { TokenMemory } from "./sources/token-memory.ts";

/** All that a command takes from the world around it. `main.ts` fills it; nothing else looks at the process. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  readonly home: string;
  /** The user's id, where the system has one. */
  readonly uid: number | undefined;
  readonly pid: number;
  /** Who this terminal is, told to the extension in pairing. */
  readonly hostName: string;
  readonly userName: string;
  readonly system: string;
  /** Shown to the user where a role has to be approved: who started this program, and in which folder. */
  readonly parentName: () => string;
  readonly directory: string;
  /** How to start this very program again: absolute paths. */
  readonly self: readonly string[];
  /** Hear these signals instead of ending by them. @returns a way back to how it was. */
  readonly onSignals: (names: readonly NodeJS.Signals[], heard: (name: NodeJS.Signals) => void) => () => void;
  /** Whether what the terminal sends, as for Ctrl-C, goes to this program and to all that it starts. */
  readonly inForeground: () => boolean;
  /** Stop here, as for Ctrl-Z, until somebody lets this program go on. */
  readonly suspend: () => void;
  readonly now: Clock;
  readonly fetch: typeof fetch;
  /** Why the newest call failed, where more is known than that nobody answered. */
  readonly trouble: () => Failure | undefined;
  readonly io: Io;
  /** Of the agent alone: the tokens that it keeps for want of another place. */
  readonly tokens?: TokenMemory;
}
