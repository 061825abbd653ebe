/**
 * `npm run demo`: the main job, start to end, on a simulated JumpCloud and AWS; everything else is real: the extension in
 * Chromium, the Worker in workerd, `jcfetch`, and the AWS CLI. `npm run play` does it in a window and leaves it running.
 */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { copyInThePortal, PROFILE, pairTheTerminal, removeTheTerminal, useTheTerminal } from "./demo/acts.ts";
import { type Stage, setStage } from "./demo/stage.ts";
import { StepFailed, Steps } from "./demo/steps.ts";
import { ROOT } from "./lib/process.ts";
import { say } from "./lib/report.ts";

const playing = process.argv.includes("--play");
const hasScreen = process.platform !== "linux" || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
const shots = join(ROOT, ".demo/screenshots");

async function play(stage: Stage): Promise<void> {
  await copyInThePortal(stage);
  const popup = await pairTheTerminal(stage);
  await useTheTerminal(stage);
  if (playing) await stayOpen(stage);
  else await removeTheTerminal(stage, popup);
}

async function stayOpen({ terminal, sim }: Stage): Promise<void> {
  say("\nIt is yours until Ctrl-C. In a terminal of your own:");
  say(`  export HOME=${terminal.home} PATH="${join(ROOT, "cli/dist")}:$PATH"`);
  say("  jcfetch status");
  say(`  aws s3 ls --profile ${PROFILE} --endpoint-url ${sim.origin}`);
  await new Promise<void>((resolve) => process.once("SIGINT", resolve));
}

async function main(): Promise<boolean> {
  if (playing && !hasScreen) {
    say("npm run play opens a window, and there is no screen here; npm run demo does the same without one");
    return false;
  }
  await rm(shots, { recursive: true, force: true });
  await mkdir(shots, { recursive: true });
  const steps = new Steps();
  const closing = new AsyncDisposableStack();
  try {
    await play(await setStage(steps, closing, { headed: playing, shots }));
  } catch (error) {
    // A step that failed has said so already; anything else is a mistake of the demo's own.
    if (!(error instanceof StepFailed)) say(String((error as Error).stack));
  } finally {
    await closing.disposeAsync();
  }
  return steps.close();
}

process.exitCode = (await main()) ? 0 : 1;
