import { parseRegion, type Region } from "@jcfetch/shared/domain/portal";
import { err, ok, type Result } from "@jcfetch/shared/result";
import type { Secret } from "@jcfetch/shared/secret";
import type { EpochMs } from "@jcfetch/shared/time";
import type { ProblemCode } from "../messaging/problems.ts";
import type { PortalStatus } from "../messaging/view.ts";
import type { KnownPortal, Session } from "./records.ts";
import type { PortalToken } from "./token.ts";

/** What a call to the portal API needs, together only here and only for the length of one call. */
export interface Access {
  readonly portal: KnownPortal;
  readonly region: Region;
  readonly token: Secret<string>;
  readonly expiresAtMs: EpochMs;
  readonly mark: string;
  /** Whose session it is, as AWS says: directory and user name. */
  readonly owner: string;
}

const WHY_NOT: Record<PortalStatus, ProblemCode> = {
  live: "signed-out", // live a moment ago, but the cookie is gone
  "signed-out": "signed-out",
  expired: "sso-expired",
  "region-unknown": "region-unknown",
  unconfirmed: "offline",
};

/** What this token and the session that it opens give; or what stands in the way. */
export function accessOf(
  portal: KnownPortal,
  token: PortalToken | undefined,
  session: Session,
): Result<Access, ProblemCode> {
  const region = parseRegion(session.region ?? "");
  const { status, mark, expiresAtMs, owner } = session;
  if (token?.mark === mark && status === "live" && region.ok && expiresAtMs !== null && owner !== null) {
    return ok({ portal, region: region.value, token: token.token, expiresAtMs, mark: token.mark, owner });
  }
  return err(WHY_NOT[status]);
}
