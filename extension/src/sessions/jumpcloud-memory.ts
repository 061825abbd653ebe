import type { Clock } from "@jcfetch/shared/time";
import * as v from "valibot";
import { JumpcloudView } from "../messaging/view.ts";
import {
  awsSignInUrl,
  CONSOLES,
  checkJumpcloud,
  type JumpcloudPorts,
  type JumpcloudSession,
} from "./jumpcloud-session.ts";
import { type Slot, type Storage, slot } from "./slot.ts";

const Known = v.object({ view: JumpcloudView, console: v.picklist(CONSOLES) });

/** What JumpCloud last said, in the browser's memory. */
export class JumpcloudMemory {
  readonly #ports: JumpcloudPorts;
  readonly #slot: Slot<v.InferOutput<typeof Known>>;
  readonly #now: Clock;

  constructor(storage: Storage, ports: JumpcloudPorts, now: Clock) {
    this.#ports = ports;
    this.#now = now;
    const view: JumpcloudView = { status: "unknown", name: null, checkedAtMs: null };
    this.#slot = slot(storage.session, "jumpcloud", Known, { view, console: CONSOLES[0] });
  }

  async view(): Promise<JumpcloudView> {
    return (await this.#slot.get()).view;
  }

  /** Address of the console the user is at home in. */
  async console(): Promise<string> {
    return (await this.#slot.get()).console;
  }

  /** On the user's action only. */
  async check(): Promise<JumpcloudSession> {
    const session = await checkJumpcloud(this.#ports);
    const name = session.status === "live" ? session.name : null;
    await this.#slot.update((old) => ({
      view: { status: session.status, name, checkedAtMs: this.#now() },
      console: session.status === "live" ? session.console : old.console,
    }));
    return session;
  }

  /** Where a live JumpCloud session leads to AWS. On the user's action only. */
  async signInUrl(): Promise<string | undefined> {
    const session = await this.check();
    return session.status === "live" ? awsSignInUrl(this.#ports, session.console) : undefined;
  }
}
