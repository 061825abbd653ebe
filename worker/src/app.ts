import type { Bytes } from "@jcfetch/shared/crypto/encoding";
import type { Secret } from "@jcfetch/shared/secret";
import { Hono } from "hono";
import { refuse } from "./bind.ts";
import type { BrokerIdentity } from "./broker/identity.ts";
import type { Config } from "./env.ts";
import type { KeyRing } from "./keys/ring.ts";
import type { MailboxCalls } from "./mailbox/calls.ts";
import { type EdgeLimits, edgeLimit } from "./middleware/edge-limit.ts";
import { gate } from "./middleware/gate.ts";
import { limits } from "./middleware/limits.ts";
import { requestLog } from "./middleware/request-log.ts";
import type { Ports } from "./ports.ts";
import { audit } from "./routes/audit.ts";
import { credentials } from "./routes/credentials.ts";
import { device } from "./routes/device.ts";
import { enrolment } from "./routes/enrolment.ts";
import { extension } from "./routes/extension.ts";
import { health } from "./routes/health.ts";
import { pairing } from "./routes/pairing.ts";
import { relay } from "./routes/relay.ts";
import type { TicketCalls } from "./ticket/calls.ts";
import type { VaultCalls } from "./vault/calls.ts";

export interface Deps extends Ports, Pick<Config, "allowedHosts" | "memberDirectories" | "local"> {
  readonly identity: BrokerIdentity;
  readonly enrolmentKey: Secret<Bytes>;
  readonly edge: EdgeLimits;
  readonly ring: KeyRing;
  /** The one object of a user, of a pairing, of an enrolment code. */
  readonly vaultOf: (uid: string) => VaultCalls & Pick<Fetcher, "fetch">;
  readonly mailboxOf: (m: string) => MailboxCalls;
  readonly ticketOf: (ticket: string) => TicketCalls;
}

export interface AppEnv {
  Variables: {
    /** Random id of this request, in the log and in a refusal. */
    trace: string;
    /** Raw bytes, at most `MAX_BODY_BYTES`. */
    body: Bytes;
    /** The refusal, for the log. */
    code?: string;
  };
}

export function createApp(deps: Deps): Hono<AppEnv> {
  const app = new Hono<AppEnv>();

  app.use(requestLog(deps)); // sees every request, even refused ones
  app.use(limits()); // the body is read before anything is refused
  app.use(edgeLimit(deps)); // strangers in numbers cost a look, and no more
  app.use(gate(deps)); // after this line it is a request of this protocol

  health(app, deps);
  enrolment(app, deps);
  extension(app, deps);
  pairing(app, deps);
  device(app, deps);
  credentials(app, deps);
  relay(app, deps);
  audit(app, deps);

  app.notFound((c) => refuse(c, { reason: "path-unknown" }));
  app.onError((_, c) => refuse(c, { reason: "bug" })); // what an exception says stays inside
  return app;
}
