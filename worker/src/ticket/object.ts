import { DurableObject } from "cloudflare:workers";
import { type EpochSeconds, toMs } from "@jcfetch/shared/time";
import { type MembershipAttempt, MembershipFence } from "../broker/membership-fence.ts";
import type { Bindings } from "../env.ts";
import type { TicketCalls } from "./calls.ts";

/** Beyond its end, because the clocks of two machines are never the same. */
const REMEMBERED_SECONDS = 600;

/** The one use of one enrolment code. Only codes with the broker's own mark get this far. */
export class TicketObject extends DurableObject<Bindings> implements TicketCalls {
  readonly #fence = new MembershipFence();

  async spend(uid: string, expiresAt: EpochSeconds): Promise<boolean> {
    const { storage } = this.ctx;
    const spentBy = storage.kv.get<string>("spent-by");
    if (spentBy !== undefined) return spentBy === uid;
    storage.kv.put("spent-by", uid);
    await storage.setAlarm(toMs(expiresAt + REMEMBERED_SECONDS));
    return true;
  }

  async admitMember(attempt: MembershipAttempt, now: EpochSeconds): Promise<number | undefined> {
    return this.#fence.admit(attempt, now);
  }

  /** After its end the code is refused by its own date; nothing need be remembered. */
  override alarm(): Promise<void> {
    return this.ctx.storage.deleteAll();
  }
}
