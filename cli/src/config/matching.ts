import { err, ok, type Result } from "@jcfetch/shared/result";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { suggestion } from "../nearest.ts";
import { quoted } from "../quoted.ts";
import { findProfile, type Profile, readProfiles } from "./profiles.ts";

/** `prod-*` and `dev-?`; everything else stands for itself. */
export const isGlob = (text: string): boolean => /[*?]/.test(text);

export function matcher(glob: string): RegExp {
  const source = glob
    .replaceAll(/[.+^${}()|[\]\\/]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s");
}

/**
 * The profiles that were named, each once: those of globs in the order of the file.
 *
 * @errors `unknown-profile` also for a glob that nothing fits; those of `findProfile`.
 */
export async function chosenProfiles(
  host: Host,
  named: readonly string[],
): Promise<Result<readonly Profile[], Failure>> {
  const all = await readProfiles(host);
  if (!all.ok) return all;
  const found = new Map<string, Profile>();
  for (const name of named) {
    if (!isGlob(name)) {
      const profile = await findProfile(host, name);
      if (!profile.ok) return profile;
      found.set(profile.value.name, profile.value);
      continue;
    }
    const fitting = all.value.filter((profile) => matcher(name).test(profile.name));
    if (fitting.length === 0) return err(nothingFits(name, all.value));
    for (const profile of fitting) found.set(profile.name, profile);
  }
  return ok([...found.values()]);
}

function nothingFits(glob: string, all: readonly Profile[]): Failure {
  const names = all.map(({ name }) => name);
  const near = suggestion(glob.replaceAll(/[*?]/g, ""), names);
  return fail(
    "unknown-profile",
    `no profile fits ${quoted(glob)}${near}`,
    "see what there is: jcfetch profiles; in a shell, put the pattern in quotes",
  );
}
