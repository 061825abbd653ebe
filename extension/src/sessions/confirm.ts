import { type Identity, whoAmI } from "@jcfetch/shared/aws/portal-internal";
import type { Region } from "@jcfetch/shared/domain/portal";
import type { Clock } from "@jcfetch/shared/time";
import { NO_SESSION, type Session } from "./records.ts";
import { isReliable, type RegionSources, regionCandidates } from "./region.ts";
import type { PortalToken } from "./token.ts";

interface Ports {
  readonly fetch: typeof fetch;
  readonly now: Clock;
}

/** Ask AWS who a token belongs to. `owner` is null unless AWS has said so. */
export async function confirm(ports: Ports, sources: RegionSources, token: PortalToken): Promise<Session> {
  const { mark } = token;
  const over = token.expiresAtMs !== null && token.expiresAtMs <= ports.now();
  if (over) return { ...NO_SESSION, status: "expired", mark, expiresAtMs: token.expiresAtMs };

  for (const region of regionCandidates(sources)) {
    const answer = await whoAmI({ region, token: token.token }, { fetch: ports.fetch });
    if (answer.ok) return sessionOf(ports, region, token, answer.value);
    if (answer.error.code !== "unauthorized") {
      return { ...NO_SESSION, status: "unconfirmed", mark, region, expiresAtMs: token.expiresAtMs };
    }
  }
  return { ...NO_SESSION, status: isReliable(sources) ? "expired" : "region-unknown", mark };
}

function sessionOf({ now }: Ports, region: Region, token: PortalToken, who: Identity): Session {
  const { directoryId, userName } = who;
  // A cookie can end before the session it opens; without it there is nothing to hand on.
  const expiresAtMs = Math.min(who.expiresAtMs, token.expiresAtMs ?? who.expiresAtMs);
  const status = expiresAtMs <= now() ? "expired" : "live";
  // Whom AWS does not name is nobody's like: not even the same one's as before.
  const owner = userName === null ? `?|${token.mark}` : `${directoryId ?? ""}|${userName}`;
  return { status, region, expiresAtMs, directoryId, userName, mark: token.mark, owner };
}
