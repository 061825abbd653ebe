import { err, ok } from "@jcfetch/shared/result";
import { problem } from "./problems.ts";
import { type Route, route } from "./router.ts";
import type { Services } from "./services.ts";
import {
  choicesSet,
  favoriteMove,
  labelSet,
  recentsClear,
  rulesSet,
  waitingDrop,
} from "./switcher-messages.ts";

/** What the user makes of the list: rules, labels, order, memory. */
export function switcherRoutes({
  sessions,
  places,
  lists,
  choices,
  waiting,
  showIcon,
  notify,
}: Services): Route[] {
  return [
    route(rulesSet, async ({ rules }) => {
      await places.setRules(rules);
      notify("state");
      return ok({});
    }),

    route(labelSet, async ({ portal, account, label }) => {
      if (!(await sessions.portal(portal))) return err(problem("no-portal"));
      await places.setLabel(portal, account, label);
      notify("state");
      return ok({});
    }),

    route(favoriteMove, async ({ step, ...role }) => {
      await lists.moveFavorite(role, step);
      notify("state");
      return ok({});
    }),

    route(recentsClear, async () => {
      await lists.clearRecents();
      notify("state");
      return ok({});
    }),

    route(choicesSet, async (wish) => {
      const next = await choices.update((old) => ({
        recents: wish.recents ?? old.recents,
        containers: wish.containers ?? old.containers,
        groups: wish.groups ?? old.groups,
      }));
      if (!next.recents) await lists.clearRecents();
      notify("state");
      return ok(next);
    }),

    route(waitingDrop, async () => {
      await waiting.drop();
      showIcon();
      notify("state");
      return ok({});
    }),
  ];
}
