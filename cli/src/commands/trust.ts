import { resolve } from "node:path";
import { err, ok, type Result } from "@jcfetch/shared/result";
import type { ProfilesCommand } from "../args-profiles.ts";
import { DIRECTORY_FILE, findDirectoryRole } from "../config/directory-role.ts";
import { shown } from "../config/paths.ts";
import { addTrust, removeTrust } from "../config/trust.ts";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";

type Trust = Extract<ProfilesCommand, { readonly name: "trust" | "untrust" }>;

/** [PR6] Say that a directory's own file may choose the profile there, or that it may no more. */
export async function trust(
  { name, folder = "." }: Trust,
  json: boolean,
  host: Host,
): Promise<Result<null, Failure>> {
  const found = await findDirectoryRole(resolve(host.directory, folder));
  if (!found.ok) return found;
  if (found.value === undefined) {
    const title = `there is no ${DIRECTORY_FILE} in ${shown(resolve(host.directory, folder), host.home)} or above it`;
    return err(fail("usage", title, `write one: echo '{"profile": "NAME"}' > ${DIRECTORY_FILE}`));
  }
  const { path, name: profile } = found.value;
  const trusts = name === "trust";
  const done = trusts ? await addTrust(host, found.value) : await removeTrust(host, path);
  if (!done.ok) return done;
  const file = shown(path, host.home);
  if (json) await host.io.out(`${JSON.stringify({ path, profile, trusted: trusts })}\n`);
  else if (trusts) host.io.note(`${file} is trusted until it changes: below it, the profile is ${profile}`);
  else host.io.note(`${file} is not trusted any more`);
  return ok(null);
}
