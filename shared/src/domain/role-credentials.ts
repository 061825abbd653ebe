import type { Secret } from "../secret.ts";
import type { EpochMs } from "../time.ts";

/** The four values of GetRoleCredentials. The access key id is not secret by itself; the other two are. */
export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret<string>;
  readonly sessionToken: Secret<string>;
  readonly expiresAtMs: EpochMs;
}
