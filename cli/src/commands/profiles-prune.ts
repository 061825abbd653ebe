import { err, ok, type Result } from "@jcfetch/shared/result";
import { editBlock, readSections, type Sections } from "../config/aws-config.ts";
import { type OwnProfile, ownProfile } from "../config/own-profile.ts";
import { awsConfigPath, shown } from "../config/paths.ts";
import { changedMeanwhile } from "../config/undo.ts";
import type { Failure } from "../exit.ts";
import type { Host } from "../host.ts";
import { type RoleList, roleList } from "../sources/role-list.ts";
import { columns } from "../table.ts";
import { count } from "../when.ts";
import { confirmed } from "./confirm.ts";

interface Flags {
  readonly session?: string;
  readonly yes: boolean;
}

/** [PR5] Remove profiles of ours whose role is gone, when the person has seen which and said yes. */
export async function pruneProfiles(flags: Flags, json: boolean, host: Host): Promise<Result<null, Failure>> {
  const list = await roleList(host, flags.session);
  if (!list.ok) return list;
  const before = await readSections(host);
  if (!before.ok) return before;
  const gone = goneIn(before.value, list.value);
  const rows = gone.map(({ name, account, role }) => ({ name, account, role }));
  if (!json) {
    for (const { name, account, role } of rows)
      host.io.note(`- ${columns([[name, account, role]]).trimEnd()}`);
    if (gone.length === 0) host.io.note("nothing to remove: every profile has its role");
  }
  if (gone.length > 0) {
    const say = await confirmed(flags.yes, `Remove ${count(gone.length, "profile")}? [y/N] `, host);
    if (!say.ok) return say;
    const removed = await remove(gone, list.value, host);
    if (!removed.ok) return removed;
  }
  if (json) await host.io.out(`${JSON.stringify({ removed: rows })}\n`);
  else if (gone.length > 0) {
    const path = shown(awsConfigPath(host), host.home);
    host.io.note(`${path}: removed ${count(gone.length, "profile")}; to take it back: jcfetch profiles undo`);
  }
  return ok(null);
}

function goneIn({ inside }: Sections, { own, session, allows }: RoleList): readonly OwnProfile[] {
  const source = own ? session.name : undefined;
  return inside.flatMap((section) => {
    const profile = ownProfile(section);
    return profile && profile.session === source && !allows(profile) ? profile : [];
  });
}

/** Those that were shown, and no other. */
function remove(
  shownOnes: readonly OwnProfile[],
  list: RoleList,
  host: Host,
): Promise<Result<null, Failure>> {
  return editBlock(host, (sections) => {
    const gone = goneIn(sections, list);
    const names = (profiles: readonly OwnProfile[]): string => profiles.map(({ name }) => name).join("\n");
    if (names(gone) !== names(shownOnes)) return err(changedMeanwhile(awsConfigPath(host)));
    const headers = new Set(gone.map(({ section }) => section.header));
    return ok(sections.inside.filter(({ header }) => !headers.has(header)).flatMap(({ lines }) => lines));
  });
}
