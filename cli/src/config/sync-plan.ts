import type { NewProfile, OwnProfile, OwnSection, Style } from "./own-profile.ts";
import { linesOfProfile, ownProfile, rewritten } from "./own-profile.ts";
import { type Named, nameBy } from "./template.ts";

/** One role that there is. */
export type WantedRole = Omit<Named, "portal">;

/** What profiles shall be like. */
export interface SyncRules {
  readonly template: string;
  /** In place of what each profile has. */
  readonly style?: Style;
  readonly region?: string;
  readonly output?: string;
  /** For profiles that are new. */
  readonly presetRegion?: string;
  readonly portal: string;
  readonly session?: { readonly name: string; readonly own: boolean };
  /** The line for `credential_process`, or why there can be none. */
  readonly command: (name: string) => string;
  /** What is wrong with a name, if anything is. */
  readonly nameProblem: (name: string) => string | undefined;
}

export interface Collision {
  readonly name: string;
  readonly why: string;
  /** Roles that would have had the name, as ACCOUNT/ROLE. */
  readonly roles: readonly string[];
}

export interface Change {
  readonly before: OwnProfile;
  readonly after: NewProfile;
  readonly lines: readonly string[];
}

export interface SyncPlan {
  readonly add: readonly NewProfile[];
  readonly change: readonly Change[];
  readonly same: readonly OwnProfile[];
  /** Ours, from the same source, whose role is not there any more. */
  readonly gone: readonly OwnProfile[];
  readonly collisions: readonly Collision[];
  /** Of all sections of the block, when the plan has been carried out; nothing is pruned. */
  readonly lines: readonly string[];
}

export interface Situation {
  readonly roles: readonly WantedRole[];
  /** Also for roles that only a pattern names. */
  readonly allows: (role: { readonly account: string; readonly role: string }) => boolean;
  readonly inside: readonly OwnSection[];
  /** Names that are somebody else's → where. */
  readonly taken: ReadonlyMap<string, string>;
}

const refOf = ({ account, role }: Pick<WantedRole, "account" | "role">): string => `${account}/${role}`;

/** A role, the name its profile shall have, and the profile of sync's that it has. */
interface Slot {
  readonly role: WantedRole;
  readonly name: string;
  readonly problem?: string;
  readonly held?: OwnProfile;
}

/**
 * [PR1] One profile for every role. A profile that sync has written follows the template; one that was configured by hand keeps
 * its name and its settings, and counts as the profile of its role. Nobody else's name is taken.
 */
export function planSync(situation: Situation, rules: SyncRules): SyncPlan {
  const { roles, inside, allows, taken } = situation;
  const source = rules.session?.own ? rules.session.name : undefined;
  const all = inside.flatMap((section) => ownProfile(section) ?? []);
  const ours = all.filter(({ session }) => session === source);
  const held = byRole(ours);

  const same: OwnProfile[] = [];
  const slots: Slot[] = [];
  for (const role of roles) {
    const found = held.get(refOf(role)) ?? [];
    if (found.some(({ template }) => template === undefined)) same.push(...found);
    else slots.push(slotOf(role, found[0], rules));
  }
  const moving = new Set(slots.map((slot) => slot.held));
  const standing = all.filter((profile) => !moving.has(profile));
  const here = new Map(
    standing.map(({ name, account, role }) => [name, `it is the profile of ${account}/${role}`]),
  );
  const { fits, collisions } = sift(slots, new Map([...here, ...taken]));

  const add: NewProfile[] = [];
  const change: Change[] = [];
  for (const slot of fits) {
    const after = profileFor(slot, rules);
    const before = slot.held;
    if (!before) {
      add.push(after);
      continue;
    }
    const lines = rewritten(before.section, after);
    if (lines.join("\n") === before.section.lines.join("\n")) same.push(before);
    else change.push({ before, after, lines });
  }
  const changed = new Map(change.map(({ before, lines }) => [before.section, lines]));
  const kept = inside.flatMap((section) => changed.get(section) ?? section.lines);
  const gone = ours.filter((profile) => !allows(profile));
  return { add, change, same, gone, collisions, lines: [...kept, ...add.flatMap(linesOfProfile)] };
}

function byRole(profiles: readonly OwnProfile[]): Map<string, OwnProfile[]> {
  const found = new Map<string, OwnProfile[]>();
  for (const profile of profiles) found.set(refOf(profile), [...(found.get(refOf(profile)) ?? []), profile]);
  return found;
}

function slotOf(role: WantedRole, held: OwnProfile | undefined, rules: SyncRules): Slot {
  const named = nameBy(rules.template, { ...role, portal: rules.portal });
  const name = named.ok ? named.value : "";
  const problem = named.ok ? rules.nameProblem(name) : named.error;
  return { role, name, ...(problem === undefined ? {} : { problem }), ...(held ? { held } : {}) };
}

/**
 * [PR2] A name that two roles would have, or that is somebody's, is given to nobody. A profile that therefore keeps its old name
 * takes that from others in turn.
 */
function sift(
  slots: readonly Slot[],
  taken: ReadonlyMap<string, string>,
): { fits: readonly Slot[]; collisions: readonly Collision[] } {
  const blocked = new Map(taken);
  for (;;) {
    const byName = new Map<string, Slot[]>();
    for (const slot of slots) byName.set(slot.name, [...(byName.get(slot.name) ?? []), slot]);
    const fits: Slot[] = [];
    const collisions: Collision[] = [];
    for (const [name, group] of byName) {
      const [first] = group;
      const why =
        first!.problem ??
        blocked.get(name) ??
        (group.length > 1 ? `${group.length} roles would have it` : undefined);
      if (why === undefined) fits.push(first!);
      else collisions.push({ name, why, roles: group.map(({ role }) => refOf(role)) });
    }
    const before = blocked.size;
    for (const { role, name, held } of slots) {
      const stays = held && held.name !== name && !fits.some((fit) => fit.role === role);
      if (stays) blocked.set(held.name, `it is the profile of ${refOf(role)}`);
    }
    if (blocked.size === before) return { fits, collisions };
  }
}

/** What the person has put into a profile stays, unless they ask for something else now. */
function profileFor({ role, name, held }: Slot, rules: SyncRules): NewProfile {
  const { template, session, command, style = held?.style, presetRegion } = rules;
  const region = rules.region ?? (held ? held.region : presetRegion);
  const output = rules.output ?? held?.output;
  return {
    ...{ name, account: role.account, role: role.role, template, command: command(name) },
    ...(style === undefined ? {} : { style }),
    ...(session === undefined ? {} : { session }),
    ...(region === undefined ? {} : { region }),
    ...(output === undefined ? {} : { output }),
  };
}
