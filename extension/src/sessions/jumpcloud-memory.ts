import type { Clock } from "@jcfetch/shared/time";
import * as v from "valibot";
import { JumpcloudView } from "../messaging/view.ts";
import {
  awsSignInUrl,
  CONSOLES,
  type Console,
  checkJumpcloud,
  type JumpcloudPorts,
  type JumpcloudSession,
} from "./jumpcloud-session.ts";
import { type Slot, type Storage, slot } from "./slot.ts";

/** But for what the browser would have to allow, which it is asked each time. */
const Said = v.omit(JumpcloudView, ["missing"]);
type Said = v.InferOutput<typeof Said>;

const Known = v.object({ view: Said, console: v.picklist(CONSOLES) });

/** What JumpCloud last said, in the browser's memory. */
export class JumpcloudMemory {
  readonly #ports: JumpcloudPorts;
  readonly #slot: Slot<v.InferOutput<typeof Known>>;
  readonly #now: Clock;

  constructor(storage: Storage, ports: JumpcloudPorts, now: Clock) {
    this.#ports = ports;
    this.#now = now;
    const view: Said = { status: "unknown", name: null, checkedAtMs: null, tile: false };
    this.#slot = slot(storage.session, "jumpcloud", Known, { view, console: CONSOLES[0] });
  }

  async view(): Promise<Said> {
    return (await this.#slot.get()).view;
  }

  /** Address of the console the user is at home in. */
  async console(): Promise<Console> {
    return (await this.#slot.get()).console;
  }

  /** On the user's action only. */
  async check(): Promise<JumpcloudSession> {
    return (await this.#look()).session;
  }

  /** The way to AWS for somebody whose portal is not known: JumpCloud's link there, else JumpCloud. On the user's action only. */
  async signInUrl(): Promise<string> {
    return (await this.#look()).tile ?? this.console();
  }

  /** The session, and the link to AWS where JumpCloud shows exactly one. The link is not kept: an administrator may change it. */
  async #look(): Promise<{ session: JumpcloudSession; tile: string | undefined }> {
    const session = await checkJumpcloud(this.#ports, await this.console());
    const live = session.status === "live" ? session : undefined;
    const tile = live && (await awsSignInUrl(this.#ports, live.console));
    await this.#slot.update((old) => ({
      view: {
        status: session.status,
        name: live?.name ?? null,
        checkedAtMs: this.#now(),
        tile: tile !== undefined,
      },
      console: live?.console ?? old.console,
    }));
    return { session, tile };
  }
}
