import { AccountId, RoleName } from "@jcfetch/shared/domain/ids";
import * as v from "valibot";
import type { AccountRule } from "../messaging/view.ts";
import { type IniSection, readIni } from "./ini.ts";
import { labelsOf, type NamedProfile } from "./names.ts";
import { emptyPlan, type ImportedRole, type ImportPlan, type Skipped, shown } from "./plan.ts";

const ROLE_ARN = /^arn:[\w-]+:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/;
/** What IAM Identity Center calls the role of a permission set in an account. */
const RESERVED = /^AWSReservedSSO_(.+)_[0-9a-f]{16}$/;
const USED = new Set(["aws_account_id", "role_name", "role_arn", "group"]);
/** As many account ids as the text of one rule holds. */
const IDS_IN_A_RULE = 14;
const MAX_TAG_CHARS = 24;

const valueIn = ({ values }: IniSection, key: string): string | undefined => values.get(key)?.value;

/** Account and role of a section; undefined where it names no account. */
function targetOf(section: IniSection): { account: AccountId; role: string | null } | undefined {
  const arn = ROLE_ARN.exec(valueIn(section, "role_arn") ?? "");
  const account = v.safeParse(AccountId, arn?.[1] ?? valueIn(section, "aws_account_id"));
  if (!account.success) return undefined;
  return { account: account.output, role: arn?.[2] ?? valueIn(section, "role_name") ?? null };
}

/** A group becomes a tag, by rules that list its accounts. */
function rulesOf(groups: ReadonlyMap<string, ReadonlySet<string>>): AccountRule[] {
  return [...groups].flatMap(([group, accounts]) => {
    const ids = [...accounts];
    const count = Math.ceil(ids.length / IDS_IN_A_RULE);
    return Array.from({ length: count }, (_, at): AccountRule => {
      const some = ids.slice(at * IDS_IN_A_RULE, (at + 1) * IDS_IN_A_RULE);
      return { on: "id", match: `/^(${some.join("|")})$/`, environment: null, tags: [group] };
    });
  });
}

/** Each key that has no use here, once, with where it stands first. */
function unusedKeys(sections: readonly IniSection[]): Skipped[] {
  const first = new Map<string, number>();
  for (const { values } of sections)
    for (const [key, { line }] of values) if (!USED.has(key) && !first.has(key)) first.set(key, line);
  return [...first].map(([key, line]) => ({ line, text: shown(key), why: "not-used" }));
}

/**
 * AWS Extend Switch Roles: profiles of accounts and roles to switch to. Names become labels, groups tags, and roles that are
 * permission sets favorites. Colors say nothing that could be known, so they stay.
 * @source github.com/tilfinltd/aws-extend-switch-roles, README "Configuration"
 */
export function readExtendSwitchRoles(text: string): ImportPlan {
  const { sections, skipped } = readIni(text);
  const profiles: NamedProfile[] = [];
  const favorites: ImportedRole[] = [];
  const groups = new Map<string, Set<string>>();
  const left: Skipped[] = [...skipped];
  for (const section of sections) {
    const target = targetOf(section);
    const name = section.name.replace(/^profile\s+/, "");
    if (!target) {
      left.push({ line: section.line, text: shown(`[${section.name}]`), why: "no-account" });
      continue;
    }
    const { account } = target;
    const permissionSet = RESERVED.exec(target.role ?? "")?.[1];
    profiles.push({ name, line: section.line, portal: null, account, role: permissionSet ?? target.role });
    const role = v.safeParse(RoleName, permissionSet);
    if (role.success) favorites.push({ portal: null, account, role: role.output });
    const group = shown(valueIn(section, "group") ?? "", MAX_TAG_CHARS);
    if (group) groups.set(group, (groups.get(group) ?? new Set()).add(account));
  }
  const { labels, skipped: unnamed } = labelsOf(profiles);
  return {
    ...emptyPlan("extend-switch-roles"),
    ...{ labels, favorites },
    rules: rulesOf(groups),
    skipped: [...left, ...unnamed, ...unusedKeys(sections)],
  };
}
