import type { Clock } from "../clock.ts";
import type { PortalSession } from "../sessions.ts";
import { hex, opaque, userCode, uuid } from "../tokens.ts";

const REGISTRATION_SECONDS = 90 * 24 * 3600;
const DEVICE_SECONDS = 600;
const CODE_SECONDS = 600;

export interface Client {
  readonly id: string;
  readonly secret: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly grantTypes: readonly string[];
  readonly redirectUris: readonly string[];
  readonly issuerUrl: string | undefined;
  readonly issuedAtSeconds: number;
  readonly expiresAtSeconds: number;
}

export interface DeviceAuthorization {
  readonly deviceCode: string;
  readonly userCode: string;
  /** Names this authorization to the approval page without giving the device code away. */
  readonly contextId: string;
  readonly client: Client;
  readonly startUrl: string;
  readonly intervalSeconds: number;
  readonly expiresInSeconds: number;
  readonly expiresAtMs: number;
  lastPollMs?: number;
  /** Polls in a row that came before the interval was over. */
  earlyPolls: number;
  denied?: boolean;
  session?: PortalSession;
  used?: boolean;
}

/** A browser that came to `/authorize` and has to ask its user. */
export interface AuthorizeContext {
  readonly id: string;
  readonly client: Client;
  readonly redirectUri: string;
  readonly state: string;
  readonly codeChallenge: string;
  readonly scopes: readonly string[];
  readonly expiresAtMs: number;
}

export interface AuthorizationCode {
  readonly context: AuthorizeContext;
  readonly session: PortalSession;
  readonly expiresAtMs: number;
  used: boolean;
  grant?: Grant;
}

/** What one approval gave: its refresh tokens form a chain. */
export interface Grant {
  readonly client: Client;
  readonly session: PortalSession;
  readonly refreshTokens: string[];
  ended: boolean;
}

export class OidcState {
  readonly #clock: Clock;
  readonly #clients = new Map<string, Client>();
  readonly #devices = new Map<string, DeviceAuthorization>();
  readonly #contexts = new Map<string, AuthorizeContext>();
  readonly codes = new Map<string, AuthorizationCode>();
  readonly grants = new Map<string, Grant>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  register(client: Pick<Client, "name" | "scopes" | "grantTypes" | "redirectUris" | "issuerUrl">): Client {
    const issuedAtSeconds = Math.floor(this.#clock.nowMs() / 1000);
    const registered = {
      ...client,
      id: opaque(24),
      secret: `eyJraWQiOiJrZXktMTU2NDAyODA5OSIsImFsZyI6IkhTMzg0In0.${opaque(220)}.${opaque(36)}`,
      issuedAtSeconds,
      expiresAtSeconds: issuedAtSeconds + REGISTRATION_SECONDS,
    };
    this.#clients.set(registered.id, registered);
    return registered;
  }

  /** The registration, if the secret is right and it has not run out. */
  client(id: unknown, secret: unknown): Client | undefined {
    const client = typeof id === "string" ? this.#clients.get(id) : undefined;
    if (client === undefined || client.secret !== secret) return undefined;
    return client.expiresAtSeconds * 1000 > this.#clock.nowMs() ? client : undefined;
  }

  clientById(id: string): Client | undefined {
    return this.#clients.get(id);
  }

  startDevice(client: Client, startUrl: string): DeviceAuthorization {
    const device: DeviceAuthorization = {
      deviceCode: `eyJraWQiOiJrZXktMTU2NDAyODA5OSJ9.${opaque(60)}`,
      userCode: userCode(),
      contextId: opaque(18),
      client,
      startUrl,
      intervalSeconds: 1,
      expiresInSeconds: DEVICE_SECONDS,
      earlyPolls: 0,
      expiresAtMs: this.#clock.nowMs() + DEVICE_SECONDS * 1000,
    };
    this.#devices.set(device.deviceCode, device);
    return device;
  }

  device(deviceCode: unknown): DeviceAuthorization | undefined {
    return typeof deviceCode === "string" ? this.#devices.get(deviceCode) : undefined;
  }

  devices(): readonly DeviceAuthorization[] {
    return [...this.#devices.values()];
  }

  deviceByUserCode(code: string): DeviceAuthorization | undefined {
    const wanted = code.trim().toUpperCase();
    return this.devices().find((one) => one.userCode === wanted && one.expiresAtMs > this.#clock.nowMs());
  }

  deviceByContext(contextId: string): DeviceAuthorization | undefined {
    return this.devices().find((one) => one.contextId === contextId);
  }

  startAuthorize(context: Omit<AuthorizeContext, "id" | "expiresAtMs">): AuthorizeContext {
    const started = { ...context, id: uuid(), expiresAtMs: this.#clock.nowMs() + CODE_SECONDS * 1000 };
    this.#contexts.set(started.id, started);
    return started;
  }

  authorizeContext(id: string): AuthorizeContext | undefined {
    const context = this.#contexts.get(id);
    return context !== undefined && context.expiresAtMs > this.#clock.nowMs() ? context : undefined;
  }

  /** The user said yes: makes the one-time code and returns where the browser goes with it. */
  approve(context: AuthorizeContext, session: PortalSession): string {
    this.#contexts.delete(context.id);
    const code = hex(40);
    const expiresAtMs = this.#clock.nowMs() + CODE_SECONDS * 1000;
    this.codes.set(code, { context, session, expiresAtMs, used: false });
    return callback(context, { code });
  }

  /** The user said no. */
  deny(context: AuthorizeContext): string {
    this.#contexts.delete(context.id);
    return callback(context, {
      error: "access_denied",
      error_description: "User denied the authorization request",
    });
  }
}

function callback(context: AuthorizeContext, answer: Record<string, string>): string {
  const url = new URL(context.redirectUri);
  for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value);
  url.searchParams.set("state", context.state);
  return url.href;
}
