import type { HostRefused } from "@jcfetch/shared/local-broker";
import { type Failure, fail } from "../exit.ts";
import { noKeyring } from "../no-keyring.ts";

/** What the host program refused, in words, with the next step. */
export function failureOfHost({ refused, detail }: HostRefused): Failure {
  switch (refused) {
    case "already-running":
      return fail("busy", `another process (${detail}) is starting the broker`, "try again in a few seconds");
    case "port-taken":
      return fail(
        "port-taken",
        `something else listens on port ${detail} of this computer`,
        "stop it, or choose another: jcfetch broker start --port NUMBER",
      );
    case "no-workerd":
      return fail(
        "no-workerd",
        `there is no workerd to run the broker in (looked at ${detail})`,
        "with npm: npm install --global workerd; else put the program there, or let JCFETCH_WORKERD name it",
      );
    case "state-newer":
      return fail(
        "state-newer",
        "a newer jcfetch has written the broker's state, so this one leaves it alone",
        "update jcfetch",
      );
    case "state-unreadable":
      return fail(
        "state-damaged",
        detail,
        "make it readable for you, or bring it back from a backup; without the folder, a new broker begins",
      );
    case "run-unreadable":
      return fail(
        "state-damaged",
        detail,
        "nothing is lost, it is written anew: jcfetch broker stop; then jcfetch broker start",
      );
    case "state-unwritable":
      return fail(
        "cannot-write",
        `cannot write ${detail}`,
        "make it a folder that you can write, then run the command again",
      );
    case "keys-unreadable":
      return fail(
        "state-damaged",
        `the broker's keys cannot be read: ${detail}`,
        "bring them back; no new ones are made, as everybody who knows this broker would be lost",
      );
    case "no-keys":
      return fail("broker-unmade", "there is no local broker yet", "start it: jcfetch broker start");
    case "no-keyring":
      return noKeyring;
    case "not-started":
      return fail("broker-failed", `the broker did not start: ${detail}`, "look why: jcfetch broker logs");
    case "not-stopped":
      return fail("broker-failed", `the broker did not end (${detail})`, "end it yourself, then try again");
  }
}
