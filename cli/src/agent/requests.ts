import type { AccountId, RoleName } from "@jcfetch/shared/domain/ids";
import { isRegion } from "@jcfetch/shared/domain/portal";
import { isAccountId, isRoleName } from "../config/names.ts";
import { readStartUrl } from "../config/sessions.ts";
import type { ControlRequest, CredentialsRequest, Kinship } from "./wire.ts";

/** A request that was checked. */
export type ReadRequest = Kinship &
  (ControlRequest | (CredentialsRequest & { readonly account: AccountId; readonly role: RoleName }));

type Check = (value: unknown) => boolean;
const text: Check = (value) => typeof value === "string" && value.length <= MOST_CHARS;
const MOST_CHARS = 1_024;
const MOST_SCOPES = 16;

/** Whether a value is an object with these fields and no other; those with a question mark may be missing. */
const shaped =
  (fields: Record<string, Check>): Check =>
  (value) => {
    if (typeof value !== "object" || value === null) return false;
    const given = Object.entries(value);
    const known = given.every(([name, one]) => (fields[name] ?? fields[`${name}?`])?.(one) === true);
    return known && Object.keys(fields).every((name) => name.endsWith("?") || Object.hasOwn(value, name));
  };

const kinship = { "build?": text, "version?": text, "folder?": text };
const is =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);
const isControl = shaped({ v: is(1), op: is("status", "lock", "unlock", "stop"), ...kinship });
const isBrokered = shaped({ kind: is("brokered") });
const isDirect = shaped({
  kind: is("direct"),
  session: shaped({
    name: text,
    startUrl: (value) => text(value) && readStartUrl(String(value)) === value,
    region: (value) => typeof value === "string" && isRegion(value),
    scopes: (value) => Array.isArray(value) && value.length <= MOST_SCOPES && value.every(text),
  }),
});
const isCredentials = shaped({
  v: is(1),
  op: is("credentials"),
  source: (value) => isBrokered(value) || isDirect(value),
  account: (value) => typeof value === "string" && isAccountId(value),
  role: (value) => typeof value === "string" && isRoleName(value),
  "minTtlMs?": (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  caller: shaped({
    interactive: (value) => typeof value === "boolean",
    "about?": shaped({ process: text, directory: text }),
  }),
  ...kinship,
});

/** @returns `undefined` for a line that is no request. */
export function readRequest(line: string): ReadRequest | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isControl(value) || isCredentials(value) ? (value as ReadRequest) : undefined;
  } catch {
    return undefined;
  }
}

export interface HttpRequest {
  readonly as: "credentials" | "container";
  readonly account: AccountId;
  readonly role: RoleName;
}

/** Nobody else's pages: a browser that is made to send something here names its own host, or an origin. */
const HOSTS: readonly string[] = ["jcfetch", "localhost", "127.0.0.1"];

/**
 * [AG11] `GET /credentials/<account>/<role>` or `GET /container/<account>/<role>`, with everything up to the empty line.
 *
 * @returns the status of the refusal, where it is none.
 */
export function readHttp(head: string): HttpRequest | 400 | 403 | 404 | 405 {
  const [first = "", ...lines] = head.split(/\r?\n/);
  const [, method, target = ""] = /^([A-Z]+) (\S+) HTTP\/1\.[01]$/.exec(first) ?? [];
  if (method === undefined) return 400;
  const headers = lines
    .filter((line) => line !== "")
    .map((line) => /^([\w-]+):[ \t]*(.*?)[ \t]*$/.exec(line));
  if (headers.includes(null)) return 400;
  const valuesOf = (name: string): string[] =>
    headers.flatMap((header) => (header?.[1]?.toLowerCase() === name ? [header[2] ?? ""] : []));
  const hosts = valuesOf("host");
  if (hosts.length !== 1 || !HOSTS.includes(hosts[0]?.toLowerCase() ?? "")) return 403;
  if (valuesOf("origin").length > 0) return 403;
  if (method !== "GET") return 405;
  const [, as, account = "", encoded = ""] =
    /^\/(credentials|container)\/([^/?#]+)\/([^/?#]+)$/.exec(target) ?? [];
  const role = decoded(encoded);
  if (as === undefined || !isAccountId(account) || !isRoleName(role)) return 404;
  return { as: as as HttpRequest["as"], account, role };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
