import { join } from "node:path";
import { ok, type Result } from "@jcfetch/shared/result";
import { readAwsConfig } from "../config/aws-config.ts";
import { profileOf } from "../config/ini.ts";
import { ownFolder } from "../config/paths.ts";
import { readIfThere } from "../config/replace-file.ts";
import type { Failure } from "../exit.ts";
import type { Host } from "../host.ts";

/** A profile that jcfetch can use, or a role that this terminal may use and that has none: what `NAME` can be. */
export interface Choice {
  /** As it is typed. */
  readonly name: string;
  readonly account: string;
  readonly role: string;
  /** The person's own words for it: `jcfetch_tags` of the profile. */
  readonly tags: readonly string[];
  /** Shown beside the name. */
  readonly about: string;
}

/** From the files alone, without asking anybody and without the keys. @errors those of reading ~/.aws/config */
export async function choices(host: Host): Promise<Result<readonly Choice[], Failure>> {
  const sections = await readAwsConfig(host);
  if (!sections.ok) return sections;
  const profiles = sections.value.flatMap((section): Choice[] => {
    const name = profileOf(section);
    const setting = (key: string) => section.settings.find((one) => one.key === key)?.value;
    // AWS's own tools name it so where they sign in themselves.
    const isAws = setting("sso_session") !== undefined;
    const account = setting("jcfetch_account_id") ?? (isAws ? setting("sso_account_id") : undefined);
    const role = setting("jcfetch_role_name") ?? (isAws ? setting("sso_role_name") : undefined);
    if (name === undefined || account === undefined || role === undefined) return [];
    const tags = (setting("jcfetch_tags") ?? "").split(/[\s,]+/).filter((tag) => tag !== "");
    return [{ name, account, role, tags, about: [`${account}/${role}`, ...tags].join(" ") }];
  });
  const has = ({ account, role }: RoleOfGrant): boolean =>
    profiles.some((profile) => profile.account === account && profile.role === role);
  const granted = (await grantedRoles(host)).filter((role) => !has(role));
  return ok([
    ...profiles,
    ...granted.map((role) => ({
      ...role,
      name: `${role.account}/${role.role}`,
      tags: [],
      about: "no profile yet",
    })),
  ]);
}

interface RoleOfGrant {
  readonly account: string;
  readonly role: string;
}

/**
 * What the grant in the device's file names, pattern by pattern left out. Only a list to choose from: the grant is verified
 * when it is used.
 */
async function grantedRoles(host: Host): Promise<readonly RoleOfGrant[]> {
  const bytes = await readIfThere(join(ownFolder(host), "device.json"));
  if (!bytes.ok || bytes.value === undefined) return [];
  try {
    const { grant } = JSON.parse(bytes.value.toString()) as { grant: string };
    const { policy } = JSON.parse(Buffer.from(grant.split(".")[1]!, "base64url").toString()) as {
      policy: { allow: { account: string; roles: string[] }[] };
    };
    return policy.allow
      .flatMap(({ account, roles }) => roles.map((role) => ({ account, role })))
      .filter(({ account, role }) => /^\d{12}$/.test(account) && /^[\w+=,.@-]+$/.test(role));
  } catch {
    return []; // damaged: whoever uses it says so
  }
}
