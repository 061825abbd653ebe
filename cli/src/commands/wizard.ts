import type { RoleRef } from "@jcfetch/shared/domain/role";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { MINUTE_MS } from "@jcfetch/shared/time";
import type { ConfigureFlags } from "../args-profiles.ts";
import { isRegionName, parseRoleRef, profileProblem } from "../config/names.ts";
import type { Style } from "../config/own-profile.ts";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import type { Brokered } from "../sources/brokered.ts";
import { type GrantedRole, grantedRoles, isPattern } from "./granted.ts";

const ANSWER_WITHIN_MS = 5 * MINUTE_MS;
/** Wrong answers that one question stands. */
const TRIES = 3;

export interface Wanted {
  readonly profile: string;
  readonly ref: RoleRef;
  readonly region?: string;
  readonly output?: string;
  readonly style?: Style;
}

/** At most three questions, each only where a flag has not answered it. */
export async function askMissing(
  flags: ConfigureFlags,
  device: Result<Brokered, Failure>,
  host: Host,
): Promise<Result<Wanted, Failure>> {
  if (!host.io.stdinIsTerminal) {
    const next = "say --account ID --role NAME, and if you like --profile NAME and --region REGION";
    return err(fail("no-terminal", "there is no terminal to ask which role the profile is for", next));
  }
  if (!device.ok) return device;
  const offered = grantedRoles(device.value.grant).filter(
    ({ account, role }) => (flags.account ?? account) === account && (flags.role ?? role) === role,
  );
  const ref = await askRole(offered, host);
  if (!ref.ok) return ref;

  const preset = `${ref.value.account}_${ref.value.role}`;
  const profile =
    flags.profile === undefined
      ? await ask(host, `Name of the profile [${preset}]: `, (text) => {
          const name = text === "" ? preset : text;
          const problem = profileProblem(name);
          return problem === undefined ? ok(name) : err(problem);
        })
      : ok(flags.profile);
  if (!profile.ok) return profile;

  const region = flags.region === undefined ? await askRegion(host) : ok(flags.region);
  if (!region.ok) return region;
  return ok({
    profile: profile.value,
    ref: ref.value,
    ...(region.value === "" ? {} : { region: region.value }),
    ...(flags.output === undefined ? {} : { output: flags.output }),
    ...(flags.style === undefined ? {} : { style: flags.style }),
  });
}

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

function askRegion(host: Host): Promise<Result<string, Failure>> {
  const preset = host.env.AWS_REGION ?? host.env.AWS_DEFAULT_REGION ?? "";
  return ask(host, `Default region [${preset === "" ? "none" : preset}]: `, (text) => {
    const region = text === "" ? preset : text;
    return region === "" || isRegionName(region) ? ok(region) : err("a region is written like eu-central-1");
  });
}

async function ask<T>(
  host: Host,
  question: string,
  read: (text: string) => Result<T, string>,
): Promise<Result<T, Failure>> {
  for (let i = 0; i < TRIES; i++) {
    const asked = await host.io.ask(question, { withinMs: ANSWER_WITHIN_MS });
    if (asked.kind !== "answer") {
      return err(
        fail("no-terminal", "no answer was given", "run jcfetch configure again; nothing was changed"),
      );
    }
    const answer = read(asked.text.trim());
    if (answer.ok) return answer;
    host.io.note(`  ${answer.error}`);
  }
  return err(fail("usage", "three answers did not fit", "run jcfetch configure again; nothing was changed"));
}
