import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  "/": ["index.html", "text/html"],
  "/vectors.js": ["vectors.js", "text/javascript"],
  "/worker.js": ["worker.js", "text/javascript"],
};

export interface HostileSite extends AsyncDisposable {
  readonly port: number;
}

/** A web site that means harm, on loopback, where browsers hold back least. */
export async function startHostileSite(): Promise<HostileSite> {
  const server = createServer((request, response) => {
    const [file, type] = FILES[request.url ?? ""] ?? [];
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    void readFile(new URL(file, import.meta.url)).then((content) => {
      response.writeHead(200, { "content-type": type }).end(content);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
