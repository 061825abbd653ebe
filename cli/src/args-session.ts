import { err, ok, type Result } from "@jcfetch/shared/result";
import { type Failure, fail } from "./exit.ts";

export interface LoginFlags {
  readonly session?: string;
  readonly profile?: string;
  readonly deviceCode: boolean;
  /** Nothing is opened: the person opens the address. */
  readonly noBrowser: boolean;
  /** The command that opens an address. */
  readonly browser?: string;
  /** Also where a sign-in is still good. */
  readonly fresh: boolean;
  /** With the AWS CLI, by its cache on the disk. */
  readonly share: boolean;
}

export interface LogoutFlags {
  readonly profiles: boolean;
  readonly session?: string;
  readonly awsCaches: boolean;
  readonly portal: boolean;
}

export type SessionCommand =
  | ({ readonly name: "login" } & LoginFlags)
  | ({ readonly name: "logout" } & LogoutFlags);

export interface SessionValues {
  readonly session?: string;
  readonly profile?: string;
  readonly browser?: string;
  readonly "device-code"?: boolean;
  readonly "no-browser"?: boolean;
  readonly fresh?: boolean;
  readonly share?: boolean;
  readonly profiles?: boolean;
  readonly "aws-caches"?: boolean;
  readonly portal?: boolean;
}

/** What each of the two commands takes. */
export const SESSION_OPTIONS = {
  login: ["session", "profile", "device-code", "no-browser", "browser", "fresh", "share"],
  logout: ["profiles", "session", "aws-caches", "portal"],
} as const satisfies Record<string, readonly (keyof SessionValues)[]>;

const usage = (title: string): Result<never, Failure> =>
  err(fail("usage", title, "see what it takes: jcfetch help login"));

export function loginCommand(values: SessionValues): Result<SessionCommand, Failure> {
  const { session, profile, browser, fresh = false, share = false } = values;
  const { "device-code": deviceCode = false, "no-browser": noBrowser = false } = values;
  if (session !== undefined && profile !== undefined) {
    return usage("--session and --profile do not go together");
  }
  if (browser !== undefined && noBrowser) return usage("--browser and --no-browser do not go together");
  return ok({
    name: "login",
    ...(session === undefined ? {} : { session }),
    ...(profile === undefined ? {} : { profile }),
    ...(browser === undefined ? {} : { browser }),
    ...{ deviceCode, noBrowser, fresh, share },
  });
}

export function logoutCommand(values: SessionValues): Result<SessionCommand, Failure> {
  const { session, profiles = false, portal = false, "aws-caches": awsCaches = false } = values;
  if (session !== undefined && profiles) {
    return err(
      fail("usage", "--session and --profiles do not go together", "see what it takes: jcfetch help logout"),
    );
  }
  return ok({ name: "logout", ...(session === undefined ? {} : { session }), profiles, portal, awsCaches });
}
