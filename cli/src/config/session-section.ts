import { err, ok, type Result } from "@jcfetch/shared/result";
import { type Failure, fail } from "../exit.ts";
import type { Sections } from "./aws-config.ts";
import { sessionNameOf } from "./ini.ts";
import { linesOfSession, type NewSession } from "./own-profile.ts";

/**
 * Lines for a session that is not in the file yet; none for one that is.
 *
 * @errors `foreign-session` when one of that name leads to another portal: it is somebody's, and is not touched.
 */
export function sessionLines(
  { inside, outside }: Sections,
  session: NewSession,
  path: string,
): Result<readonly string[], Failure> {
  const found = [...inside, ...outside].find((section) => sessionNameOf(section) === session.name);
  if (!found) return ok(linesOfSession(session));
  const value = (key: string): string => found.settings.find((one) => one.key === key)?.value ?? "";
  const same =
    trimmed(value("sso_start_url")) === trimmed(session.startUrl) && value("sso_region") === session.region;
  if (same) return ok([]);
  const title = `${path} already has a session ${session.name}, and it leads elsewhere`;
  return err(fail("foreign-session", title, "choose another name: --session NAME; nothing was changed"));
}

/** Some write `…/start`, some `…/start#/` or with a slash at the end. */
const trimmed = (url: string): string => url.replace(/[#/]+$/, "");
