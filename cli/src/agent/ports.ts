import type { AskVoice, Want } from "@jcfetch/shared/device-asking";
import type { Result } from "@jcfetch/shared/result";
import type { Failure } from "../exit.ts";
import type { Source } from "../sources/source.ts";
import type { Instant } from "./store.ts";
import type { Caller, SourceRef } from "./wire.ts";

/** What the agent takes from the world; a test moves its time. */
export interface AgentPorts {
  now(): Instant;
  open(ref: SourceRef, voice: () => AskVoice): Promise<Result<Source, Failure>>;
  /** Changes whenever the keys and the grant that a source works with do; `undefined` where there are none. */
  stampOf(ref: SourceRef): string | undefined;
  /** Resolves after so long; for waits that have another end too. */
  pause(ms: number): Promise<void>;
}

export interface Asked {
  readonly source: SourceRef;
  readonly want: Want;
  readonly minTtlMs: number | undefined;
  readonly caller: Caller;
  /** It comes by a shared socket: perhaps from another host. */
  readonly shared?: boolean;
}

/** Told to whoever asked, before the answer. */
export interface Telling {
  taken(): void;
  readonly voice: Pick<AskVoice, "show" | "done">;
}
