import { PROBLEM_TYPE } from "@jcfetch/shared/protocol/version";
import { ok, type Result } from "@jcfetch/shared/result";
import type { Hono } from "hono";
import { type AppEnv, createApp } from "./app.ts";
import { problemOf } from "./bind.ts";
import { type BrokerIdentity, openIdentity } from "./broker/identity.ts";
import { type Bindings, type Config, readConfig } from "./env.ts";
import { inJurisdiction } from "./jurisdiction.ts";
import { KeysObject } from "./keys/object.ts";
import { KeyRing } from "./keys/ring.ts";
import { MailboxObject } from "./mailbox/object.ts";
import { answerHeaders, newTrace } from "./middleware/request-log.ts";
import type { Ports } from "./ports.ts";
import { TicketObject } from "./ticket/object.ts";
import { VaultObject } from "./vault/object.ts";

interface Opened {
  readonly config: Config;
  readonly identity: BrokerIdentity;
  readonly ring: KeyRing;
}

/** @errors the names of the settings that are missing or malformed. */
async function openSettings(env: Bindings, { now }: Ports): Promise<Result<Opened, readonly string[]>> {
  const config = readConfig(env);
  if (!config.ok) return config;
  const identity = await openIdentity(config.value);
  const { rootKey, jurisdiction } = config.value;
  const { KEYS } = inJurisdiction(jurisdiction, { KEYS: env.KEYS });
  const ring = new KeyRing({ now, rootKey, bid: identity.bid, object: () => KEYS.getByName("keys") });
  return ok({ config: config.value, identity, ring });
}

/** The Worker over given ports: the entry gives it the platform's, a test its own clock. */
export function createWorker(ports: Ports) {
  // Settings do not change while an isolate lives; nothing of a user is ever kept here.
  const opened = once((env: Bindings) => openSettings(env, ports));
  const app = once(async (env: Bindings) => {
    const settings = await opened(env);
    return settings.ok ? ok(wire(env, settings.value, ports)) : settings;
  });
  const settingsOf = async (env: Bindings): Promise<Opened> => {
    const settings = await opened(env);
    if (!settings.ok)
      throw new TypeError("an object is reached through the app, which has checked the settings");
    return settings.value;
  };

  return {
    handler: {
      async fetch(request: Request, env: Bindings): Promise<Response> {
        const trace = newTrace();
        const note = { status: 500, code: "internal", trace };
        try {
          const ready = await app(env);
          if (ready.ok) return await ready.value.fetch(request);
          ports.log(JSON.stringify({ ...note, wrongSettings: ready.error }));
        } catch {
          ports.log(JSON.stringify(note));
        }
        const headers = { ...answerHeaders(env.LOCAL === "1"), "content-type": PROBLEM_TYPE };
        return new Response(problemOf("internal", trace), { status: 500, headers });
      },
    },
    Vault: class Vault extends VaultObject {
      constructor(state: DurableObjectState, env: Bindings) {
        super(state, env, {
          ...ports,
          identity: async () => (await settingsOf(env)).identity,
          ring: async () => (await settingsOf(env)).ring,
        });
      }
    },
    Mailbox: class Mailbox extends MailboxObject {
      constructor(state: DurableObjectState, env: Bindings) {
        super(state, env, ports);
      }
    },
    Ticket: class Ticket extends TicketObject {},
    Keys: class Keys extends KeysObject {
      constructor(state: DurableObjectState, env: Bindings) {
        super(state, env, {
          ...ports,
          root: async () => {
            const { config, identity } = await settingsOf(env);
            return { bid: identity.bid, rootKey: config.rootKey };
          },
        });
      }
    },
  };
}

function wire(env: Bindings, { config, identity, ring }: Opened, ports: Ports): Hono<AppEnv> {
  const { VAULT, MAILBOX, TICKET } = inJurisdiction(config.jurisdiction, {
    VAULT: env.VAULT,
    MAILBOX: env.MAILBOX,
    TICKET: env.TICKET,
  });
  return createApp({
    ...ports,
    ...config,
    identity,
    edge: { address: env.EDGE_ADDRESS, user: env.EDGE_USER },
    ring,
    vaultOf: (uid) => VAULT.getByName(uid),
    mailboxOf: (m) => MAILBOX.getByName(m),
    ticketOf: (ticket) => TICKET.getByName(ticket),
  });
}

function once<T>(make: (env: Bindings) => Promise<T>): (env: Bindings) => Promise<T> {
  let made: Promise<T> | undefined;
  return (env) => {
    made ??= make(env);
    return made;
  };
}
