import { err, type Result } from "@jcfetch/shared/result";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { findProfile, type Profile, readProfiles } from "./profiles.ts";

/**
 * The profile that was named, or the one AWS's own variable names, or the one of this directory [PR6].
 *
 * @param commandFor what to type for a profile, where none was named.
 * @param mayAsk whether a person may be there to choose: what AWS's tools run is never asked, even with a terminal.
 */
export async function chosenProfile(
  host: Host,
  named: string | undefined,
  commandFor: (profile: string) => string,
  mayAsk = true,
): Promise<Result<Profile, Failure>> {
  const name = named ?? host.env.AWS_PROFILE;
  if (name) return findProfile(host, name);
  const { directoryProfile } = await import("./directory-profile.ts");
  const here = await directoryProfile(host);
  if (!here.ok) return here;
  if (here.value !== undefined) return findProfile(host, here.value);
  if (mayAsk && host.io.stdinIsTerminal) {
    const { pickedProfile } = await import("../pick/picked-profile.ts");
    const picked = await pickedProfile(host);
    if (picked) return picked;
  }
  const all = await readProfiles(host);
  if (!all.ok) return all;
  const names = all.value.map((one) => one.name);
  const [first] = names;
  const choice = names.length > 1 ? `; profiles: ${names.slice(0, 8).join(", ")}` : "";
  const next = first === undefined ? "add one: jcfetch configure" : `${commandFor(first)}${choice}`;
  return err(fail("usage", "no profile was named", next));
}

/** The profile with another sign-in than its own, where one was named. */
export const bySession = (profile: Profile, session: string | undefined): Profile =>
  session === undefined ? profile : { ...profile, session };
