import type { RoleCredentials } from "../domain/role-credentials.ts";
import type { Result } from "../result.ts";

/** Where the credentials belong. */
export interface FormatContext {
  readonly account: string;
  readonly role: string;
  /** Name of the profile; without one, blocks are headed as AWS's portal heads them: `<account>_<role>`. */
  readonly profile?: string;
  /** The profile's own default region, if it has one. Never the portal's region: the two have nothing to do with each other. */
  readonly region?: string;
  /** Also say, in a variable of ours, which profile it is. */
  readonly marked?: boolean;
}

/** A format cannot carry one of the values as it is. Nothing of the value is told. */
export interface Unfit {
  readonly code: "cannot-carry";
  /** `AWS_SESSION_TOKEN`, `profile`, … */
  readonly field: string;
}

/** The values in the clear, on their last steps to stdout or the clipboard. */
export interface PlainValues {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** `2026-08-01T12:00:00Z` */
  readonly expiration: string;
}

export type Format = (values: PlainValues, context: FormatContext) => Result<string, Unfit>;

export const plainValues = (credentials: RoleCredentials): PlainValues => ({
  accessKeyId: credentials.accessKeyId,
  secretAccessKey: credentials.secretAccessKey.reveal(),
  sessionToken: credentials.sessionToken.reveal(),
  expiration: isoSeconds(credentials.expiresAtMs),
});

/** Whole seconds, rounded down: nobody may think a credential lives longer than it does. */
export const isoSeconds = (ms: number): string =>
  new Date(Math.floor(ms / 1000) * 1000).toISOString().replace(".000Z", "Z");

export type Variable = readonly [name: string, value: string];

/**
 * The environment variables of a role, in the order of AWS's portal.
 *
 * @source `aws configure export-credentials` for AWS_CREDENTIAL_EXPIRATION. The region goes under both of its names: boto3
 *   reads only AWS_DEFAULT_REGION, most SDKs only AWS_REGION.
 */
export function variables(
  values: PlainValues,
  { region, profile, marked }: Pick<FormatContext, "region" | "profile" | "marked">,
): readonly Variable[] {
  return [
    ["AWS_ACCESS_KEY_ID", values.accessKeyId],
    ["AWS_SECRET_ACCESS_KEY", values.secretAccessKey],
    ["AWS_SESSION_TOKEN", values.sessionToken],
    ["AWS_CREDENTIAL_EXPIRATION", values.expiration],
    ...(region === undefined
      ? []
      : ([
          ["AWS_REGION", region],
          ["AWS_DEFAULT_REGION", region],
        ] as const)),
    ...(marked && profile !== undefined ? ([["JCFETCH_PROFILE", profile]] as const) : []),
  ];
}
