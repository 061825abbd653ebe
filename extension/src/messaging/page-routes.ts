import { err, ok, type Result } from "@jcfetch/shared/result";
import type * as v from "valibot";
import { copyCredentials } from "../roles/copy-credentials.ts";
import { roleText } from "../roles/role-texts.ts";
import { accountPlace } from "./account-places.ts";
import type { Message } from "./messages.ts";
import { marksOf } from "./page-marks.ts";
import { copy, copyText, formatSet, marks, portalHints, prefs } from "./page-messages.ts";
import { problem } from "./problems.ts";
import { type Route, route } from "./router.ts";
import type { Caller } from "./sender.ts";
import { type Services, worded } from "./services.ts";
import type { Problem } from "./view.ts";

type PageCaller = Extract<Caller, { kind: "page" }>;

/**
 * A message of a page, which is answered while its portal may be used: a script lives on in a page whose portal the user no
 * longer grants.
 */
function pageRoute<Req extends v.GenericSchema, Res extends v.GenericSchema>(
  { policy, mayReach }: Pick<Services, "policy" | "mayReach">,
  said: Message<Req, Res>,
  handle: (body: v.InferOutput<Req>, caller: PageCaller) => Promise<Result<v.InferOutput<Res>, Problem>>,
): Route {
  return route(said, async (body, caller) => {
    if (caller.kind !== "page") return err(problem("refused"));
    if (!(await policy.allowsPortal(caller.portal))) return err(problem("policy"));
    if (!(await mayReach(`${caller.portal.origin}/*`))) return err(problem("permission"));
    return handle(body, caller);
  });
}

/** [EX2] What a page of the portal may ask for. Which portal it speaks for, the browser says. */
export function pageRoutes(services: Services): Route[] {
  const { sessions, prefs: chosen, notify, confirms, announcer, directories } = services;

  const learned = async ({ portal }: PageCaller): Promise<void> => {
    if ((await sessions.portal(portal.origin))?.startUrl !== portal.startUrl) await sessions.learn(portal);
  };

  return [
    pageRoute(services, copy, async ({ account, role, format }, caller) => {
      await learned(caller);
      await chosen.update((old) => ({ ...old, format }));
      const { tabId } = caller;
      const portal = caller.portal.origin;
      const place = await accountPlace(services, portal, account, tabId);
      if (!place.ok) return worded(place);
      if (place.value.isProd) {
        const access = await sessions.access(portal, tabId);
        if (!access.ok) return worded(access);
        const { owner } = access.value;
        const accountName = place.value.name;
        announcer.confirm(await confirms.ask({ portal, account, accountName, role, format, tabId, owner }));
        services.showIcon();
        notify("state");
        return ok({ confirm: true } as const);
      }
      const wish = { portal, account, role, format, tabId };
      const done = await copyCredentials(services, { ...wish, from: "portal" });
      notify("state");
      return worded(done);
    }),

    pageRoute(services, copyText, async ({ account, role, what }, caller) => {
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

    pageRoute(services, portalHints, async ({ regionHints, generation, census }, { portal, tabId }) => {
      await sessions.report(portal, tabId, regionHints, { generation, census: census ?? null });
      services.showIcon();
      notify("state");
      return ok({});
    }),

    route(prefs, async () => ok(await chosen.get())),

    pageRoute(services, formatSet, async ({ format }) => {
      await chosen.update((old) => ({ ...old, format }));
      notify("state");
      return ok({});
    }),

    pageRoute(services, marks, async ({ accounts }, { portal }) =>
      ok({ marks: await marksOf(services, portal.origin, accounts) }),
    ),
  ];
}
