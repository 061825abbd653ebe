import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

export interface NameProxy {
  readonly port: number;
  /** Every host that was asked for, also in vain. */
  readonly hosts: ReadonlySet<string>;
  close(): Promise<void>;
}

/**
 * For a browser that cannot map names: a proxy on loopback that leads every TLS connection to a host of `names`
 * (`*.example.com` for all below it) to one local port, and refuses the rest. It passes bytes on and reads none.
 */
export async function startNameProxy(names: readonly string[], tlsPort: number): Promise<NameProxy> {
  const hosts = new Set<string>();
  const sockets = new Set<Socket>();
  const isKnown = (host: string): boolean =>
    names.some((name) => (name.startsWith("*.") ? host.endsWith(name.slice(1)) : host === name));

  const server = createServer((request, response) => {
    hosts.add(new URL(request.url ?? "", "http://nowhere.invalid").hostname);
    response.writeHead(502).end();
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("connect", ({ url = "" }, browser: Socket) => {
    const { hostname, port } = new URL(`https://${url}`);
    hosts.add(hostname);
    if (!isKnown(hostname) || (port !== "" && port !== "443")) {
      browser.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
      return;
    }
    const service = connect(tlsPort, "127.0.0.1", () => {
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
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
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
