import { type EpochMs, SECOND_MS } from "@jcfetch/shared/time";
import type { Host } from "./host.ts";
import { countdown } from "./when.ts";

/** [CL6] Says for what is waited, and how long at most. */
export function ticker({ io, now }: Pick<Host, "io" | "now">) {
  let ticking: NodeJS.Timeout | undefined;
  return {
    wait(what: string, endsAtMs: EpochMs): void {
      clearInterval(ticking);
      if (!io.stderrIsTerminal) io.note(`${what}, for up to ${countdown(endsAtMs - now())} min …`);
      const tick = (): void => io.progress(`${what} … ${countdown(endsAtMs - now())} left`);
      tick();
      ticking = setInterval(tick, SECOND_MS);
    },
    stop: (): void => clearInterval(ticking),
  };
}
