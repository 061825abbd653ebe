import type { EpochSeconds } from "@jcfetch/shared/time";
import type { MembershipAttempt } from "../broker/membership-fence.ts";

/** No code's ticket: theirs are longer. */
export const MEMBERSHIP = "membership";

export interface TicketCalls {
  /**
   * [EN2] Spend an enrolment code for one extension. That one may come again, since enrolling may fail after this, or its
   * answer get lost. @returns `false` when another one spent it before.
   */
  spend(uid: string, expiresAt: EpochSeconds): Promise<boolean>;
  /** [EN8] Asked of the one ticket named `MEMBERSHIP`. @returns how long to wait when this attempt is one too many. */
  admitMember(attempt: MembershipAttempt, now: EpochSeconds): Promise<number | undefined>;
}
