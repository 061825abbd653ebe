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

const BROKERED: SourceRef = { kind: "brokered" };

/** The one door through which every command gets role credentials: from the agent, or without one by its own work. */
export async function roleCredentials(
  host: Host,
  want: RoleRef,
  { minTtlMs }: Wish = {},
): Promise<Result<Fetched, Failure>> {
  const place = agentPlace(host);
  const { account, role } = want;
  const wish = minTtlMs === undefined ? {} : { minTtlMs };
  // A terminal without keys has nothing that an agent could work with.
  if (place.mode === "given" || (place.mode === "own" && existsSync(devicePath(host)))) {
    const fetched = await fromAgent(host, place, { source: BROKERED, account, role, ...wish });
    if (fetched) return fetched;
  }
  return existsSync(lockedMark(place)) ? err(agentLocked) : ownWork(host, want, wish);
}

async function ownWork(host: Host, want: RoleRef, { minTtlMs }: Wish): Promise<Result<Fetched, Failure>> {
  const { openSource } = await import("./sources/source.ts");
  const source = await openSource(host, BROKERED);
  if (!source.ok) return source;
  const { account, role } = want;
  const credentials = await source.value.credentials({ account, role });
  if (!credentials.ok) return credentials;
  const leftMs = credentials.value.expiresAtMs - host.now();
  if (minTtlMs !== undefined && leftMs < minTtlMs) return err(tooShort(want, leftMs, minTtlMs));
  return ok({ credentials: credentials.value });
}
