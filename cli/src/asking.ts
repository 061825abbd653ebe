import type { AskVoice } from "@jcfetch/shared/device-asking";
import { describeRole } from "@jcfetch/shared/domain/role";
import { SECOND_MS } from "@jcfetch/shared/time";
import { shown } from "./config/paths.ts";
import type { Host } from "./host.ts";
import { countdown } from "./when.ts";

/**
 * [AS2] Shows the number where the person sees it. Under a program that takes our stderr, as the AWS tools do with a
 * credential_process, that is the terminal itself; where there is none the number stands in the log, for grants that
 * allow it.
 */
export function voiceOf(host: Host): AskVoice {
  const person = host.io.person();
  let ticking: NodeJS.Timeout | undefined;
  return {
    interactive: person !== undefined,
    ...about(host),
    show(num, want, until) {
      const say = `${describeRole(want)} needs your approval: type ${num} into the extension in your browser`;
      if (!person) return host.io.note(say);
      person.note(say);
      const tick = (): void =>
        person.progress(`waiting for your approval … ${countdown(until - host.now())} left`);
      tick();
      ticking = setInterval(tick, SECOND_MS);
    },
    done() {
      clearInterval(ticking);
      person?.progress("");
    },
  };
}

/** Which program asks, and in which folder. */
export const about = (host: Host): Pick<AskVoice, "process" | "directory"> => ({
  process: fitting(host.parentName()),
  directory: fitting(shown(host.directory, host.home)),
});

const MAX_CHARS = 256;

/** As the protocol takes it: without characters that hide or turn around what is read. */
const fitting = (text: string): string =>
  text.replaceAll(/\p{C}/gu, "").slice(0, MAX_CHARS).replaceAll(/\p{C}/gu, "");
