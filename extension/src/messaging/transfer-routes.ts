import { err, ok } from "@jcfetch/shared/result";
import { applyTransfer } from "../transfer/apply.ts";
import { problem } from "./problems.ts";
import { type Route, route } from "./router.ts";
import type { Services } from "./services.ts";
import { transferApply } from "./transfer-messages.ts";

/** What somebody brings along from another browser or another tool. */
export const transferRoutes = (services: Services): Route[] => [
  route(transferApply, async (parts) => {
    const done = await applyTransfer(services, parts);
    await services.lock.arrange();
    await services.notices.look();
    services.notify("state");
    return done.ok ? ok({}) : err(problem(done.error));
  }),
];
