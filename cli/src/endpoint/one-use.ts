import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Secret } from "@jcfetch/shared/secret";
import type { Host } from "../host.ts";
import { later } from "../later.ts";
import { isStranger } from "./stranger.ts";

export interface OneUse {
  /** Leads to the secret address, once, and no other user of this computer. */
  readonly url: string;
  /** Whether somebody has come, in time. */
  readonly used: Promise<boolean>;
}

const PATH_BYTES = 16;

/**
 * [US11] A secret address must not stand in the arguments of a browser, which everybody on this computer can read. So the
 * browser is given this one, on loopback, which sends it on and is gone.
 */
export async function openOnce(
  target: Secret<string>,
  withinMs: number,
  { uid }: Pick<Host, "uid">,
): Promise<OneUse> {
  const path = `/${randomBytes(PATH_BYTES).toString("base64url")}`;
  const { promise: used, resolve } = later<boolean>();
  const server = createServer((request, response) => {
    const host = `127.0.0.1:${port}`;
    const { method, url, headers, socket } = request;
    const isIt = method === "GET" && headers.host === host && url === path;
    if (!isIt || isUsed || isStranger(socket, uid)) {
      response.writeHead(404, { connection: "close" }).end();
      return;
    }
    isUsed = true;
    response.writeHead(302, {
      location: target.reveal(),
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      connection: "close",
    });
    response.end(() => resolve(true));
  });
  let isUsed = false;
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const timer = setTimeout(() => resolve(false), withinMs);
  void used.then(() => {
    clearTimeout(timer);
    server.close();
  });
  return { url: `http://127.0.0.1:${port}${path}`, used };
}
