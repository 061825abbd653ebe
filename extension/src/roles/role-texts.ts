import { partitionOf, type Region } from "@jcfetch/shared/domain/portal";
import type { RoleRef } from "@jcfetch/shared/domain/role";
import type { RoleText } from "../messaging/page-messages.ts";

/** What a role's texts are made of. */
export interface RoleTextParts extends RoleRef {
  readonly accountName: string | null;
  /** Alias or id of the portal: names the session block. */
  readonly portalName: string;
  readonly startUrl: string;
  readonly region: Region;
}

/** A name that every reader of `~/.aws/config` takes without quoting. */
const plain = (text: string): string => text.replace(/[^\w.-]+/g, "-").replace(/^-+|-+$/g, "");

function profileName({ accountName, account, role }: RoleTextParts): string {
  return `${plain(accountName ?? "") || account}-${plain(role)}`.slice(0, 128);
}

/**
 * The role behind a permission set ends in sixteen digits that only AWS knows, and that change when the assignment is made
 * anew. So this is a pattern for `ArnLike`, as AWS advises, and not the ARN itself.
 *
 * @source IAM Identity Center user guide, "Referencing permission sets in resource policies": no Region where the home is us-east-1.
 */
function rolePattern({ account, role, region }: RoleTextParts): string {
  const home = region === "us-east-1" ? "" : `${region}/`;
  const path = `aws-reserved/sso.amazonaws.com/${home}AWSReservedSSO_${role}_*`;
  return `arn:${partitionOf(region)}:iam::${account}:role/${path}`;
}

function ssoProfile(parts: RoleTextParts): string {
  const session = plain(parts.portalName);
  return [
    `[sso-session ${session}]`,
    `sso_start_url = ${parts.startUrl}`,
    `sso_region = ${parts.region}`,
    "sso_registration_scopes = sso:account:access",
    "",
    `[profile ${profileName(parts)}]`,
    `sso_session = ${session}`,
    `sso_account_id = ${parts.account}`,
    `sso_role_name = ${parts.role}`,
    "",
  ].join("\n");
}

/** [PB2] What can be copied of a role that is no secret. */
export function roleText(what: RoleText, parts: RoleTextParts): string {
  switch (what) {
    case "account-id":
      return parts.account;
    case "role-arn":
      return rolePattern(parts);
    case "sso-profile":
      return ssoProfile(parts);
    case "process-profile": {
      const command = `jcfetch process ${parts.account}/${parts.role}`;
      return `[profile ${profileName(parts)}]\ncredential_process = ${command}\n`;
    }
  }
}
