import type { Clock } from "./clock.ts";
import type { Directory } from "./directory.ts";
import { portalToken, uuid } from "./tokens.ts";
import type { UserSpec } from "./world/spec.ts";

/** A sign-in at a directory. Every token of it dies with it. */
export interface PortalSession {
  readonly id: string;
  readonly user: UserSpec;
  readonly directory: Directory;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  revoked: boolean;
}

/** `portal` is the cookie's token and may do all; `oidc` came from CreateToken. */
export interface Token {
  readonly kind: "portal" | "oidc";
  readonly session: PortalSession;
  readonly expiresAtMs: number;
}

export class SessionStore {
  readonly #clock: Clock;
  readonly #sessions: PortalSession[] = [];
  readonly #tokens = new Map<string, Token>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get all(): readonly PortalSession[] {
    return this.#sessions;
  }

  /** Every token ever given: what must be found nowhere. */
  get tokenValues(): readonly string[] {
    return [...this.#tokens.keys()];
  }

  /** Opens a portal session and its token, whose value the cookie holds. */
  open(
    user: UserSpec,
    directory: Directory,
    sessionSeconds?: number,
  ): { readonly value: string; readonly token: Token } {
    const createdAtMs = this.#clock.nowMs();
    const expiresAtMs = createdAtMs + (sessionSeconds ?? directory.spec.sessionSeconds) * 1000;
    const session = { id: uuid(), user, directory, createdAtMs, expiresAtMs, revoked: false };
    this.#sessions.push(session);
    const value = portalToken();
    const token: Token = { kind: "portal", session, expiresAtMs };
    this.addToken(value, token);
    return { value, token };
  }

  addToken(value: string, token: Token): void {
    this.#tokens.set(value, token);
  }

  /** The live token; undefined when unknown, expired, revoked, or another region's. */
  live(value: string | undefined, region?: string): Token | undefined {
    const token = value === undefined ? undefined : this.#tokens.get(value);
    if (token === undefined || !this.isLive(token.session)) return undefined;
    if (token.expiresAtMs <= this.#clock.nowMs()) return undefined;
    if (region !== undefined && token.session.directory.region !== region) return undefined;
    return token;
  }

  isLive(session: PortalSession): boolean {
    return !session.revoked && session.expiresAtMs > this.#clock.nowMs();
  }

  /** Revokes the whole session a token belongs to. Role credentials already issued live on. */
  end(value: string): void {
    const token = this.#tokens.get(value);
    if (token !== undefined) token.session.revoked = true;
  }
}
