import { type EpochMs, HOUR_MS, MINUTE_MS } from "@jcfetch/shared/time";
import type { HeldRole } from "./agent/status.ts";
import type { Host } from "./host.ts";

type Env = Host["env"];

/** Whom this shell acts as: by its own keys, or by the profile that AWS's tools would take. */
export type Acting =
  | { readonly kind: "keys"; readonly name: string; readonly endsAtMs: EpochMs }
  | { readonly kind: "profile"; readonly name: string };

export function actingAs(env: Env): Acting | undefined {
  const { JCFETCH_PROFILE, AWS_PROFILE, AWS_SESSION_TOKEN, AWS_CREDENTIAL_EXPIRATION } = env;
  if (AWS_SESSION_TOKEN && AWS_CREDENTIAL_EXPIRATION) {
    const endsAtMs = Date.parse(AWS_CREDENTIAL_EXPIRATION);
    const name = JCFETCH_PROFILE || AWS_PROFILE || "aws";
    return Number.isFinite(endsAtMs) ? { kind: "keys", name, endsAtMs } : undefined;
  }
  const name = JCFETCH_PROFILE || AWS_PROFILE;
  return name ? { kind: "profile", name } : undefined;
}

export const endOf = (
  { account, role }: Pick<HeldRole, "account" | "role">,
  held: readonly HeldRole[],
): EpochMs | undefined => held.find((one) => one.account === account && one.role === role)?.expiresAtMs;

/** `dev 58m`, `dev 2h`, and `dev 4m!` in the last five minutes; nothing where nothing lives. */
export function segment(name: string, endsAtMs: EpochMs | undefined, nowMs: EpochMs): string {
  const leftMs = (endsAtMs ?? 0) - nowMs;
  if (leftMs <= 0) return "";
  const shown = name.replaceAll(/\p{C}/gu, "");
  if (leftMs >= 2 * HOUR_MS) return `${shown} ${Math.floor(leftMs / HOUR_MS)}h`;
  return `${shown} ${Math.floor(leftMs / MINUTE_MS)}m${leftMs < 5 * MINUTE_MS ? "!" : ""}`;
}
