import type { AskVoice } from "@jcfetch/shared/device-asking";
import type { PairingTerms } from "../../../extension/src/messaging/terms.ts";
import type { ApprovalView } from "../../../extension/src/messaging/view.ts";
import type { TestWorld } from "../../support/world.ts";
import { Background, type BackgroundOptions, networkOf, signedIn } from "../messaging/background-world.ts";
import { joinTerminal, termsFor } from "./terminal.ts";

/* The way to a paired terminal, with the real background and a real broker. */

/** Somebody signed in whose extension has its broker; its network can be changed under way. */
export async function enrolledBackground(world: TestWorld, options: BackgroundOptions = {}) {
  const network = { fetch: networkOf(world.sim) };
  const background = new Background((...call) => network.fetch(...call), options);
  const token = await signedIn(world.sim, background);
  const done = await background.ask("enrol", { code: await world.broker.newEnrolmentCode() });
  if (!done.ok) throw new Error(done.problem.code);
  return { background, network, token };
}

/** What the person at a terminal sees of a request that asks. */
export class Voice implements AskVoice {
  readonly interactive: boolean;
  readonly process = "terraform apply";
  readonly directory = "~/infra";
  num = 0;

  constructor(interactive = true) {
    this.interactive = interactive;
  }

  show(num: number): void {
    this.num = num;
  }

  done(): void {
    this.num = 0;
  }

  get digits(): string {
    return String(this.num);
  }

  /** Two digits that do not stand there. */
  get wrongDigits(): string {
    return String(this.num === 99 ? 98 : this.num + 1);
  }
}

/** A terminal that was paired with these terms, through code and words. */
export async function pairedWith(background: Background, over: Partial<PairingTerms>, voice = new Voice()) {
  const started = await background.ask("pairStart");
  if (!started.ok || started.value.step !== "waiting") throw new Error("no code");
  const terminal = await joinTerminal(started.value.code);
  await background.until("pairing", async () => {
    const view = await background.ask("pairState");
    return view.ok && view.value.step === "words" ? true : undefined;
  });
  await background.ask("pairWords", { words: terminal.words.join(" ") });
  const done = await background.ask("pairApprove", termsFor(over));
  if (!done.ok || done.value.step !== "done") throw new Error(JSON.stringify(done));
  const parts = await terminal.parts({ voice: () => voice });
  return { ...parts, voice };
}

/** The question, as soon as it is shown. */
export const question = (background: Background): Promise<ApprovalView> =>
  background.until("state", async () => {
    const state = await background.ask("state");
    return (state.ok && state.value.approval) || undefined;
  });
