import { dirname, join } from "node:path";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { type Failure, fail } from "../exit.ts";
import { parseJson } from "../json.ts";
import { decode } from "./decode.ts";
import { parseRoleRef, profileProblem } from "./names.ts";
import { readIfThere } from "./replace-file.ts";

export const DIRECTORY_FILE = ".jcfetch.json";

/** More than anybody says in it. */
const MAX_BYTES = 4_096;

/** What the nearest `.jcfetch.json` names, in this folder or one above it. */
export interface DirectoryRole {
  readonly path: string;
  readonly bytes: Buffer;
  /** A profile, or ACCOUNT/ROLE. */
  readonly name: string;
}

/** @errors `config-broken`, `cannot-read`: a file that is there and says nothing is never passed over. */
export async function findDirectoryRole(folder: string): Promise<Result<DirectoryRole | undefined, Failure>> {
  if (folder === "") return ok(undefined); // it was removed
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, DIRECTORY_FILE);
    const bytes = await readIfThere(path);
    if (!bytes.ok) return bytes;
    if (bytes.value !== undefined) {
      const name = nameIn(bytes.value);
      return name.ok ? ok({ path, bytes: bytes.value, name: name.value }) : err(broken(path, name.error));
    }
    if (at === dirname(at)) return ok(undefined);
  }
}

/** `{"profile":"dev"}`, or `{"account":"111122223333","role":"PowerUser"}`; nothing else may stand in it. */
function nameIn(bytes: Buffer): Result<string, string> {
  const text = bytes.length > MAX_BYTES ? undefined : decode(bytes);
  const data = text?.ok ? parseJson(text.value) : undefined;
  const shape = 'it is to be {"profile": "NAME"} or {"account": "ID", "role": "NAME"}';
  if (typeof data !== "object" || data === null || Array.isArray(data)) return err(shape);
  const { profile, account, role, ...others } = data as Record<string, unknown>;
  if (Object.keys(others).length > 0) return err(shape);
  if (typeof profile === "string" && account === undefined && role === undefined) {
    const problem = parseRoleRef(profile) ? undefined : profileProblem(profile);
    return problem === undefined ? ok(profile) : err(problem);
  }
  if (typeof account !== "string" || typeof role !== "string" || profile !== undefined) return err(shape);
  return parseRoleRef(`${account}/${role}`) ? ok(`${account}/${role}`) : err("that is no account and role");
}

const broken = (path: string, why: string): Failure =>
  fail("config-broken", `${path}: ${why}`, "mend it, or name the profile: jcfetch --profile NAME");
