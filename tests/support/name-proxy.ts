import { request as ask, createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

export interface NameProxy {
  readonly port: number;
  /** Every host that was asked for, also in vain; of this computer with its port. */
  readonly hosts: ReadonlySet<string>;
  close(): Promise<void>;
}

const LOOPBACK = "127.0.0.1";

/** How a host stands on the list. */
const noted = ({ hostname, host }: URL): string => (hostname === LOOPBACK ? host : hostname);

/**
 * For a browser that cannot map names, or whose every word is to be known: a proxy on loopback that leads every TLS connection
 * to a host of `names` (`*.example.com` for all below it) to one local port, passes on what is meant for 127.0.0.1, and
 * refuses the rest. It reads nothing of what it passes on but the address.
 */
export async function startNameProxy(names: readonly string[], tlsPort: number): Promise<NameProxy> {
  const hosts = new Set<string>();
  const sockets = new Set<Socket>();
  const isKnown = (host: string): boolean =>
    names.some((name) => (name.startsWith("*.") ? host.endsWith(name.slice(1)) : host === name));

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "", "http://nowhere.invalid");
    hosts.add(noted(url));
    if (url.hostname === LOOPBACK) passOn(url, request, response);
    else response.writeHead(502).end();
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("connect", ({ url = "" }, browser: Socket) => {
    const wanted = new URL(`https://${url}`);
    const { hostname, port } = wanted;
    hosts.add(noted(wanted));
    if (hostname === LOOPBACK) return join(browser, Number(port));
    if (isKnown(hostname) && (port === "" || port === "443")) return join(browser, tlsPort);
    browser.on("error", () => browser.destroy()); // the server has let go of it, and it may be gone already
    browser.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    hosts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** From here on the browser talks to whoever listens on that port. */
function join(browser: Socket, port: number): void {
  const service = connect(port, LOOPBACK, () => {
    browser.write("HTTP/1.1 200 Connection established\r\n\r\n");
    service.pipe(browser);
    browser.pipe(service);
  });
  for (const [one, other] of [
    [service, browser],
    [browser, service],
  ] as const) {
    one.on("error", () => other.destroy());
    one.once("close", () => other.destroy());
  }
}

/** A request without encryption, as it came. */
function passOn(url: URL, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, headers } = incoming;
  const { "proxy-connection": _hop, ...rest } = headers;
  const onward = ask(url, { method, headers: { ...rest, host: url.host } }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on("error", () => (outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(502).end()));
  outgoing.once("close", () => onward.destroy());
  incoming.pipe(onward);
}
