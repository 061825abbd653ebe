import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { CALLBACK_PATH } from "@jcfetch/shared/aws/oidc-client";
import { Secret } from "@jcfetch/shared/secret";
import { SECOND_MS } from "@jcfetch/shared/time";
import { isStranger } from "../endpoint/stranger.ts";
import type { Host } from "../host.ts";
import { later } from "../later.ts";

/** What the browser brought back from AWS. */
export type CallbackAnswer =
  | { readonly kind: "code"; readonly code: Secret<string> }
  /** The person said no, or AWS did. */
  | { readonly kind: "refused" };

export interface Callback {
  /** `http://127.0.0.1:41437/oauth/callback` */
  readonly redirectUri: string;
  readonly answer: Promise<CallbackAnswer>;
  close(): void;
}

const MAX_CONNECTIONS = 16;
const MAX_HEADER_BYTES = 16_384;

/**
 * [DM2] Where the browser comes back to: on 127.0.0.1, at one path, with the state that this sign-in was started with, once. To
 * everybody else there is nothing here, and nothing they send ends the sign-in. The state stands in the browser's arguments: another
 * user of this computer who has read it there could bring a code of their own.
 */
export async function openCallback(state: string, { uid }: Pick<Host, "uid">): Promise<Callback> {
  let used = false;
  const { promise: answer, resolve: found } = later<CallbackAnswer>();
  const limits = {
    maxHeaderSize: MAX_HEADER_BYTES,
    requestTimeout: 10 * SECOND_MS,
    headersTimeout: 5 * SECOND_MS,
  };
  const server = createServer(limits, (request, response) => {
    const brought = used ? undefined : readAnswer(request, portOf(server), state);
    if (!brought || isStranger(request.socket, uid)) return reply(response, 404, "There is nothing here.");
    used = true;
    const [status, text] =
      brought.kind === "code"
        ? [200, "You can close this tab and go back to your terminal."]
        : [200, "Access was refused, so nothing is signed in. You can close this tab."];
    response.once("close", () => found(brought));
    reply(response, status as number, text as string);
  });
  server.maxConnections = MAX_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    redirectUri: `http://127.0.0.1:${portOf(server)}${CALLBACK_PATH}`,
    answer,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

/** @returns `undefined` for every request but the one that is awaited. */
function readAnswer(
  { method, url = "", headers }: IncomingMessage,
  port: number,
  state: string,
): CallbackAnswer | undefined {
  // A name that was made to lead here is not this address: the Host says which one the browser believes in.
  if (method !== "GET" || headers.host !== `127.0.0.1:${port}`) return undefined;
  const [path, query = ""] = url.split("?");
  if (path !== CALLBACK_PATH) return undefined;
  const asked = new URLSearchParams(query);
  const one = (name: string): string | undefined => {
    const values = asked.getAll(name);
    return values.length === 1 && values[0] !== "" ? values[0] : undefined;
  };
  if (!isEqual(one("state") ?? "", state)) return undefined;
  const code = one("code");
  if (asked.has("error")) return code === undefined ? { kind: "refused" } : undefined;
  return code === undefined ? undefined : { kind: "code", code: new Secret(code) };
}

/** In constant time, whatever the lengths. */
function isEqual(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash("sha256").update(text).digest());
  return timingSafeEqual(a!, b!);
}

function reply(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    connection: "close",
  });
  response.end(`<!doctype html><html lang="en"><title>jcfetch</title><p>${text}</p></html>\n`);
}
