import { fail } from "./exit.ts";

/** `--keyring` was asked for, for the keys of a broker or of a terminal. */
export const noKeyring = fail(
  "no-keyring",
  "the system's keyring cannot be used",
  "unlock it, or leave --keyring away: the keys are then in a file of yours alone",
);
