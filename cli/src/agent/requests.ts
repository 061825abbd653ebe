import { isAbsolute } from "node:path";
import type { AccountId, RoleName } from "@jcfetch/shared/domain/ids";
import { isRegion } from "@jcfetch/shared/domain/portal";
import { isAccountId, isRoleName } from "../config/names.ts";
import { readStartUrl } from "../config/sessions.ts";
import { parseJson } from "../json.ts";
import { MOST_SHARE_MS } from "./share-terms.ts";
import type {
  ControlRequest,
  CredentialsRequest,
  EndShareRequest,
  Kinship,
  SharedRole,
  ShareRequest,
} from "./wire.ts";

/** Names that were checked. */
interface Named {
  readonly account: AccountId;
  readonly role: RoleName;
}
/** A request that was checked. */
export type ReadRequest = Kinship &
  (ControlRequest | (CredentialsRequest & Named) | ReadShareRequest | EndShareRequest);
export type ReadShareRequest = ShareRequest & { readonly roles: readonly (SharedRole & Named)[] };

type Check = (value: unknown) => boolean;
const text: Check = (value) => typeof value === "string" && value.length <= MOST_CHARS;
const MOST_CHARS = 1_024;
const MOST_SCOPES = 16;
const MOST_SHARED = 64;

/** Whether a value is an object with these fields and no other; those with a question mark may be missing. */
const shaped =
  (fields: Record<string, Check>): Check =>
  (value) => {
    if (typeof value !== "object" || value === null) return false;
    const known = Object.entries(value).every(([name, one]) =>
      // Names of its own alone: what every object inherits, as `__proto__`, is no check.
      [name, `${name}?`].some((own) => Object.hasOwn(fields, own) && fields[own]?.(one) === true),
    );
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
const roleFields = {
  source: (value: unknown) => isBrokered(value) || isDirect(value),
  account: (value: unknown) => typeof value === "string" && isAccountId(value),
  role: (value: unknown) => typeof value === "string" && isRoleName(value),
};
const isCredentials = shaped({
  v: is(1),
  op: is("credentials"),
  ...roleFields,
  "minTtlMs?": (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  caller: shaped({
    interactive: (value) => typeof value === "boolean",
    "about?": shaped({ process: text, directory: text }),
  }),
  ...kinship,
});

const isRole = shaped(roleFields);
const isPath: Check = (value) => text(value) && isAbsolute(String(value));
const isShare = shaped({
  v: is(1),
  op: is("share"),
  roles: (value) =>
    Array.isArray(value) && value.length > 0 && value.length <= MOST_SHARED && value.every(isRole),
  forMs: (value) => Number.isSafeInteger(value) && Number(value) > 0 && Number(value) <= MOST_SHARE_MS,
  "path?": isPath,
  ...kinship,
});
const isEndShare = shaped({ v: is(1), op: is("end-share"), "path?": isPath, ...kinship });

/** @returns `undefined` for a line that is no request. */
export function readRequest(line: string): ReadRequest | undefined {
  const value = parseJson(line);
  const isOne = [isControl, isCredentials, isShare, isEndShare].some((check) => check(value));
  return isOne ? (value as ReadRequest) : undefined;
}

/** What an agent before this one has left about its shares; what does not fit is left out. */
export function readShares(text: string): readonly KeptShare[] {
  const all = parseJson(text);
  return Array.isArray(all) ? all.filter((one): one is KeptShare => isKept(one)) : [];
}

export interface KeptShare {
  readonly path: string;
  readonly untilMs: number;
  readonly roles: ReadShareRequest["roles"];
}
const isKept = shaped({
  path: isPath,
  untilMs: (value) => Number.isSafeInteger(value),
  roles: (value) => Array.isArray(value) && value.every(isRole),
});

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
