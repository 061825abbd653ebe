import { err, ok } from "@jcfetch/shared/result";
import { copyCredentials } from "../roles/copy-credentials.ts";
import { roleText } from "../roles/role-texts.ts";
import { accountPlace } from "./account-places.ts";
import { marksOf } from "./page-marks.ts";
import { copy, copyText, formatSet, marks, portalHints, prefs } from "./page-messages.ts";
import { problem } from "./problems.ts";
import { type Route, route } from "./router.ts";
import type { Caller } from "./sender.ts";
import { type Services, worded } from "./services.ts";

type PageCaller = Extract<Caller, { kind: "page" }>;

/** [EX2] What a page of the portal may ask for. Which portal it speaks for, the browser says. */
export function pageRoutes(services: Services): Route[] {
  const { sessions, prefs: chosen, notify, confirms, announcer, directories } = services;

  const learned = async ({ portal }: PageCaller): Promise<void> => {
    if ((await sessions.portal(portal.origin))?.startUrl !== portal.startUrl) await sessions.learn(portal);
  };

  return [
    route(copy, async ({ account, role, format }, caller) => {
      if (caller.kind !== "page") return err(problem("refused"));
      if (!(await services.policy.allowsPortal(caller.portal))) return err(problem("policy"));
      await learned(caller);
      await chosen.update((old) => ({ ...old, format }));
      const { tabId } = caller;
      const portal = caller.portal.origin;
      const place = await accountPlace(services, portal, account, tabId);
      if (!place.ok) return worded(place);
      if (place.value.isProd) {
        const accountName = place.value.name;
        announcer.confirm(await confirms.ask({ portal, account, accountName, role, format, tabId }));
        services.showIcon();
        notify("state");
        return ok({ confirm: true } as const);
      }
      const wish = { portal, account, role, format, tabId };
      const done = await copyCredentials(services, { ...wish, from: "portal" });
      notify("state");
      return worded(done);
    }),

    route(copyText, async ({ account, role, what }, caller) => {
      if (caller.kind !== "page") return err(problem("refused"));
      if (!(await services.policy.allowsPortal(caller.portal))) return err(problem("policy"));
      await learned(caller);
      const { origin, startUrl, name: portalName } = caller.portal;
      const access = await sessions.access(origin, caller.tabId);
      if (!access.ok) return worded(access);
      const known = await directories.known(origin, account, caller.tabId);
      const accountName = known.ok ? (known.value?.name ?? null) : null;
      const { region } = access.value;
      const text = roleText(what, { account, role, accountName, portalName, startUrl, region });
      const written = await services.clips.putPlain(text);
      return written.ok ? ok({}) : worded(written);
    }),

    route(portalHints, async ({ regionHints, generation, census }, caller) => {
      if (caller.kind !== "page") return err(problem("refused"));
      await sessions.report(caller.portal, regionHints, { generation, census: census ?? null });
      services.showIcon();
      notify("state");
      return ok({});
    }),

    route(prefs, async () => ok(await chosen.get())),

    route(formatSet, async ({ format }) => {
      await chosen.update((old) => ({ ...old, format }));
      notify("state");
      return ok({});
    }),

    route(marks, async ({ accounts }, caller) => {
      if (caller.kind !== "page") return err(problem("refused"));
      return ok({ marks: await marksOf(services, caller.portal.origin, accounts) });
    }),
  ];
}
