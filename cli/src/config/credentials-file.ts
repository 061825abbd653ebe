import { ok, type Result } from "@jcfetch/shared/result";
import type { Failure } from "../exit.ts";
import type { Host } from "../host.ts";
import { awsCredentialsPath } from "./paths.ts";
import { readIfThere } from "./replace-file.ts";

/**
 * Names that have keys in the credentials file, each with its line: keys of the same name would win over ours without a word.
 *
 * @source botocore `credentials.py`, create_credential_resolver: shared-credentials-file comes before process. Python's
 *   `configparser` reads a section's name up to the last bracket of the line, and nothing that stands behind it.
 */
export async function namesWithKeys(host: Host): Promise<Result<ReadonlyMap<string, number>, Failure>> {
  const bytes = await readIfThere(awsCredentialsPath(host));
  if (!bytes.ok) return bytes;
  const found = new Map<string, number>();
  const lines = (bytes.value?.toString("utf8") ?? "").split(/\r\n?|\n/);
  for (const [index, line] of lines.entries()) {
    const name = /^\[(.+)\]/.exec(line.trim())?.[1]?.trim();
    if (name !== undefined && !found.has(name)) found.set(name, index + 1);
  }
  return ok(found);
}
