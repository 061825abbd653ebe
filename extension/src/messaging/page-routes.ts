import { err, ok } from "@jcfetch/shared/result";
import { copyCredentials } from "../roles/copy-credentials.ts";
import { copy, formatSet, portalHints, prefs } from "./messages.ts";
import { problem } from "./problems.ts";
import { type Route, route } from "./router.ts";
import { type Services, worded } from "./services.ts";

/** [EX2] What a page of the portal may ask for. Which portal it speaks for, the browser says. */
export function pageRoutes(services: Services): Route[] {
  const { sessions, prefs: chosen, notify } = services;
  return [
    route(copy, async ({ account, role, format }, caller) => {
      if (caller.kind !== "page") return err(problem("refused"));
      const { portal, tabId } = caller;
      if (!(await services.policy.allowsPortal(portal))) return err(problem("policy"));
      if ((await sessions.portal(portal.origin))?.startUrl !== portal.startUrl) await sessions.learn(portal);
      await chosen.update((old) => ({ ...old, format }));
      const wish = { portal: portal.origin, account, role, format, tabId };
      const done = await copyCredentials(services, { ...wish, from: "portal" });
      notify("state");
      return worded(done);
    }),

    route(portalHints, async ({ regionHints, generation }, caller) => {
      if (caller.kind !== "page") return err(problem("refused"));
      await sessions.report(caller.portal, regionHints, generation);
      notify("state");
      return ok({});
    }),

    route(prefs, async () => ok(await chosen.get())),

    route(formatSet, async ({ format }) => {
      await chosen.update((old) => ({ ...old, format }));
      notify("state");
      return ok({});
    }),
  ];
}
