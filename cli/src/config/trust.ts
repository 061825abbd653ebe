import { createHash } from "node:crypto";
import { join } from "node:path";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import type { DirectoryRole } from "./directory-role.ts";
import { prepareFolder } from "./folder.ts";
import { ownFolder } from "./paths.ts";
import { editFile, readIfThere } from "./replace-file.ts";

/*
 * Which `.jcfetch.json` the person trusts: by path, and by a hash of what it says. Whoever changes the file, as a pull of
 * somebody else's commit does, is not trusted any more.
 */

type Marks = Readonly<Record<string, string>>;

const fileOf = (host: Host): string => join(ownFolder(host), "trusted.json");

const markOf = ({ bytes }: Pick<DirectoryRole, "bytes">): string =>
  createHash("sha256").update(bytes).digest("base64url");

/** [PR6] */
export async function isTrusted(host: Host, role: DirectoryRole): Promise<Result<boolean, Failure>> {
  const bytes = await readIfThere(fileOf(host));
  if (!bytes.ok) return bytes;
  const marks = marksIn(bytes.value, fileOf(host));
  return marks.ok
    ? ok(Object.hasOwn(marks.value, role.path) && marks.value[role.path] === markOf(role))
    : marks;
}

export const addTrust = (host: Host, role: DirectoryRole): Promise<Result<null, Failure>> =>
  change(host, (marks) => ({ ...marks, [role.path]: markOf(role) }));

export const removeTrust = (host: Host, path: string): Promise<Result<null, Failure>> =>
  change(host, (marks) => Object.fromEntries(Object.entries(marks).filter(([known]) => known !== path)));

async function change(host: Host, edit: (marks: Marks) => Marks): Promise<Result<null, Failure>> {
  const prepared = await prepareFolder(ownFolder(host));
  if (!prepared.ok) return prepared;
  const path = fileOf(host);
  return editFile(path, (bytes) => {
    const marks = marksIn(bytes, path);
    if (!marks.ok) return marks;
    const after = Buffer.from(`${JSON.stringify({ v: 1, trusted: edit(marks.value) })}\n`);
    return ok(bytes?.equals(after) ? undefined : after);
  });
}

function marksIn(bytes: Buffer | undefined, path: string): Result<Marks, Failure> {
  if (bytes === undefined) return ok({});
  try {
    const { v, trusted } = (JSON.parse(bytes.toString()) ?? {}) as { v?: unknown; trusted?: unknown };
    const entries = typeof trusted === "object" && trusted !== null ? Object.entries(trusted) : [];
    const fits =
      v === 1 && typeof trusted === "object" && entries.every(([, mark]) => typeof mark === "string");
    if (fits) return ok(Object.fromEntries(entries));
  } catch {
    // as one that says something else
  }
  const next = "remove it: every folder's role is then asked for anew";
  return err(fail("config-broken", `${path} is damaged`, next));
}
