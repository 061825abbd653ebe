import type { RoleRef } from "@jcfetch/shared/domain/role";
import { err, ok, type Result } from "@jcfetch/shared/result";
import type { ConfigureFlags } from "../args-profiles.ts";
import { parseRoleRef } from "../config/names.ts";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import type { Brokered } from "../sources/brokered.ts";
import { type GrantedRole, grantedRoles, isPattern } from "./granted.ts";
import { ask, askLook } from "./questions.ts";

/** What a profile is for, and what the person wants it to be like. */
export interface Wanted {
  readonly profile: string;
  readonly ref: RoleRef;
  readonly region?: string;
  readonly output?: string;
}

/** At most three questions, each only where a flag has not answered it. */
export async function askMissing(
  flags: ConfigureFlags,
  { grant }: Brokered,
  host: Host,
): Promise<Result<Wanted, Failure>> {
  const offered = grantedRoles(grant).filter(
    ({ account, role }) => (flags.account ?? account) === account && (flags.role ?? role) === role,
  );
  const ref = await askRole(offered, host);
  if (!ref.ok) return ref;
  const look = await askLook(flags, `${ref.value.account}_${ref.value.role}`, host);
  return look.ok ? ok({ ...look.value, ref: ref.value }) : look;
}

export const noTerminal = (): Failure =>
  fail(
    "no-terminal",
    "there is no terminal to ask which role the profile is for",
    "say --account ID --role NAME, and if you like --profile NAME and --region REGION",
  );

function askRole(offered: readonly GrantedRole[], host: Host): Promise<Result<RoleRef, Failure>> {
  const [first] = offered;
  const only = offered.length === 1 && first && parseRoleRef(`${first.account}/${first.role}`);
  if (only) {
    host.io.note(`The role is ${only.account} ${only.role}.`);
    return Promise.resolve(ok(only));
  }
  for (const [i, { account, role }] of offered.entries()) {
    host.io.note(`${String(i + 1).padStart(3)}  ${account}/${role}`);
  }
  const question = offered.length === 0 ? "Role, as ACCOUNT/ROLE: " : "Role, by number or as ACCOUNT/ROLE: ";
  return ask(host, question, (text) => {
    const chosen = /^\d{1,4}$/.test(text) ? offered[Number(text) - 1] : undefined;
    if (chosen && isPattern(chosen)) return err("that row is a pattern: type the role as ACCOUNT/ROLE");
    const ref = parseRoleRef(chosen ? `${chosen.account}/${chosen.role}` : text);
    return ref ? ok(ref) : err("a number of the list, or 12 digits, a slash and the role's name");
  });
}
