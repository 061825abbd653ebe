import type { DeviceId, UserId } from "@jcfetch/shared/domain/ids";
import type { ReplayWindow } from "@jcfetch/shared/replay-window";
import type { EpochSeconds } from "@jcfetch/shared/time";
import type { JoinState } from "../broker/join-state.ts";
import type { RateWindow } from "../broker/rate-window.ts";
import type { Reason } from "../errors.ts";

export interface User {
  /** Whose rows these are; `null` in a vault from before they said so. */
  readonly uid: UserId | null;
  /** Of the extension that enrolled; `null` when it sent none. */
  readonly origin: string | null;
  /** Number of the revocation list held. */
  readonly rl: number;
  readonly isLocked: boolean;
  /** [JS5] A device knew more than this vault. */
  readonly hasRegressed: boolean;
  readonly spent: ReplayWindow;
}

export interface DeviceRow {
  readonly did: DeviceId;
  readonly gh: string;
  readonly hasLeft: boolean;
  readonly lastUsedAt: EpochSeconds | null;
  readonly spent: ReplayWindow;
  readonly rate: RateWindow;
  readonly joined: JoinState;
  /** [JS2] Two holders of its keys were seen. */
  readonly hasForked: boolean;
  /** Storage was set back, and the user goes on: what this device knows more is believed once. */
  readonly adopts: boolean;
}

/** [PF6] Files can be mixed up where they are kept: rows of somebody else are nobody's. */
export const isVaultOf = (user: User | undefined, { uid }: { readonly uid: UserId }): user is User =>
  user !== undefined && (user.uid === null || user.uid === uid);

/** [HT6] Programs send no origin; an extension's must be the one that enrolled. */
export const isOriginRight = (user: User, origin: string | null): boolean =>
  origin === null || origin === user.origin;

/**
 * Why a device with a good signature may not ask. A device that was removed is told so even when its row has gone: the
 * grant it showed was signed, so it was known once.
 */
export function whyDeviceRefused(
  user: User,
  device: DeviceRow | undefined,
  seen: { gh: string; isRevoked: boolean; isLocked: boolean },
): Reason | undefined {
  if (seen.isRevoked) return "device-revoked";
  if (!device || device.gh !== seen.gh) return "device-unknown";
  if (device.hasLeft) return "device-left";
  if (device.hasForked) return "device-forked";
  if (user.isLocked) return "user-locked";
  if (seen.isLocked) return "device-locked";
  return user.hasRegressed ? "user-regressed" : undefined;
}
