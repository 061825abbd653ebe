import { existsSync } from "node:fs";
import type { RoleRef } from "@jcfetch/shared/domain/role";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { fromAgent } from "./agent/client.ts";
import { agentPlace, lockedMark } from "./agent/place.ts";
import type { SourceRef } from "./agent/wire.ts";
import { devicePath } from "./config/paths.ts";
import type { Failure } from "./exit.ts";
import type { Host } from "./host.ts";
import { agentLocked, type Fetched, tooShort, type Wish } from "./wishes.ts";

export type { Fetched, Wish } from "./wishes.ts";

/** What a profile, or a role by its name, says of where it comes from. */
export interface Wanted extends RoleRef {
  /** The `[sso-session]` by which this terminal signs in itself; without it, what it was given in pairing counts. */
  readonly session?: string;
}

/** The one door through which every command gets role credentials: from the agent, or without one by its own work. */
export async function roleCredentials(
  host: Host,
  want: Wanted,
  { minTtlMs }: Wish = {},
): Promise<Result<Fetched, Failure>> {
  const source = await sourceOf(host, want);
  if (!source.ok) return source;
  const place = agentPlace(host);
  const { account, role } = want;
  const wish = minTtlMs === undefined ? {} : { minTtlMs };
  // A terminal without keys and without a session has nothing that an agent could work with.
  const worksHere = source.value.kind === "direct" || existsSync(devicePath(host));
  if (place.mode === "given" || (place.mode === "own" && worksHere)) {
    const fetched = await fromAgent(host, place, { source: source.value, account, role, ...wish });
    if (fetched) return fetched;
  }
  return existsSync(lockedMark(place)) ? err(agentLocked) : ownWork(host, source.value, want, wish);
}

/** @errors `unknown-session`, `config-broken`; `not-paired` where one of several sessions has to be named. */
export async function sourceOf(
  host: Host,
  { session: name }: Pick<Wanted, "session">,
): Promise<Result<SourceRef, Failure>> {
  // Behind a socket that was given are another computer's keys.
  const isPaired = agentPlace(host).mode === "given" || existsSync(devicePath(host));
  if (name === undefined && isPaired) return ok({ kind: "brokered" });
  const session =
    name === undefined
      ? await (await import("./sources/unpaired.ts")).sessionWithoutPairing(host)
      : await (await import("./config/sessions.ts")).findSession(host, name);
  if (!session.ok) return session;
  return ok(session.value ? { kind: "direct", session: session.value } : { kind: "brokered" });
}

async function ownWork(
  host: Host,
  ref: SourceRef,
  want: RoleRef,
  { minTtlMs }: Wish,
): Promise<Result<Fetched, Failure>> {
  const { openSource } = await import("./sources/source.ts");
  let warning: string | undefined;
  const source = await openSource(host, ref, undefined, (line) => {
    warning = line;
  });
  if (!source.ok) return source;
  const { account, role } = want;
  const credentials = await source.value.credentials({ account, role });
  if (!credentials.ok) return credentials;
  const leftMs = credentials.value.expiresAtMs - host.now();
  if (minTtlMs !== undefined && leftMs < minTtlMs) return err(tooShort(want, leftMs, minTtlMs));
  return ok({ credentials: credentials.value, ...(warning === undefined ? {} : { warning }) });
}
