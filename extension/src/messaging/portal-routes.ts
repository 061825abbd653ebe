import { allRegions, isRegion, parsePortalUrl } from "@jcfetch/shared/domain/portal";
import { err, ok } from "@jcfetch/shared/result";
import { missingOf, portalPatterns } from "../access/reach.ts";
import type { KnownPortal } from "../sessions/records.ts";
import { portalPreview } from "./access-messages.ts";
import {
  checkJumpcloud,
  openJumpcloud,
  portalAdd,
  portalCheck,
  portalMarkSet,
  portalRemove,
  portalUser,
  regions,
  signIn,
} from "./messages.ts";
import { problem } from "./problems.ts";
import { type Route, route } from "./router.ts";
import type { Services } from "./services.ts";

/** Where the one is at home as whom the user acts; a container that was removed since is no reason not to sign in. */
async function openPortal({ sessions, openTab }: Services, { origin, startUrl }: KnownPortal): Promise<void> {
  const container = await sessions.container(origin);
  await openTab(startUrl, container).catch((error) => {
    if (container === undefined) throw error;
    return openTab(startUrl);
  });
}

/** What the cards of sessions change of one portal. */
const cardRoutes = ({ sessions, marks, notify }: Services): Route[] => [
  route(portalCheck, async ({ portal }) => {
    if (!(await sessions.portal(portal))) return err(problem("no-portal"));
    await sessions.check(portal);
    notify("state");
    return ok({});
  }),

  route(portalUser, async ({ portal, store }) => {
    const chosen = await sessions.choose(portal, store);
    notify("state");
    return chosen ? ok({}) : err(problem("signed-out"));
  }),

  route(portalMarkSet, async ({ portal, mark }) => {
    if (!(await sessions.portal(portal))) return err(problem("no-portal"));
    await marks.choose(portal, mark);
    notify("state");
    return ok({});
  }),
];

/** Portals, and the ways to sign in. */
export function portalRoutes(services: Services): Route[] {
  const { sessions, jumpcloud, directories, notify } = services;
  return [
    route(signIn, async ({ portal, through }) => {
      const known = portal === undefined ? (await sessions.portals())[0] : await sessions.portal(portal);
      if (!known && portal !== undefined) return err(problem("no-portal"));
      if (known && !through) await openPortal(services, known);
      else await services.openTab(await jumpcloud.signInUrl());
      const isLive = known && (await sessions.session(known.origin)).status === "live";
      if (!isLive) await services.signIns.began(known?.origin ?? null);
      notify("state");
      return ok({});
    }),

    route(checkJumpcloud, async () => {
      await jumpcloud.check();
      notify("state");
      return ok({});
    }),

    route(openJumpcloud, async () => {
      await services.openTab(await jumpcloud.console());
      return ok({});
    }),

    route(portalPreview, async ({ startUrl, hints }) => {
      const portal = parsePortalUrl(startUrl.trim());
      if (!portal.ok) return err(problem("not-a-portal"));
      if (!(await services.policy.allowsPortal(portal.value))) return err(problem("policy"));
      const { origin, name } = portal.value;
      const region = portal.value.region ?? hints.find(isRegion) ?? null;
      const missing = await missingOf(services, portalPatterns(origin, region));
      return ok({ startUrl: portal.value.startUrl, alias: name, region, missing });
    }),

    route(portalAdd, async ({ startUrl, region }) => {
      const portal = parsePortalUrl(startUrl.trim());
      if (!portal.ok) return err(problem("not-a-portal"));
      if (region !== undefined && !isRegion(region)) return err(problem("unknown-region"));
      if (!(await services.policy.allowsPortal(portal.value))) return err(problem("policy"));
      const { origin } = portal.value;
      if (!(await services.mayReach(`${origin}/*`))) return err(problem("permission"));
      await sessions.learn(portal.value, region);
      await sessions.check(origin);
      notify("state");
      return ok({ origin });
    }),

    ...cardRoutes(services),

    route(portalRemove, async ({ portal }) => {
      await sessions.forget(portal);
      await directories.forget(portal);
      await services.places.forget(portal);
      await services.marks.forget(portal);
      if ((await services.waiting.current())?.portal === portal) await services.waiting.drop();
      await services.deposits.sessionEnded(); // its terminals are not to go on with what they hold
      services.deposit();
      notify("state");
      return ok({});
    }),

    route(regions, async () => ok({ regions: [...allRegions] })),
  ];
}
