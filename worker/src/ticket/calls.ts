import type { EpochSeconds } from "@jcfetch/shared/time";

export interface TicketCalls {
  /**
   * [EN2] Spend an enrolment code for one extension. That one may come again, since enrolling may fail after this, or its
   * answer get lost. @returns `false` when another one spent it before.
   */
  spend(uid: string, expiresAt: EpochSeconds): Promise<boolean>;
}
