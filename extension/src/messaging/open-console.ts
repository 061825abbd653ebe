import { parsePortalUrl } from "@jcfetch/shared/domain/portal";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { consoleLink, consoleRegion } from "../roles/console-link.ts";
import type { ProblemCode } from "./problems.ts";
import { accountTitle, isProd } from "./resume-copy.ts";
import type { Services } from "./services.ts";
import type { PortalRole } from "./view.ts";

/** Opens the console as a role, through the portal, and remembers that. */
export async function openConsoleAs(
  services: Services,
  role: PortalRole,
  destination?: string,
): Promise<Result<null, ProblemCode>> {
  const { sessions, lists, opened, choices, copies, notify } = services;
  const portal = await sessions.portal(role.portal);
  if (!portal || !parsePortalUrl(portal.startUrl).ok) return err("no-portal");
  const link = consoleLink(portal.startUrl, role, destination);
  if (!link.ok) return link;
  const container = await sessions.container(role.portal);
  // [MP4] Elsewhere somebody else may be signed in.
  if (container !== undefined && (await services.policy.get()).containers === false) return err("policy");
  await services.openConsoleTab({
    url: link.value,
    account: await accountTitle(services, role.portal, role.account),
    isProd: await isProd(services, role.portal, role.account),
    container,
  });
  await sessions.used(role.portal);
  if ((await choices.get()).recents) await lists.used(role, (await sessions.session(role.portal)).owner);
  await opened.add(role, await copies.lifeOf(role));
  const region = consoleRegion(destination ?? "");
  if (region !== undefined) await opened.usedRegion(region);
  notify("state");
  return ok(null);
}
