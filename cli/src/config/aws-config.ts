import { err, ok, type Result } from "@jcfetch/shared/result";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { backUp } from "./backup.ts";
import { join, type Parts, split } from "./block.ts";
import { decode } from "./decode.ts";
import { type Broken, parseIni, profileOf, type Section } from "./ini.ts";
import {
  linesOfProfile,
  type NewProfile,
  type NewSession,
  type OwnSection,
  rewritten,
} from "./own-profile.ts";
import { awsConfigPath } from "./paths.ts";
import { editFile, readIfThere } from "./replace-file.ts";
import { sessionLines } from "./session-section.ts";

/** Every section of the file with the number of its line; none when there is no file. */
export async function readAwsConfig(host: Host): Promise<Result<readonly Section[], Failure>> {
  const path = awsConfigPath(host);
  const bytes = await readIfThere(path);
  if (!bytes.ok) return bytes;
  if (bytes.value === undefined) return ok([]);
  const text = decode(bytes.value);
  const parsed = text.ok ? parseIni(text.value) : text;
  return parsed.ok ? parsed : err(brokenConfig(path, parsed.error));
}

/** Sections of our block, and those of everybody else. */
export interface Sections {
  readonly inside: readonly OwnSection[];
  readonly outside: readonly Section[];
}

export async function readSections(host: Host): Promise<Result<Sections, Failure>> {
  const path = awsConfigPath(host);
  const bytes = await readIfThere(path);
  if (!bytes.ok) return bytes;
  const opened = openText(bytes.value ?? Buffer.alloc(0));
  return opened.ok ? opened : err(brokenConfig(path, opened.error));
}

/**
 * [CL3] Write profiles into our block, or change them there, and the session they need, if it is not there yet.
 *
 * @param taken what to do with a name that is somebody else's; without it, nothing is written.
 */
export function writeProfiles(
  host: Host,
  profiles: readonly NewProfile[],
  { session, taken }: { readonly session?: NewSession; readonly taken?: (failure: Failure) => void } = {},
): Promise<Result<null, Failure>> {
  let told = taken;
  return editBlock(host, ({ inside, outside }) => {
    const path = awsConfigPath(host);
    const foreign = new Map(outside.map((section) => [profileOf(section), section.line]));
    const clashes = profiles.filter(({ name }) => foreign.has(name));
    for (const { name } of clashes) {
      const failure = takenName(path, name, foreign.get(name)!);
      if (!taken) return err(failure);
      told?.(failure);
    }
    told = () => {}; // the edit is made twice
    const fit = profiles.filter((profile) => !clashes.includes(profile));
    const byName = new Map(fit.map((profile) => [profile.name, profile]));
    const kept = inside.flatMap((section) => {
      const profile = byName.get(profileOf(section) ?? "");
      return profile ? rewritten(section, profile) : section.lines;
    });
    const there = new Set(inside.map(profileOf));
    const added = fit.filter(({ name }) => !there.has(name));
    const needed = session === undefined ? ok([]) : sessionLines({ inside, outside }, session, path);
    if (!needed.ok) return needed;
    return ok([...kept, ...needed.value, ...added.flatMap(linesOfProfile)]);
  });
}

/** [CL3] Take our block out, and with it every profile we wrote. @returns how many there were. */
export async function removeProfiles(host: Host): Promise<Result<number, Failure>> {
  let number = 0;
  const removed = await editBlock(host, ({ inside }) => {
    number = inside.filter((section) => profileOf(section) !== undefined).length;
    return ok([]);
  });
  return removed.ok ? ok(number) : removed;
}

/** What the block shall hold, section by section; nothing: there is to be none. */
export type EditBlock = (sections: Sections) => Result<readonly string[], Failure>;

/** [PR3] A copy of the file as it was stays, for `jcfetch profiles undo`. */
export function editBlock(host: Host, edit: EditBlock): Promise<Result<null, Failure>> {
  const path = awsConfigPath(host);
  const change = (bytes: Buffer | undefined): Result<Buffer | undefined, Failure> => {
    const edited = editText(bytes ?? Buffer.alloc(0), edit);
    if (!edited.ok) {
      const { error } = edited;
      return err("line" in error ? brokenConfig(path, error) : error);
    }
    const written = Buffer.from(edited.value);
    return ok(written.equals(bytes ?? Buffer.alloc(0)) ? undefined : written);
  };
  return editFile(path, change, (bytes) => backUp(path, bytes));
}

/** Our block as it stands in the bytes of a file, edited. Every byte outside of it stays. */
export function editText(bytes: Uint8Array, edit: EditBlock): Result<string, Broken | Failure> {
  const opened = openText(bytes);
  if (!opened.ok) return opened;
  const { parts, ahead } = opened.value;
  const lines = edit(opened.value);
  if (!lines.ok) return lines;
  const written = join(parts, lines.value.length === 0 ? [] : [...ahead, ...lines.value]);
  const stray = strayLine(parts);
  return stray && !Buffer.from(written).equals(bytes) ? err(stray) : ok(written);
}

/** A setting behind our block belongs to whatever section stands last in it: to change that would change what it means. */
function strayLine({ before, inside, joint, after }: Parts): Broken | undefined {
  if (inside === undefined) return undefined;
  const lines = after.split("\n");
  const index = lines.findIndex((line) => !/^\s*(?:[#;].*)?$/.test(line));
  if (index === -1 || lines[index]!.trim().startsWith("[")) return undefined;
  const above = `${before}${joint}${inside}`.split("\n").length + 1;
  return {
    line: above + 1 + index,
    why: "this line stands behind jcfetch's block, in no section of its own",
  };
}

function openText(bytes: Uint8Array) {
  const text = decode(bytes);
  if (!text.ok) return text;
  const whole = parseIni(text.value);
  if (!whole.ok) return whole;
  const parts = split(text.value);
  if (!parts.ok) return parts;
  const lines = (parts.value.inside ?? "").split(/\r?\n/).slice(0, -1);
  const parsed = parseIni(parts.value.inside ?? "");
  if (!parsed.ok) return parsed;
  const inside = parsed.value.map((section, i) => ({
    ...section,
    lines: lines.slice(section.line - 1, (parsed.value[i + 1]?.line ?? lines.length + 1) - 1),
  }));
  const ours = new Set(inside.map(({ header }) => header));
  /** Remarks of the user's before the first section. */
  const ahead = lines.slice(0, (parsed.value[0]?.line ?? lines.length + 1) - 1);
  const outside = whole.value.filter(({ header }) => !ours.has(header));
  return ok({ parts: parts.value, ahead, inside, outside });
}

export const brokenConfig = (path: string, { line, why }: Broken): Failure =>
  fail(
    "config-broken",
    `${path}, line ${line}: ${why}`,
    "mend that line, then run the command again; nothing was changed",
  );

const takenName = (path: string, name: string, line: number): Failure =>
  fail(
    "foreign-profile",
    `${path}, line ${line}, already has a profile ${name} that jcfetch did not write`,
    "choose another name: jcfetch configure --profile NAME; nothing was changed",
  );
