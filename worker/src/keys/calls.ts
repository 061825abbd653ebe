import type { EpochSeconds } from "@jcfetch/shared/time";

/** An epoch's keys at rest: the private half under the broker's root key. */
export interface EpochRow {
  readonly kid: string;
  /** SubjectPublicKeyInfo, base64url. */
  readonly pk: string;
  readonly wrapped: string;
  readonly nbf: EpochSeconds;
  readonly exp: EpochSeconds;
}

export interface KeysCalls {
  /** [KS2] The epochs that open something now, newest first; a new one is made when the newest is a day old. */
  current(): Promise<readonly EpochRow[]>;
}
