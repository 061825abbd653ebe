import { err, ok, type Result } from "@jcfetch/shared/result";
import type { SyncFlags } from "../args-profiles.ts";
import { editBlock, readSections, type Sections } from "../config/aws-config.ts";
import { credentialProcess } from "../config/command-line.ts";
import { namesWithKeys } from "../config/credentials-file.ts";
import { profileOf } from "../config/ini.ts";
import { isRegionName, profileProblem } from "../config/names.ts";
import { ownProfile } from "../config/own-profile.ts";
import { awsConfigPath, shown } from "../config/paths.ts";
import { sessionLines } from "../config/session-section.ts";
import { planSync, type SyncPlan, type SyncRules } from "../config/sync-plan.ts";
import { PRESET, templateProblem } from "../config/template.ts";
import { changedMeanwhile } from "../config/undo.ts";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { type RoleList, roleList } from "../sources/role-list.ts";
import { count } from "../when.ts";
import { confirmed } from "./confirm.ts";
import { planData, planText, tellRest } from "./profiles-plan.ts";

type Flags = SyncFlags & { readonly act: "sync" | "diff" };

/** [PR1] A profile for every role there is; `diff` shows what `sync` would do. */
export async function syncProfiles(flags: Flags, json: boolean, host: Host): Promise<Result<null, Failure>> {
  const list = await roleList(host, flags.session);
  if (!list.ok) return list;
  const make = await planner(flags, list.value, host);
  if (!make.ok) return make;
  const before = await readSections(host);
  if (!before.ok) return before;
  const plan = make.value(before.value);

  const changes = plan.add.length + plan.change.length;
  const writes = flags.act === "sync" && changes > 0;
  if (!json) await tell(plan, list.value, flags, host);
  if (writes) {
    const say = await confirmed(flags.yes, `Write ${count(changes, "profile")}? [y/N] `, host);
    if (!say.ok) return say;
    const written = await write(plan, make.value, list.value, host);
    if (!written.ok) return written;
  }
  if (json) await host.io.out(`${JSON.stringify(planData(plan, list.value, writes))}\n`);
  else if (writes) {
    host.io.note(
      `${shown(awsConfigPath(host), host.home)}: wrote ${count(changes, "profile")}; to take it back: jcfetch profiles undo`,
    );
  }
  return ok(null);
}

/** [CL1] The difference is what `diff` was asked for; `sync` shows it to the person who is to say yes. */
async function tell(plan: SyncPlan, list: RoleList, { act }: Flags, host: Host): Promise<void> {
  const text = planText(plan);
  if (act === "diff") await host.io.out(text);
  else if (text !== "") host.io.note(text.trimEnd());
  tellRest(plan, list, host);
}

type Planner = (sections: Sections) => SyncPlan;

async function planner(flags: Flags, list: RoleList, host: Host): Promise<Result<Planner, Failure>> {
  const keys = await namesWithKeys(host);
  if (!keys.ok) return keys;
  // What makes it fail is the program's path, and no profile's name.
  const command = credentialProcess(host.self, "x");
  if (!command.ok && flags.style !== "sso-session") return command;
  const { AWS_REGION, AWS_DEFAULT_REGION } = host.env;
  const region = AWS_REGION ?? AWS_DEFAULT_REGION ?? "";
  const wrong = flags.template === undefined ? undefined : templateProblem(flags.template, !list.named);
  if (wrong !== undefined) return err(fail("usage", wrong, "see what it takes: jcfetch help profiles"));
  const config = shown(awsConfigPath(host), host.home);
  return ok((sections) => {
    const { inside, outside } = sections;
    const taken = new Map<string, string>();
    for (const [name, line] of keys.value)
      taken.set(name, `the credentials file, line ${line}, has keys under it`);
    for (const section of outside) {
      const name = profileOf(section);
      if (name !== undefined)
        taken.set(name, `${config}, line ${section.line}, has it, and not from jcfetch`);
    }
    const rules: SyncRules = {
      template: flags.template ?? lastTemplate(sections, list) ?? PRESET,
      ...look(flags),
      ...(isRegionName(region) ? { presetRegion: region } : {}),
      portal: list.portal,
      session: { name: list.session.name, own: list.own },
      command: (name) => lineFor(name, host),
      nameProblem: profileProblem,
    };
    return planSync({ roles: list.roles, allows: list.allows, inside, taken }, rules);
  });
}

const look = ({ style, region, output }: Flags): Partial<SyncRules> => ({
  ...(style === undefined ? {} : { style }),
  ...(region === undefined ? {} : { region }),
  ...(output === undefined ? {} : { output }),
});

/** What sync was told before counts until it is told otherwise. */
function lastTemplate({ inside }: Sections, list: RoleList): string | undefined {
  const source = list.own ? list.session.name : undefined;
  const ours = inside.flatMap((section) => ownProfile(section) ?? []);
  return ours.find(({ session, template }) => session === source && template !== undefined)?.template;
}

function lineFor(name: string, host: Host): string {
  const line = credentialProcess(host.self, name);
  return line.ok ? line.value : "";
}

/** [PR2] On the file as it is now; what comes of it must be what was shown. */
function write(plan: SyncPlan, make: Planner, list: RoleList, host: Host): Promise<Result<null, Failure>> {
  const seen = JSON.stringify(planData(plan, list, true));
  return editBlock(host, (sections) => {
    const now = make(sections);
    if (JSON.stringify(planData(now, list, true)) !== seen) return err(changedMeanwhile(awsConfigPath(host)));
    const session = newSession(now, sections, list, awsConfigPath(host));
    return session.ok ? ok([...session.value, ...now.lines]) : session;
  });
}

/** AWS's tools need the session that a profile of theirs names. */
function newSession(
  { add, change }: SyncPlan,
  sections: Sections,
  { session }: RoleList,
  path: string,
): Result<readonly string[], Failure> {
  const styles = [...add, ...change.map(({ after }) => after)].map(({ style }) => style);
  return styles.includes("sso-session") ? sessionLines(sections, session, path) : ok([]);
}
