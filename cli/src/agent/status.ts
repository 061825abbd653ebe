/** What `jcfetch agent status` tells; never a value of a credential. */
export interface AgentStatus {
  readonly pid: number;
  readonly version: string;
  readonly sinceMs: number;
  readonly rssBytes: number;
  readonly locked: boolean;
  readonly roles: readonly HeldRole[];
}

export interface HeldRole {
  readonly source: string;
  readonly account: string;
  readonly role: string;
  readonly expiresAtMs: number;
  readonly refreshing: boolean;
}
