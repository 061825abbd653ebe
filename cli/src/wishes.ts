import { describeRole, type RoleRef } from "@jcfetch/shared/domain/role";
import type { RoleCredentials } from "@jcfetch/shared/domain/role-credentials";
import { type Failure, fail } from "./exit.ts";
import { duration } from "./when.ts";

export interface Wish {
  /** How long the credentials must live at least, from now; without it, as long as they happen to. */
  readonly minTtlMs?: number;
}

export interface Fetched {
  readonly credentials: RoleCredentials;
  /** A line for the person: these will do, but something is not as it should be. */
  readonly warning?: string;
}

/** [AG1] Nothing helps but asking for less, or a longer session of the permission set. */
export const tooShort = (want: RoleRef, leftMs: number, minTtlMs: number): Failure =>
  fail(
    "too-short",
    `AWS gives credentials of ${describeRole(want)} for ${duration(leftMs)}, and ${duration(minTtlMs)} were asked for`,
    "ask for less with --min-ttl, or have the permission set's session duration raised",
  );

export const agentLocked: Failure = fail(
  "agent-locked",
  "jcfetch is locked on this computer",
  "unlock it in a terminal: jcfetch agent unlock",
);
