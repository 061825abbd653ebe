import { CallLog } from "./call-log.ts";
import type { Clock } from "./clock.ts";
import { CredentialStore } from "./credentials.ts";
import { Directory } from "./directory.ts";
import { JumpCloudState } from "./jumpcloud/state.ts";
import { OidcState } from "./oidc/state.ts";
import { SessionStore } from "./sessions.ts";
import { SigninState } from "./signin/state.ts";
import { totpCode } from "./totp.ts";
import type { UserSpec, WorldSpec } from "./world/spec.ts";

/** Everything that exists and happens: the world file, brought to life. */
export class World {
  readonly clock: Clock;
  readonly directories: ReadonlyMap<string, Directory>;
  readonly users: ReadonlyMap<string, UserSpec>;
  readonly organization: string;
  readonly sessions: SessionStore;
  readonly credentials: CredentialStore;
  readonly jumpcloud: JumpCloudState;
  readonly signin: SigninState;
  readonly oidc: OidcState;
  readonly calls = new CallLog();
  /** Calls the world does not know, as `METHOD host/path`. Tests hold this to be empty. */
  readonly unknownCalls: string[] = [];

  constructor(spec: WorldSpec, clock: Clock) {
    this.clock = clock;
    this.directories = new Map(spec.directories.map((one) => [one.name, new Directory(one)]));
    this.users = new Map(spec.users.map((one) => [one.name, one]));
    this.organization = spec.jumpcloud.organization;
    this.sessions = new SessionStore(clock);
    this.credentials = new CredentialStore(clock);
    this.jumpcloud = new JumpCloudState(spec.jumpcloud, clock);
    this.signin = new SigninState(clock);
    this.oidc = new OidcState(clock);
  }

  get clockOffsetMs(): number {
    return this.clock.offsetMs;
  }

  /** Moves the world's time: the `Date` header and every expiration it gives from now on. */
  set clockOffsetMs(offsetMs: number) {
    this.clock.offsetMs = offsetMs;
  }

  directory(name: string): Directory {
    const directory = this.directories.get(name) ?? this.findDirectory((one) => one.id === name);
    if (directory === undefined) throw new Error(`the world has no directory ${name}`);
    return directory;
  }

  findDirectory(matches: (directory: Directory) => boolean): Directory | undefined {
    return [...this.directories.values()].find(matches);
  }

  user(name: string): UserSpec {
    const user = this.users.get(name);
    if (user === undefined) throw new Error(`the world has no user ${name}`);
    return user;
  }

  userByEmail(email: string): UserSpec | undefined {
    return [...this.users.values()].find((user) => user.email === email.trim().toLowerCase());
  }

  /** What the user's authenticator app shows now. */
  totp(user: string): string {
    const secret = this.user(user).totpSecret;
    if (secret === undefined) throw new Error(`${user} has no authenticator app`);
    return totpCode(secret, this.clock.nowMs());
  }
}
