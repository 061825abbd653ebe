/** One request to a broker with any header and any bytes, which `fetch` would not let through. */
import { request as overHttp } from "node:http";
import { request as overHttps, type RequestOptions } from "node:https";
import type { TLSSocket } from "node:tls";
import { CONTENT_TYPE, HEADERS } from "@jcfetch/shared/protocol/version";

export interface Sent {
  readonly method?: string;
  /** Beside those of the protocol; `undefined` leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
  /** Instead of the broker's own. */
  readonly origin?: string;
}

export interface Got {
  readonly status: number;
  /** Names in lower case; several of one name joined by commas. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
  /** `TLSv1.3`; nothing where the connection is not encrypted. */
  readonly tls: string | null;
}

const WAIT_MS = 15_000;
const MAX_CHARS = 65_536;

/** @throws Error when there is no answer in time, or no connection that can be trusted. */
export function probe(url: string, path: string, sent: Sent = {}): Promise<Got> {
  const target = new URL(path, sent.origin ?? url);
  const method = sent.method ?? "POST";
  const body = sent.body ?? (method === "POST" ? "{}" : undefined);
  const given = { "content-type": CONTENT_TYPE, [HEADERS.version]: "1", ...sent.headers };
  const headers = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const { promise, resolve, reject } = Promise.withResolvers<Got>();
  const send = target.protocol === "https:" ? overHttps : overHttp;
  const options: RequestOptions = {
    method,
    headers: headers as Record<string, string>,
    agent: false,
    servername: target.hostname, // the certificate's name is the address's, whatever Host says
  };
  const request = send(target, options);
  request.setTimeout(WAIT_MS, () => request.destroy(new Error(`no answer in ${WAIT_MS / 1000} seconds`)));
  request.on("error", reject);
  request.on("upgrade", (response, socket) => {
    socket.destroy();
    resolve({ status: response.statusCode ?? 0, headers: flat(response.headers), text: "", tls: null });
  });
  request.on("response", (response) => {
    const tls = "getProtocol" in response.socket ? (response.socket as TLSSocket).getProtocol() : null;
    let text = "";
    response.setEncoding("utf8").on("error", reject);
    response.on("data", (chunk: string) => {
      text += chunk;
      if (text.length > MAX_CHARS) request.destroy(new Error("the answer does not end"));
    });
    response.on("end", () =>
      resolve({ status: response.statusCode ?? 0, headers: flat(response.headers), text, tls }),
    );
  });
  request.end(body);
  return promise;
}

const flat = (headers: NodeJS.Dict<string | string[]>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

/** The code of a refusal of ours; nothing for any other answer. */
export function codeOf({ headers, text }: Got): string | undefined {
  if (headers["content-type"] !== "application/problem+json") return undefined;
  try {
    return (JSON.parse(text) as { code?: string }).code;
  } catch {
    return undefined;
  }
}
