import { err, ok } from "@jcfetch/shared/result";
import type { Connection } from "../broker/broker.ts";
import { join, joinPreview } from "./join-messages.ts";
import { enrol, enrolPreview, unenrol } from "./messages.ts";
import { problem } from "./problems.ts";
import { type Route, route } from "./router.ts";
import type { Services } from "./services.ts";

/** The broker: coming to one, and leaving it. */
export function brokerRoutes(services: Services): Route[] {
  const { broker, pairing, devices, revocations, seen, notify } = services;

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
      await revocations.forget();
      await services.activity.forget();
      await changed();
      return ok({});
    }),
  ];
}
