import type { Clock } from "@jcfetch/shared/time";

/** What the broker takes from the world. Nothing else in the Worker reads a clock, calls out or prints. */
export interface Ports {
  readonly now: Clock;
  readonly fetch: typeof fetch;
  /** One line of the request log. */
  readonly log: (line: string) => void;
}
