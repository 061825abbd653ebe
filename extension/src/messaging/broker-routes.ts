import { err, ok } from "@jcfetch/shared/result";
import type { Connection } from "../broker/broker.ts";
import { problemOf } from "../broker/refusal.ts";
import {
  brokerAccept,
  deviceRevoke,
  deviceUnlock,
  enrol,
  enrolPreview,
  join,
  joinPreview,
  lockAll,
  unenrol,
} from "./messages.ts";
import { problem } from "./problems.ts";
import { type Route, route } from "./router.ts";
import type { Services } from "./services.ts";

/** The broker, and which terminals have their right at it. */
export function brokerRoutes(services: Services): Route[] {
  const { broker, pairing, devices, revocations, deposits, approvals, seen, notify } = services;

  const changed = async (): Promise<void> => {
    await seen.forget();
    services.deposit();
    notify("state");
  };

  /** Terminals belong to the broker they were paired through; the old one may be gone already. */
  const takePlaceOf = async (old: Connection | undefined, bid: string): Promise<void> => {
    if (old && old.bid !== bid) {
      await revocations.remove(old, await devices.all());
      await devices.clear();
    }
    await changed();
  };

  return [
    route(enrolPreview, ({ code }) => broker.preview(code)),

    route(enrol, async ({ code }) => {
      const old = await broker.connection();
      const enrolled = await broker.enrol(code);
      if (!enrolled.ok) return enrolled;
      await takePlaceOf(old, enrolled.value.bid);
      const { url, bid, setup } = enrolled.value;
      const pairingBegun = setup && (await pairing.startSetup(setup));
      return pairingBegun?.ok === false ? pairingBegun : ok({ url, bid, setup: setup !== undefined });
    }),

    route(joinPreview, ({ code }) => broker.previewJoin(code)),

    route(join, async ({ code, portal }) => {
      const old = await broker.connection();
      const session = await services.sessions.access(portal);
      if (!session.ok) return err(problem(session.error));
      const joined = await broker.join(code, session.value);
      if (!joined.ok) return joined;
      await takePlaceOf(old, joined.value.bid);
      return joined;
    }),

    route(unenrol, async () => {
      await pairing.cancel();
      const connection = await broker.connection();
      if (connection) await revocations.remove(connection, await devices.all());
      await devices.clear();
      await broker.forget();
      await changed();
      return ok({});
    }),

    route(deviceRevoke, async ({ did }) => {
      const device = await devices.find(did);
      if (!device) return err(problem("no-device"));
      const connection = await broker.connection();
      if (!connection) return err(problem("no-broker"));
      const done = await revocations.remove(connection, [device]);
      await changed();
      return done.ok ? ok({}) : err(problemOf(done.error));
    }),

    route(deviceUnlock, async ({ did }) => {
      await approvals.forgive(did);
      await deposits.locked();
      const done = await revocations.lockOne(await broker.connection(), did, false);
      await changed();
      return done.ok ? ok({}) : err(problem("unlock-untold"));
    }),

    route(lockAll, async ({ lock }) => {
      await deposits.locked();
      const done = await revocations.lockAll(await broker.connection(), lock);
      await changed();
      return done.ok ? ok({}) : err(problem(lock ? "lock-untold" : "unlock-untold"));
    }),

    route(brokerAccept, async () => {
      const connection = await broker.connection();
      if (!connection) return err(problem("no-broker"));
      const renewed = await revocations.renew(connection);
      const accepted = renewed.ok ? await services.activity.accept(connection) : renewed;
      await changed();
      return accepted.ok ? ok({}) : err(problemOf(accepted.error));
    }),
  ];
}
