import { err, ok, type Result } from "@jcfetch/shared/result";
import * as v from "valibot";
import { readAwsConfig } from "./aws-config.ts";
import { readExtendSwitchRoles } from "./extend-switch-roles.ts";
import { OWN_FORMAT, readOwn } from "./own.ts";
import { type ImportPlan, MAX_IMPORT_CHARS } from "./plan.ts";
import { readSsoExtender, SsoExtender } from "./sso-extender.ts";

export type ImportFault = "too-large" | "unknown" | "nothing";

function readJson(text: string): ImportPlan | undefined {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof data !== "object" || data === null) return undefined;
  if ("format" in data && data.format === OWN_FORMAT) return readOwn(data as Record<string, unknown>);
  const extender = v.safeParse(SsoExtender, data);
  return extender.success ? readSsoExtender(extender.output) : undefined;
}

const AWS_CONFIG = /^[ \t]*(?:\[[ \t]*sso-session\s|sso_(?:account_id|role_name|start_url|session)[ \t]*=)/m;
const SWITCH_ROLES = /^[ \t]*(?:aws_account_id|role_arn|role_name)[ \t]*=/m;

function readIniKind(text: string): ImportPlan | undefined {
  if (AWS_CONFIG.test(text)) return readAwsConfig(text);
  return SWITCH_ROLES.test(text) ? readExtendSwitchRoles(text) : undefined;
}

const isEmpty = ({ prefs, guard, labels, favorites, rules, skipped }: ImportPlan): boolean =>
  [prefs, guard, labels, favorites, rules, skipped].every((part) => Object.keys(part).length === 0);

/** What a file is, by what stands in it, and what it would change. Nothing is changed by this. */
export function readImport(text: string): Result<ImportPlan, ImportFault> {
  if (text.length > MAX_IMPORT_CHARS) return err("too-large");
  const bare = text.replace(/^\uFEFF/, ""); // what some editors begin a file with
  const plan = bare.trimStart().startsWith("{") ? readJson(bare) : readIniKind(bare);
  if (!plan) return err("unknown");
  return isEmpty(plan) ? err("nothing") : ok(plan);
}
