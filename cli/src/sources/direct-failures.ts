import type { OidcError } from "@jcfetch/shared/aws/oidc-client";
import type { SsoSession } from "../config/sessions.ts";
import { type Failure, fail, failureOf } from "../exit.ts";
import { portalName } from "../portal-name.ts";

/** Only the person can help, at a terminal. Said at once: no other program starts a sign-in. */
export const sessionEnded = ({ name, startUrl }: Pick<SsoSession, "name" | "startUrl">): Failure => ({
  ...failureOf({ code: "sso-expired" }),
  title: `you are not signed in to ${portalName(startUrl)}, or not any more`,
  next: `sign in: jcfetch login --session ${name}; then run the command again`,
});

/** What AWS did not give, in the words of the table that all programs share. */
export function awsFailure(error: OidcError): Failure {
  switch (error.code) {
    case "forbidden":
    case "not-found":
      return failureOf({ code: "role-not-assigned" });
    case "throttled": {
      const { retryAfterMs } = error;
      const wait = retryAfterMs === undefined ? {} : { retryAfterSeconds: retryAfterMs / 1000 };
      return failureOf({ code: "upstream-throttled", ...wait });
    }
    case "unauthorized":
      return failureOf({ code: "sso-expired" });
    case "unreachable":
    case "garbage":
      return failureOf({ code: "upstream" });
    case "denied":
      return fail(
        "sign-in-refused",
        "the sign-in was refused in the browser",
        "if that was a mistake, sign in again: jcfetch login",
      );
    case "slow-down":
      return failureOf({ code: "upstream-throttled" });
    case "pending":
    case "expired":
      return tooLate;
    case "invalid-grant":
    case "invalid-client":
    case "refused":
      return fail(
        "sign-in-failed",
        "AWS does not take the sign-in of this session",
        "check sso_start_url and sso_region of the session in ~/.aws/config; then try again",
      );
  }
}

export const tooLate = fail(
  "sign-in-timeout",
  "nobody signed in within ten minutes",
  "try again when the browser is at hand: jcfetch login",
);
