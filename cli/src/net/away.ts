import { Agent, type RequestOptions, request } from "node:https";
import { type Duplex, Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { connect, createSecureContext, rootCertificates, type SecureContext, type TLSSocket } from "node:tls";
import type { Failure } from "../exit.ts";
import { fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { namedBundles, readBundles, systemAuthorities } from "./authorities.ts";
import { certificateProblem, isUnknownAuthority, refusedCertificate } from "./certificate.ts";
import { proxyFor } from "./proxy.ts";
import { openTunnel, ProxyError, readProxy } from "./tunnel.ts";

/** A call that did not come about for a reason we know. */
export class Explained extends Error {
  readonly failure: Failure;

  constructor(failure: Failure, cause?: unknown) {
    super(failure.title, { cause });
    this.failure = failure;
  }
}

export type Send = (asked: Request) => Promise<Response>;

/**
 * Calls that leave this computer: through the proxy the person has named, trusting whom they have named. Without a word of
 * theirs it is the platform's own `fetch`; what that refuses for its certificate is tried once more with the system's
 * list, before anything was sent.
 *
 * @throws Explained, or what `fetch` throws
 */
export async function openAway(host: Host): Promise<Send> {
  const named = await namedBundles(host);
  const bundles = await readBundles(named);
  const own = bundles.ok ? bundles.value : [];
  const system = lazily(() => systemAuthorities(host));
  const ways = new Map<string, Way>();
  /** One for each proxy and list of authorities: connections stay open for the next call. */
  const wayBy = async (proxy: URL | undefined, more: boolean): Promise<Way> => {
    const key = `${proxy?.href ?? ""} ${more}`;
    const way = ways.get(key) ?? wayTo(proxy, more ? [...own, ...(await system())] : own);
    ways.set(key, way);
    return way;
  };
  let trustsSystem = false;
  return async (asked) => {
    if (!bundles.ok) throw new Explained(bundles.error);
    const url = new URL(asked.url);
    try {
      const setting = proxyFor(url, host.env);
      const proxy = setting && readProxy(setting);
      const copy = trustsSystem ? undefined : asked.clone();
      try {
        return await (await wayBy(proxy, trustsSystem))(asked);
      } catch (error) {
        const problem = certificateProblem(error);
        if (problem === undefined) throw error;
        if (copy && isUnknownAuthority(problem) && (await system()).length > 0) {
          try {
            const answer = await (await wayBy(proxy, true))(copy);
            trustsSystem = true;
            return answer;
          } catch (second) {
            if (certificateProblem(second) === undefined) throw second;
          }
        }
        throw new Explained(await refusedCertificate(url, proxy, problem), error);
      }
    } catch (error) {
      throw error instanceof ProxyError ? new Explained(proxyFailure(error), error) : error;
    }
  };
}

const proxyFailure = ({ message, needsPassword }: ProxyError): Failure =>
  fail(
    "proxy-refused",
    message,
    needsPassword
      ? "it wants a name and a password: put NAME:PASSWORD@ before its host in HTTPS_PROXY"
      : "check HTTPS_PROXY; hosts that are reached without a proxy stand in NO_PROXY",
  );

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

type Way = (asked: Request) => Promise<Response>;

function wayTo(proxy: URL | undefined, authorities: readonly string[]): Way {
  if (!proxy && authorities.length === 0) return (asked) => fetch(asked);
  if (process.versions.bun !== undefined) return throughBun(proxy, authorities);
  const context = lazily(async () => createSecureContext({ ca: [...rootCertificates, ...authorities] }));
  const agent = proxy && new TunnelAgent(proxy, context);
  return async (asked) => exchange(asked, agent ?? new Agent({ secureContext: await context() }));
}

/** The executable's own `fetch` knows both. @source Bun's documentation: fetch, `proxy` and `tls`. */
function throughBun(proxy: URL | undefined, authorities: readonly string[]): Way {
  const tls = authorities.length === 0 ? {} : { tls: { ca: [...rootCertificates, ...authorities] } };
  return async (asked) => {
    // A tunnel of our own first: what a proxy refuses, Bun says in words that name no cause.
    if (proxy) (await openTunnel(proxy, new URL(asked.url), asked.signal)).destroy();
    return fetch(asked, { ...(proxy ? { proxy: proxy.href } : {}), ...tls } as RequestInit);
  };
}

type Connected = (error: Error | null, socket: Duplex) => void;

/** Connections to hosts through one proxy. */
class TunnelAgent extends Agent {
  readonly #proxy: URL;
  readonly #context: () => Promise<SecureContext>;

  constructor(proxy: URL, context: () => Promise<SecureContext>) {
    super({ keepAlive: true });
    this.#proxy = proxy;
    this.#context = context;
  }

  override createConnection({ host, port }: RequestOptions, done?: Connected): undefined {
    const name = host ?? "";
    const opened = async (): Promise<TLSSocket> => {
      const target = new URL(`https://${name}:${port ?? 443}`);
      const [socket, secureContext] = await Promise.all([openTunnel(this.#proxy, target), this.#context()]);
      return connect({ socket, servername: name, secureContext });
    };
    opened().then(
      (socket) => done?.(null, socket),
      // The types know no failure without a connection.
      (error: Error) => done?.(error, undefined as never),
    );
  }
}

/** No redirect is followed, as in all our calls; a body is a text. */
async function exchange(asked: Request, agent: Agent): Promise<Response> {
  const { method, headers, signal, url } = asked;
  const body = Buffer.from(await asked.arrayBuffer());
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method,
      agent,
      signal,
      headers: { ...Object.fromEntries(headers), "content-length": body.length },
    });
    sent.once("error", reject);
    sent.once("response", (answer) => {
      const { statusCode = 0, rawHeaders } = answer;
      const pairs = rawHeaders.flatMap((name, i): [string, string][] =>
        i % 2 === 0 ? [[name, rawHeaders[i + 1]!]] : [],
      );
      const hasBody = ![204, 205, 304].includes(statusCode);
      if (!hasBody) answer.resume();
      const stream = hasBody ? (Readable.toWeb(answer) as ReadableStream<Uint8Array>) : null;
      resolve(new Response(stream as never, { status: statusCode, headers: pairs }));
    });
    sent.end(body);
  });
}
