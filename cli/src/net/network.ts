import type { Failure } from "../exit.ts";
import type { Host } from "../host.ts";
import { isLoopback } from "./proxy.ts";

export interface Network {
  readonly fetch: typeof fetch;
  /** Why the newest call that failed did so, where more is known than that nobody answered; until one succeeds. */
  readonly trouble: () => Failure | undefined;
}

/**
 * [CF1] How calls leave this program. Those to this computer go straight; all that proxies and authorities need is loaded
 * for the first that does not.
 */
export function openNetwork(host: () => Host): Network {
  let trouble: Failure | undefined;
  let away: ReturnType<typeof import("./away.ts").openAway> | undefined;
  return {
    trouble: () => trouble,
    async fetch(input, init) {
      const url = new URL(input instanceof Request ? input.url : String(input));
      if (isLoopback(url)) return fetch(input, init);
      const { openAway, Explained } = await import("./away.ts");
      away ??= openAway(host());
      try {
        const answer = await (await away)(new Request(input, init));
        trouble = undefined;
        return answer;
      } catch (error) {
        trouble = error instanceof Explained ? error.failure : undefined;
        throw error;
      }
    },
  };
}

/** Refusals that only say that nobody answered. */
const UNANSWERED: readonly string[] = ["broker-unreachable", "upstream"];

/** The same failure, in the words of what the network knows of it. */
export function explained(failure: Failure, { trouble }: Pick<Network, "trouble">): Failure {
  const known = UNANSWERED.includes(failure.code) ? trouble() : undefined;
  return known ?? failure;
}
