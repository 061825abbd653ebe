import type { RoleCredentials } from "@jcfetch/shared/domain/role-credentials";
import { plainValues, variables } from "@jcfetch/shared/formats/values";
import type { Profile } from "../config/profiles.ts";
import type { Host } from "../host.ts";
import { IDENTITY_VARIABLES } from "../identity-variables.ts";
import type { Offer } from "./server.ts";

type Environment = Record<string, string | undefined>;

/**
 * All by which AWS's tools find who they are. What is left of it would win over what we give: an SDK takes the first of
 * environment, profile and container that has anything.
 *
 * @source AWS SDKs and Tools Reference Guide, "Standardized credential providers"; botocore reads AWS_SECURITY_TOKEN too.
 */
export const CREDENTIAL_VARIABLES = [
  ...IDENTITY_VARIABLES,
  "AWS_ROLE_ARN",
  "AWS_ROLE_SESSION_NAME",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
] as const;

/** [US4] The environment of a command that asks the endpoint. */
export const askingEnvironment = (
  host: Host,
  { profile, url, token }: Offer,
  hidden: Environment,
): Environment => ({
  ...without(host.env),
  ...hidden,
  ...regionOf(profile),
  ...offerVariables(url, token.reveal()),
  JCFETCH_PROFILE: profile.name,
});

/** The same with the keys themselves. They end with their expiry. */
export const staticEnvironment = (
  host: Host,
  profile: Profile,
  credentials: RoleCredentials,
): Environment => ({
  ...without(host.env),
  ...regionOf(profile),
  ...Object.fromEntries(variables(plainValues(credentials), {})),
  JCFETCH_PROFILE: profile.name,
});

/** What an SDK asks with, and the secret of it. */
export const offerVariables = (url: string, token: string) => ({
  AWS_CONTAINER_CREDENTIALS_FULL_URI: url,
  AWS_CONTAINER_AUTHORIZATION_TOKEN: token,
});

function without(env: Environment): Environment {
  const kept = { ...env };
  for (const name of CREDENTIAL_VARIABLES) delete kept[name];
  return kept;
}

/** Where the profile has none, the one there was stays. */
const regionOf = ({ region }: Profile): Environment =>
  region === undefined ? {} : { AWS_REGION: region, AWS_DEFAULT_REGION: region };
