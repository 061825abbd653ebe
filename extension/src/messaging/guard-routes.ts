import { ok } from "@jcfetch/shared/result";
import {
  clipboardClear,
  clipboardReplaced,
  clipboardSoon,
  copyLog,
  copyLogClear,
  guardSet,
  lockNow,
  unlock,
  wantedTaken,
} from "./guard-messages.ts";
import type { GuardPrefs } from "./guard-view.ts";
import { type Route, route } from "./router.ts";
import type { Services } from "./services.ts";

/** Clipboard, lock, what was copied, and the settings of all that. */
export function guardRoutes(services: Services): Route[] {
  const { guard, clips, lock, copyLog: log, notices, relay, deposit, notify } = services;
  return [
    route(guardSet, async (wish) => {
      const managed = new Set<string>(await guard.managed());
      const own = Object.entries(wish).filter(([name]) => !managed.has(name));
      const next = await guard.change(Object.fromEntries(own) as Partial<GuardPrefs>);
      await lock.arrange();
      await notices.look();
      notify("state");
      return ok(next);
    }),

    route(clipboardSoon, async () => {
      clips.ready();
      return ok({});
    }),

    route(clipboardClear, async () => {
      await clips.clear();
      return ok({});
    }),

    route(clipboardReplaced, async () => {
      await clips.replaced();
      return ok({});
    }),

    route(copyLog, async () => ok({ entries: await log.entries() })),

    route(copyLogClear, async () => {
      await log.clear();
      return ok({});
    }),

    route(lockNow, async () => {
      await lock.lock("user");
      await relay.ensure();
      return ok({});
    }),

    route(unlock, async () => {
      await lock.unlock();
      deposit();
      return ok({});
    }),

    route(wantedTaken, async () => {
      await notices.taken();
      return ok({});
    }),
  ];
}
