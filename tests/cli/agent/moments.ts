import type { RoleCredentials } from "@jcfetch/shared/domain/role-credentials";
import { Secret } from "@jcfetch/shared/secret";
import type { Instant } from "../../../cli/src/agent/store.ts";

export const START: Instant = { wallMs: 1_800_000_000_000, steadyMs: 5_000 };

/** After so long, by both clocks. */
export const after = (ms: number, from = START): Instant => ({
  wallMs: from.wallMs + ms,
  steadyMs: from.steadyMs + ms,
});

/** Credentials that live so long from START on; `name` tells them apart. */
export const living = (ms: number, name = "one"): RoleCredentials => ({
  accessKeyId: `ASIAEXAMPLE${name}`,
  secretAccessKey: new Secret(`secret ${name}`),
  sessionToken: new Secret(`token ${name}`),
  expiresAtMs: START.wallMs + ms,
});
