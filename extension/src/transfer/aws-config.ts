import { AccountId, RoleName } from "@jcfetch/shared/domain/ids";
import * as v from "valibot";
import { type Ini, readIni } from "./ini.ts";
import { labelsOf, type NamedProfile } from "./names.ts";
import { emptyPlan, type ImportPlan, portalOf, type Skipped, shown } from "./plan.ts";

const PROFILE = /^profile\s+(?:"(.+)"|(.+))$/;
const SESSION = /^sso-session\s+(?:"(.+)"|(.+))$/;

/** Session → origin of its access portal. */
function portalsOf({ sections }: Ini): Map<string, string | null> {
  return new Map(
    sections.flatMap(({ name, values }) => {
      const session = SESSION.exec(name);
      return session ? [[session[1] ?? session[2]!, portalOf(values.get("sso_start_url")?.value)]] : [];
    }),
  );
}

/**
 * `~/.aws/config`: the names of profiles with `sso_account_id` and `sso_role_name` become labels of accounts, and their roles
 * can become favorites.
 * @source AWS CLI user guide, "Configuring IAM Identity Center authentication"; AWS SDKs reference, "IAM Identity Center provider"
 */
export function readAwsConfig(text: string): ImportPlan {
  const ini = readIni(text);
  const portals = portalsOf(ini);
  const profiles: (NamedProfile & { role: RoleName })[] = [];
  const skipped: Skipped[] = [...ini.skipped];
  for (const { name, line, values } of ini.sections) {
    const heading = PROFILE.exec(name);
    const profile = heading?.[1] ?? heading?.[2] ?? (name === "default" ? name : undefined);
    if (profile === undefined) {
      if (!SESSION.test(name)) skipped.push({ line, text: shown(`[${name}]`), why: "not-used" });
      continue;
    }
    const account = v.safeParse(AccountId, values.get("sso_account_id")?.value);
    const role = v.safeParse(RoleName, values.get("sso_role_name")?.value);
    if (!account.success || !role.success) {
      skipped.push({ line, text: shown(`[${name}]`), why: "not-identity-center" });
      continue;
    }
    const session = values.get("sso_session")?.value;
    const portal =
      session === undefined ? portalOf(values.get("sso_start_url")?.value) : (portals.get(session) ?? null);
    profiles.push({ name: profile, line, portal, account: account.output, role: role.output });
  }
  const { labels, skipped: unnamed } = labelsOf(profiles);
  const favorites = profiles.map(({ portal, account, role }) => ({ portal, account, role }));
  return { ...emptyPlan("aws-config"), labels, favorites, skipped: [...skipped, ...unnamed] };
}
