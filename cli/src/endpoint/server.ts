import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { containerJson } from "@jcfetch/shared/formats/container";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { Secret } from "@jcfetch/shared/secret";
import { SECOND_MS } from "@jcfetch/shared/time";
import { errnoOf } from "../config/files.ts";
import type { Profile } from "../config/profiles.ts";
import { EXIT, type Failure, fail } from "../exit.ts";
import { admit, type Refused } from "./door.ts";
import type { Holder } from "./holder.ts";

/*
 * The container credentials endpoint of the SDKs, on loopback: whoever holds a role's token gets the role's credentials for
 * as long as this program lives.
 */

export interface ServedRole {
  readonly profile: Profile;
  readonly holder: Holder;
}

/** What a program needs to ask. */
export interface Offer {
  readonly profile: Profile;
  readonly url: string;
  readonly token: Secret<string>;
}

export interface Endpoint {
  /** One for each role, in the order they were given. */
  readonly offers: readonly Offer[];
  close(): void;
}

const MAX_CONNECTIONS = 512;
const HEADERS_MS = 5 * SECOND_MS;
const TOKEN_BYTES = 32;

/** It says whose it is and which process serves it, for whoever finds it in a file. */
const newToken = (): string => `jcfetch-${process.pid}-${randomBytes(TOKEN_BYTES).toString("base64url")}`;

/** @returns the process that made this token; undefined for what is none of ours. */
export function servedBy(token: string): number | undefined {
  const pid = /^jcfetch-(\d+)-[\w-]{43}$/.exec(token)?.[1];
  return pid === undefined ? undefined : Number(pid);
}

/** @errors `no-port` */
export async function openEndpoint(
  served: readonly ServedRole[],
  port = 0,
): Promise<Result<Endpoint, Failure>> {
  const roles = served.map(({ profile, holder }) => ({
    profile,
    holder,
    path: `/credentials/${profile.account}/${encodeURIComponent(profile.role)}`,
    token: new Secret(newToken()),
  }));
  const server = createServer(
    { headersTimeout: HEADERS_MS, requestTimeout: HEADERS_MS },
    (request, response) => {
      void answer(request, roles).then(({ status, body }) => send(response, status, body));
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  const failed = await new Promise<unknown>((resolve) => {
    server.once("error", resolve).listen(port, "127.0.0.1", () => resolve(undefined));
  });
  if (failed !== undefined) return err(noPort(port, errnoOf(failed)));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return ok({
    offers: roles.map(({ profile, path, token }) => ({ profile, url: origin + path, token })),
    close() {
      server.close();
      server.closeAllConnections();
    },
  });
}

const noPort = (port: number, errno: string): Failure =>
  fail(
    "no-port",
    `${port === 0 ? "this computer's loopback" : `port ${port} of this computer`} cannot be listened on (${errno})`,
    "choose another one with --port, or none for any that is free",
  );

interface Answer {
  readonly status: number;
  readonly body: string;
}

interface Role extends ServedRole {
  readonly path: string;
  readonly token: Secret<string>;
}

async function answer(request: IncomingMessage, roles: readonly Role[]): Promise<Answer> {
  const { method = "", url: path = "", headers } = request;
  const role = admit({ method, path, headers }, roles);
  if (!role.ok) return told(role.error);
  const { holder, profile } = role.value;
  const credentials = await holder.credentials();
  if (!credentials.ok) return told(refusalOf(credentials.error));
  return { status: 200, body: containerJson(credentials.value, profile.account) };
}

/** What asking again may mend is told from what only a person can. */
const refusalOf = ({ code, exit, title, next }: Failure): Refused => ({
  status: exit === EXIT.tryLater || exit === EXIT.bug ? 503 : 403,
  code,
  message: `jcfetch: ${title}; ${next}`,
});

const told = ({ status, code, message }: Refused): Answer => ({
  status,
  body: `${JSON.stringify({ Code: code, Message: message })}\n`,
});

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
  });
  response.end(body);
}
