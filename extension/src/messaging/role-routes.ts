import { parsePortalUrl } from "@jcfetch/shared/domain/portal";
import { err, ok } from "@jcfetch/shared/result";
import { consoleLink } from "../roles/console-link.ts";
import { copyCredentials } from "../roles/copy-credentials.ts";
import { copyRole, directory, favoriteSet, openConsole, prefsSet, rolesOf, state } from "./messages.ts";
import { problem } from "./problems.ts";
import { type Route, route } from "./router.ts";
import { type Services, worded } from "./services.ts";
import { stateView } from "./state-view.ts";
import type { Prefs } from "./view.ts";

/** State and roles, for the extension's own pages. */
export function roleRoutes(services: Services): Route[] {
  const { sessions, directories, lists, prefs, notify, seen } = services;

  const watchActivity = async (): Promise<boolean> => {
    const connection = await services.broker.connection();
    return connection !== undefined && services.activity.watch(connection);
  };

  /** Looking is also the moment to find out what may have changed; whoever looks is told when it has. */
  const freshen = (): void => {
    void sessions.catchUp();
    void seen.refresh().then((different) => different && notify("state"));
    void watchActivity().then((different) => different && notify("state"));
  };

  return [
    route(state, async () => {
      freshen();
      return ok(await stateView(services));
    }),

    route(directory, async ({ portal, refresh }) => {
      if (!(await sessions.portal(portal))) return err(problem("no-portal"));
      return ok(await directories.view(portal, refresh));
    }),

    route(rolesOf, async ({ portal, account }) => {
      const roles = await directories.rolesOf(portal, account);
      return roles.ok ? ok({ roles: roles.value }) : worded(roles);
    }),

    route(copyRole, async (wish) => {
      await prefs.update((old) => ({ ...old, format: wish.format }));
      const done = await copyCredentials(services, wish);
      if (done.ok) await sessions.used(wish.portal);
      notify("state");
      return worded(done);
    }),

    route(openConsole, async ({ portal: origin, account, role, destination }) => {
      const portal = await sessions.portal(origin);
      if (!portal || !parsePortalUrl(portal.startUrl).ok) return err(problem("no-portal"));
      const link = consoleLink(portal.startUrl, { account, role }, destination);
      if (!link.ok) return err(problem(link.error));
      await services.openTab(link.value);
      await sessions.used(origin);
      await lists.used({ portal: origin, account, role });
      notify("state");
      return ok({});
    }),

    route(prefsSet, async (wish) => {
      const next = await prefs.update((old): Prefs => {
        return { format: wish.format ?? old.format, theme: wish.theme ?? old.theme };
      });
      notify("state");
      return ok(next);
    }),

    route(favoriteSet, async ({ on, ...role }) => {
      await lists.setFavorite(role, on);
      notify("state");
      return ok({});
    }),
  ];
}
