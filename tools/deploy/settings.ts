/** What is a deployment's own: in `deploy.local.json`, which git does not see. */
import { readFileSync } from "node:fs";
import { directoryHash } from "@jcfetch/shared/protocol/membership";
import * as v from "valibot";
import { Jurisdiction } from "../../worker/src/jurisdiction.ts";

export const SETTINGS_FILE = "deploy.local.json";

const Host = v.pipe(
  v.string(),
  v.maxLength(253),
  v.regex(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, "is no host name in lower case"),
);

const Settings = v.strictObject({
  /** Cloudflare's id of the account. */
  account: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/, "is 32 hexadecimal digits")),
  /** Of the Worker in that account. */
  name: v.optional(v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,62}$/)), "jcfetch-broker"),
  /** A name in a zone of that account: the one name the broker answers under. */
  host: Host,
  /** Cannot be changed later: the same user is another object elsewhere. */
  jurisdiction: v.optional(Jurisdiction),
  /** Identity Center directories whose members enrol without an invite. */
  memberDirectories: v.optional(
    v.array(v.pipe(v.string(), v.regex(/^d-[0-9a-f]{10}$/, "is a directory id such as d-9067642ab1"))),
    [],
  ),
});
export type Settings = v.InferOutput<typeof Settings>;

export const EXAMPLE = `{
  "account": "0123456789abcdef0123456789abcdef",
  "host": "broker.acme.example"
}`;

/** A mistake of the operator's, in words for the operator. */
export class Wrong extends Error {}

/** @throws Wrong */
export function readSettings(path: string): Settings {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    throw new Wrong(`${path} is not there, or no JSON. It looks like this:\n${EXAMPLE}`);
  }
  const parsed = v.safeParse(Settings, json);
  if (parsed.success) return parsed.output;
  const faults = parsed.issues.map((issue) => `  ${v.getDotPath(issue) ?? "it"}: ${issue.message}`);
  throw new Wrong(`${path} cannot be used:\n${faults.join("\n")}`);
}

/** The Worker's settings that are no secrets, by name. */
export async function variablesOf({
  host,
  jurisdiction,
  memberDirectories,
}: Settings): Promise<Record<string, string>> {
  const hashes = await Promise.all(memberDirectories.map(directoryHash));
  return {
    ALLOWED_HOSTS: host,
    ...(jurisdiction === undefined ? {} : { JURISDICTION: jurisdiction }),
    ...(hashes.length === 0 ? {} : { MEMBER_DIRECTORIES: hashes.join(",") }),
  };
}

export const urlOf = ({ host }: Pick<Settings, "host">): string => `https://${host}`;
