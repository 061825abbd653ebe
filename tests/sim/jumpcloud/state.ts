import { generateKeyPairSync, type KeyObject } from "node:crypto";
import type { Clock } from "../clock.ts";
import { hex } from "../tokens.ts";
import type { JumpCloudSpec, UserSpec } from "../world/spec.ts";

/** What the cookie `_jumpcloud_user_console_` stands for. It exists before anybody has signed in. */
export interface ConsoleSession {
  readonly id: string;
  readonly xsrf: string;
  /** Whose password was right; MFA may still be missing. */
  candidate?: UserSpec;
  redirectTo?: string;
  /** Who is signed in. */
  user?: UserSpec;
  lastSeenMs: number;
}

export interface Push {
  readonly id: string;
  readonly sessionId: string;
  readonly user: UserSpec;
  readonly initiatedAtMs: number;
  readonly expiresAtMs: number;
  decision?: "accepted" | "denied";
}

export type PushStatus = "pending" | "accepted" | "denied" | "expired";

export class JumpCloudState {
  idleSessionMinutes: number;
  /** The key that signs assertions; AWS knows its public half. */
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly #pushSeconds: number;
  readonly #clock: Clock;
  readonly #sessions = new Map<string, ConsoleSession>();
  readonly #pushes = new Map<string, Push>();
  #pushAwaited: (() => void)[] = [];

  constructor(spec: JumpCloudSpec, clock: Clock) {
    const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
    this.privateKey = keys.privateKey;
    this.publicKey = keys.publicKey;
    this.idleSessionMinutes = spec.idleSessionMinutes;
    this.#pushSeconds = spec.pushSeconds;
    this.#clock = clock;
  }

  get sessions(): readonly ConsoleSession[] {
    return [...this.#sessions.values()];
  }

  /** The session of a cookie, kept alive by being asked for; a new anonymous one when it is gone or idle. */
  touch(id: string | undefined): ConsoleSession {
    const known = this.find(id);
    if (known !== undefined) {
      known.lastSeenMs = this.#clock.nowMs();
      return known;
    }
    const session: ConsoleSession = { id: hex(16), xsrf: hex(32), lastSeenMs: this.#clock.nowMs() };
    this.#sessions.set(session.id, session);
    return session;
  }

  /** Like `touch`, but neither creates nor prolongs anything. */
  find(id: string | undefined): ConsoleSession | undefined {
    const session = id === undefined ? undefined : this.#sessions.get(id);
    if (session === undefined) return undefined;
    const idleMs = this.#clock.nowMs() - session.lastSeenMs;
    if (idleMs < this.idleSessionMinutes * 60_000) return session;
    this.#sessions.delete(session.id);
    return undefined;
  }

  end(id: string | undefined): void {
    if (id !== undefined) this.#sessions.delete(id);
  }

  /** Ends every console session of a user, as an administrator can. */
  endUser(email: string): void {
    for (const session of this.sessions) if (session.user?.email === email) this.end(session.id);
  }

  startPush(session: ConsoleSession, user: UserSpec): Push {
    const initiatedAtMs = this.#clock.nowMs();
    const expiresAtMs = initiatedAtMs + this.#pushSeconds * 1000;
    const push = { id: hex(12), sessionId: session.id, user, initiatedAtMs, expiresAtMs };
    this.#pushes.set(push.id, push);
    for (const met of this.#pushAwaited.splice(0)) met();
    return push;
  }

  push(id: string): Push | undefined {
    return this.#pushes.get(id);
  }

  pushStatus(push: Push): PushStatus {
    if (push.decision !== undefined) return push.decision;
    return push.expiresAtMs <= this.#clock.nowMs() ? "expired" : "pending";
  }

  pendingPushes(): readonly Push[] {
    return [...this.#pushes.values()].filter((push) => this.pushStatus(push) === "pending");
  }

  /** Resolves as soon as a phone shows a push. */
  pushWaiting(): Promise<void> {
    if (this.pendingPushes().length > 0) return Promise.resolve();
    return new Promise((resolve) => this.#pushAwaited.push(resolve));
  }

  /** The user taps the phone: answers the newest pending push, or that of one user. */
  answerPush(decision: "accepted" | "denied", email?: string): Push | undefined {
    const push = this.pendingPushes()
      .filter(({ user }) => email === undefined || user.email === email)
      .at(-1);
    if (push !== undefined) push.decision = decision;
    return push;
  }
}
