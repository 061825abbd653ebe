import type { EpochSeconds } from "@jcfetch/shared/time";

export interface TicketCalls {
  /** [EN2] Spend an enrolment code. @returns `false` when it was spent before. */
  spend(expiresAt: EpochSeconds): Promise<boolean>;
}
