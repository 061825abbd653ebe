import { DurableObject } from "cloudflare:workers";
import { type EpochSeconds, toMs } from "@jcfetch/shared/time";
import type { Bindings } from "../env.ts";
import type { TicketCalls } from "./calls.ts";

/** The one use of one enrolment code. Only codes with the broker's own mark get this far. */
export class TicketObject extends DurableObject<Bindings> implements TicketCalls {
  async spend(expiresAt: EpochSeconds): Promise<boolean> {
    const { storage } = this.ctx;
    if (storage.kv.get("spent") !== undefined) return false;
    storage.kv.put("spent", true);
    await storage.setAlarm(toMs(expiresAt));
    return true;
  }

  /** After its end the code is refused by its own date; nothing need be remembered. */
  override alarm(): Promise<void> {
    return this.ctx.storage.deleteAll();
  }
}
