import type { HostRefusal } from "@jcfetch/shared/local-broker";

/** Ends a call of the host program with a reason the person can act on. Caught in one place: `program.ts`. */
export class Refused extends Error {
  readonly refusal: HostRefusal;

  /** @param detail a path, a port or an exit code; nothing secret. */
  constructor(refusal: HostRefusal, detail: string) {
    super(detail);
    this.refusal = refusal;
  }
}
