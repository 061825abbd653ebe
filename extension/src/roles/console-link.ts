import { isRegion } from "@jcfetch/shared/domain/portal";
import type { RoleRef } from "@jcfetch/shared/domain/role";
import { err, ok, type Result } from "@jcfetch/shared/result";

/** The console's own hosts, whole or under a region's or a session's label, in every partition. */
const CONSOLE_HOST =
  /^(?:[a-z0-9-]+\.)*console\.(?:aws\.amazon\.com|amazonaws-us-gov\.com|amazonaws\.cn|amazonaws-eusc\.eu)$/;

/**
 * The portal's shortcut link into the console. It holds no secret: the portal signs in first where that is needed.
 *
 * @source IAM Identity Center user guide, shortcut links.
 */
export function consoleLink(
  startUrl: string,
  { account, role }: RoleRef,
  destination?: string,
): Result<string, "not-a-console"> {
  const query = new URLSearchParams({ account_id: account, role_name: role });
  if (destination !== undefined) {
    const target = consolePage(destination);
    if (target === undefined) return err("not-a-console");
    query.set("destination", target);
  }
  return ok(`${startUrl}/#/console?${query}`);
}

/** A page of the console, without the `<account>-<session>.` label of a console with several sessions: it would lead nowhere. */
function consolePage(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const ours = url.protocol === "https:" && url.port === "" && url.username === "" && url.password === "";
  if (!ours || !CONSOLE_HOST.test(url.hostname)) return undefined;
  url.hostname = url.hostname.replace(/^\d{12}-[a-z0-9]+\./, "");
  return url.href;
}

/** The AWS region that an address of the console stands in; undefined for pages of no region. */
export function consoleRegion(destination: string): string | undefined {
  if (!URL.canParse(destination)) return undefined;
  const region = new URL(destination).searchParams.get("region") ?? "";
  return isRegion(region) ? region : undefined;
}
