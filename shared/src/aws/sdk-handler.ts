import type { SSOClient, SSOClientConfig } from "@aws-sdk/client-sso";
import type { Wire } from "./wire.ts";

type Handler = Extract<SSOClientConfig["requestHandler"], { handle: (...args: never) => unknown }>;
type SendOptions = NonNullable<Exclude<Parameters<SSOClient["send"]>[1], (...args: never) => unknown>>;

/** Goes with one call through the SDK to the handler below. */
export interface Over extends SendOptions {
  readonly wire: Pick<Wire, "exchange">;
}

/** What of the SDK's request we use. */
interface Request {
  readonly protocol: string;
  readonly hostname: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly query?: Record<string, string | string[] | null>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/**
 * How the SDK gets onto the network in every runtime alike: through `fetch`, and within the bounds of the wire that comes
 * with the call. The SDK's own handlers differ between Node and browsers, and read settings from files and environment.
 */
export const handler: Handler = {
  metadata: { handlerProtocol: "http/1.1" },
  async handle(request: Request, options?: SendOptions) {
    const { wire } = options as Over;
    const { status, headers, body } = await wire.exchange({
      url: urlOf(request),
      method: request.method,
      headers: request.headers,
      ...(request.body === undefined ? {} : { body: request.body }),
    });
    return { response: { statusCode: status, headers, body } };
  },
  updateHttpClientConfig() {},
  httpHandlerConfigs: () => ({}),
};

function urlOf({ protocol, hostname, path, query }: Request): string {
  const url = new URL(`${protocol}//${hostname}${path}`);
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const one of typeof value === "string" ? [value] : (value ?? [])) url.searchParams.append(name, one);
  }
  return url.href;
}
