import { describeRole, type RoleRef } from "@jcfetch/shared/domain/role";
import type { RoleCredentials } from "@jcfetch/shared/domain/role-credentials";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { type Failure, fail } from "./exit.ts";
import type { Host } from "./host.ts";
import { openBrokered } from "./sources/brokered.ts";
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

/** The one door through which every command gets role credentials, wherever they come from. */
export async function roleCredentials(
  host: Host,
  want: RoleRef,
  { minTtlMs }: Wish = {},
): Promise<Result<Fetched, Failure>> {
  const source = await openBrokered(host);
  if (!source.ok) return source;
  const { account, role } = want;
  const fetched = await source.value.credentials({ account, role });
  if (!fetched.ok) return err(aboutRole(fetched.error, want));
  const leftMs = fetched.value.expiresAtMs - host.now();
  if (minTtlMs !== undefined && leftMs < minTtlMs) return err(tooShort(want, leftMs, minTtlMs));
  return ok({ credentials: fetched.value });
}

/** Nothing helps but asking for less, or a longer session of the permission set. */
const tooShort = (want: RoleRef, leftMs: number, minTtlMs: number): Failure =>
  fail(
    "too-short",
    `AWS gives credentials of ${describeRole(want)} for ${duration(leftMs)}, and ${duration(minTtlMs)} were asked for`,
    "ask for less with --min-ttl, or have the permission set's session duration raised",
  );

/** The same refusal, naming the role it is about. */
function aboutRole(failure: Failure, want: RoleRef): Failure {
  switch (failure.code) {
    case "policy":
      return { ...failure, title: `this terminal was not given the role ${describeRole(want)}` };
    case "role-not-assigned":
      return { ...failure, title: `AWS says the role ${describeRole(want)} is not assigned to you` };
    default:
      return failure;
  }
}
