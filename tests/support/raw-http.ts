import { type Agent, request } from "node:http";
import { PROTOCOL_HEADERS, type RawAnswer, readAnswer } from "./clients.ts";

export interface RawHttp {
  readonly method?: string;
  /** Any header, `host` included, which `fetch` would not let through. */
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
}

/** One request with any header and any bytes, over a connection of its own unless an agent keeps some. */
export function rawRequest(
  url: string,
  path: string,
  { method = "POST", headers, body }: RawHttp = {},
  agent: Agent | false = false,
): Promise<RawAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
  const sent = request(url + path, { method, headers: { ...PROTOCOL_HEADERS, ...headers }, agent });
  sent.on("error", reject);
  sent.on("response", async (response) => {
    try {
      const parts: Buffer[] = [];
      for await (const part of response) parts.push(part as Buffer);
      const named = Object.entries(response.headers).map(
        ([name, value]) => [name, String(value)] as [string, string],
      );
      resolve(
        await readAnswer(
          new Response(Buffer.concat(parts), { status: response.statusCode!, headers: named }),
        ),
      );
    } catch (error) {
      reject(error as Error);
    }
  });
  sent.end(body ?? (method === "POST" ? "{}" : undefined));
  return promise;
}
