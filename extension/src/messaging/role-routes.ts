import { err, ok } from "@jcfetch/shared/result";
import { copyCredentials } from "../roles/copy-credentials.ts";
import { copyRole, directory, favoriteSet, openConsole, prefsSet, rolesOf, state } from "./messages.ts";
import { openConsoleAs } from "./open-console.ts";
import { problem } from "./problems.ts";
import { type Route, route } from "./router.ts";
import { type Services, worded } from "./services.ts";
import { stateView } from "./state-view.ts";
import type { Prefs } from "./view.ts";

/** State and roles, for the extension's own pages. */
export function roleRoutes(services: Services): Route[] {
  const { sessions, directories, lists, prefs, notify, seen, waiting } = services;

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
      if (!(await services.policy.allowsPopupCopy())) return err(problem("policy"));
      const { format } = wish;
      const remembered = prefs.update((old) => ({ ...old, format }));
      const { owner } = await sessions.session(wish.portal); // as shown; in the name of nobody else
      const done = await copyCredentials(services, {
        ...wish,
        from: "popup",
        ...(owner !== null && { owner }),
      });
      await remembered;
      if (done.ok) {
        await sessions.used(wish.portal);
        await waiting.drop();
        services.showIcon();
      } else if (done.error === "signed-out" || done.error === "sso-expired") {
        await waiting.keep({ ...wish, owner });
      }
      notify("state");
      return worded(done);
    }),

    route(openConsole, async ({ destination, ...role }) => {
      const done = await openConsoleAs(services, role, destination);
      return done.ok ? ok({}) : worded(done);
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
