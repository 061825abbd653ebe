import type { Clock } from "./clock.ts";
import type { Directory } from "./directory.ts";
import { accessKeyId, secretAccessKey, sessionToken } from "./tokens.ts";
import type { RoleSpec, UserSpec } from "./world/spec.ts";

/** Role credentials that were handed out, with what they may do. */
export interface IssuedCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiresAtMs: number;
  readonly accountId: string;
  readonly role: RoleSpec;
  readonly user: UserSpec;
  readonly directory: Directory;
}

export class CredentialStore {
  readonly #clock: Clock;
  readonly #issued = new Map<string, IssuedCredentials>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get all(): readonly IssuedCredentials[] {
    return [...this.#issued.values()];
  }

  issue(user: UserSpec, directory: Directory, accountId: string, role: RoleSpec): IssuedCredentials {
    // AWS counts expirations in whole seconds, though it writes them in milliseconds.
    const nowSeconds = Math.floor(this.#clock.nowMs() / 1000);
    const issued = {
      accessKeyId: accessKeyId(),
      secretAccessKey: secretAccessKey(),
      sessionToken: sessionToken(),
      expiresAtMs: (nowSeconds + role.sessionSeconds) * 1000,
      accountId,
      role,
      user,
      directory,
    };
    this.#issued.set(issued.accessKeyId, issued);
    return issued;
  }

  find(keyId: string): IssuedCredentials | undefined {
    return this.#issued.get(keyId);
  }

  hasExpired(credentials: IssuedCredentials): boolean {
    return credentials.expiresAtMs <= this.#clock.nowMs();
  }
}
