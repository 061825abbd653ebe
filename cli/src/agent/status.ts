/** What `jcfetch agent status` tells; never a value of a credential. */
export interface AgentStatus {
  readonly pid: number;
  readonly version: string;
  readonly sinceMs: number;
  readonly rssBytes: number;
  readonly locked: boolean;
  readonly roles: readonly HeldRole[];
  readonly shares: readonly SharedSocket[];
}

/** A socket for some roles alone. */
export interface SharedSocket {
  readonly path: string;
  readonly untilMs: number;
  readonly roles: readonly { readonly account: string; readonly role: string }[];
}

export interface HeldRole {
  readonly source: string;
  readonly account: string;
  readonly role: string;
  readonly expiresAtMs: number;
  readonly refreshing: boolean;
}
