import { err, ok, type Result } from "@jcfetch/shared/result";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { join, split } from "./block.ts";
import { type Broken, parseIni, profileOf, type Section } from "./ini.ts";
import { awsConfigPath } from "./paths.ts";
import { editFile, readIfThere } from "./replace-file.ts";

export interface NewProfile {
  readonly name: string;
  readonly account: string;
  readonly role: string;
  readonly region?: string;
  /** The line that AWS's tools run, ready quoted. */
  readonly command: string;
}

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

/** [CL3] Write a profile into our block, or change it there. */
export function writeProfile(host: Host, profile: NewProfile): Promise<Result<null, Failure>> {
  return editBlock(host, (inside, outside) => {
    const taken = outside.find((section) => profileOf(section) === profile.name);
    if (taken) return err(takenName(awsConfigPath(host), profile.name, taken.line));
    const kept = inside.filter((section) => profileOf(section) !== profile.name);
    return ok([...kept.flatMap(({ lines }) => lines), ...linesOf(profile)]);
  });
}

/** [CL3] Take our block out, and with it every profile we wrote. @returns how many there were. */
export async function removeProfiles(host: Host): Promise<Result<number, Failure>> {
  let number = 0;
  const removed = await editBlock(host, (inside) => {
    number = inside.filter((section) => profileOf(section) !== undefined).length;
    return ok([]);
  });
  return removed.ok ? ok(number) : removed;
}

/** A section of our block with its lines as they stand, whatever else the user has put there. */
type OwnSection = Section & { readonly lines: readonly string[] };

type EditBlock = (
  inside: readonly OwnSection[],
  outside: readonly Section[],
) => Result<readonly string[], Failure>;

function editBlock(host: Host, edit: EditBlock): Promise<Result<null, Failure>> {
  const path = awsConfigPath(host);
  return editFile(path, (bytes) => {
    const edited = editText(bytes ?? Buffer.alloc(0), edit);
    if (!edited.ok) {
      const { error } = edited;
      return err("line" in error ? brokenConfig(path, error) : error);
    }
    const written = Buffer.from(edited.value);
    return ok(written.equals(bytes ?? Buffer.alloc(0)) ? undefined : written);
  });
}

function editText(bytes: Uint8Array, edit: EditBlock): Result<string, Broken | Failure> {
  const text = decode(bytes);
  if (!text.ok) return text;
  const whole = parseIni(text.value);
  if (!whole.ok) return whole;
  const parts = split(text.value);
  if (!parts.ok) return parts;
  const inside = ownSections(parts.value.inside ?? "");
  if (!inside.ok) return inside;
  const ours = new Set(inside.value.map(({ header }) => header));
  const lines = edit(
    inside.value,
    whole.value.filter(({ header }) => !ours.has(header)),
  );
  return lines.ok ? ok(join(parts.value, lines.value)) : lines;
}

/** Strict, and with every byte order mark left in place: what is decoded here encodes to the same bytes again. */
function decode(bytes: Uint8Array): Result<string, Broken> {
  try {
    return ok(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return err({ line: firstBadLine(bytes), why: "this line is not UTF-8" });
  }
}

function firstBadLine(bytes: Uint8Array): number {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let from = 0;
  for (let line = 1; ; line++) {
    const feed = bytes.indexOf(0x0a, from);
    try {
      decoder.decode(bytes.subarray(from, feed === -1 ? undefined : feed));
    } catch {
      return line;
    }
    if (feed === -1) return line;
    from = feed + 1;
  }
}

function ownSections(inside: string): Result<readonly OwnSection[], Broken> {
  const parsed = parseIni(inside);
  if (!parsed.ok) return parsed;
  const lines = inside.split(/\r?\n/).slice(0, -1);
  return ok(
    parsed.value.map((section, i) => ({
      ...section,
      lines: lines.slice(section.line - 1, (parsed.value[i + 1]?.line ?? lines.length + 1) - 1),
    })),
  );
}

/**
 * The keys are our own and not AWS's `sso_*`: with those in it, botocore would ask for a sign-in of its own and never run the
 * command.
 */
const linesOf = ({ name, account, role, region, command }: NewProfile): string[] => [
  name === "default" ? "[default]" : `[profile ${name}]`,
  `credential_process = ${command}`,
  `jcfetch_account_id = ${account}`,
  `jcfetch_role_name = ${role}`,
  ...(region === undefined ? [] : [`region = ${region}`]),
];

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
