import { err, ok } from "@jcfetch/shared/result";
import { copyCredentials } from "../roles/copy-credentials.ts";
import { confirmCopy, confirmDrop } from "./confirm-messages.ts";
import { problem } from "./problems.ts";
import { type Route, route } from "./router.ts";
import { type Services, worded } from "./services.ts";

/** [PB3] Presses on production roles in the portal, as the popup answers them. */
export function confirmRoutes(services: Services): Route[] {
  const { confirms, announcer, sessions, showIcon, notify } = services;

  const over = (): void => {
    announcer.confirmed();
    showIcon();
    notify("state");
  };

  return [
    route(confirmCopy, async ({ id }) => {
      const pending = await confirms.take(id);
      over();
      if (!pending) return err(problem("confirm-over"));
      const { portal, account, role, format, tabId, owner } = pending;
      const wish = { portal, account, role, format, tabId, owner };
      const done = await copyCredentials(services, { ...wish, from: "portal" });
      if (done.ok) await sessions.used(portal);
      notify("state");
      return worded(done);
    }),

    route(confirmDrop, async ({ id }) => {
      await confirms.take(id);
      over();
      return ok({});
    }),
  ];
}
