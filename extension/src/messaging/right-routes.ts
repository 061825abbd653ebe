import { err, ok } from "@jcfetch/shared/result";
import { problemOf } from "../broker/refusal.ts";
import { brokerAccept, deviceRevoke, deviceUnlock, lockAll } from "./messages.ts";
import { problem } from "./problems.ts";
import { type Route, route } from "./router.ts";
import type { Services } from "./services.ts";

/** Which terminals have their right, and whether the broker may go on. */
export function rightRoutes(services: Services): Route[] {
  const { broker, devices, revocations, deposits, approvals, seen, notify } = services;

  const changed = async (): Promise<void> => {
    await seen.forget();
    services.deposit();
    notify("state");
  };

  return [
    route(deviceRevoke, async ({ did }) => {
      const device = await devices.find(did);
      if (!device) return err(problem("no-device"));
      const connection = await broker.connection();
      if (!connection) return err(problem("no-broker"));
      await approvals.forgive(did);
      const done = await revocations.remove(connection, [device]);
      await changed();
      if (!done.ok) return err(problemOf(done.error));
      return (await revocations.isFull()) ? err(problem("list-full")) : ok({});
    }),

    route(deviceUnlock, async ({ did }) => {
      await approvals.forgive(did);
      await deposits.lost();
      const done = await revocations.lockOne(await broker.connection(), did, false);
      await changed();
      return done.ok ? ok({}) : err(problem("unlock-untold"));
    }),

    route(lockAll, async ({ lock }) => {
      await deposits.lost();
      const done = await revocations.lockAll(await broker.connection(), lock);
      await changed();
      if (!done.ok) return err(problem(lock ? "lock-untold" : "unlock-untold"));
      return !lock && (await revocations.isFull()) ? err(problem("list-full")) : ok({});
    }),

    route(brokerAccept, async () => {
      const connection = await broker.connection();
      if (!connection) return err(problem("no-broker"));
      await deposits.lost();
      const renewed = await revocations.renew(connection);
      const accepted = renewed.ok ? await services.activity.accept(connection) : renewed;
      await changed();
      return accepted.ok ? ok({}) : err(problemOf(accepted.error));
    }),
  ];
}
