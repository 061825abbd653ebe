import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { makeApp } from "./app.ts";
import { Clock } from "./clock.ts";
import { Faults } from "./faults.ts";
import { certificateHosts } from "./hosts.ts";
import { makeCertificate } from "./tls.ts";
import type { WorldSpec } from "./world/spec.ts";
import { world as committedWorld } from "./world/world-file.ts";
import { World } from "./world.ts";

export type { Fault } from "./faults.ts";
export type { Faults, World };

export interface SimOptions {
  readonly httpPort?: number;
  readonly tlsPort?: number;
  /** Default: the committed world file. */
  readonly world?: WorldSpec;
}

export interface Sim {
  /** Plain HTTP on 127.0.0.1. The Host header says which service is meant; a loopback Host serves all AWS APIs. */
  readonly httpPort: number;
  /** The same over TLS, for browsers that keep the real host names. */
  readonly tlsPort: number;
  /** PEM of the self-signed certificate, for clients that insist on knowing it. */
  readonly certificate: string;
  /** `http://127.0.0.1:<httpPort>` */
  readonly origin: string;
  readonly world: World;
  readonly faults: Faults;
  /** How many calls of an operation arrived, refused ones included. */
  calls(operation: string): number;
  /** Signs a user in without a browser and returns the live portal token. */
  signIn(user: string, directory: string, options?: { readonly sessionSeconds?: number }): string;
  /** Revokes a token's session: 401 from now on. */
  endSession(token: string): void;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startSim(options: SimOptions = {}): Promise<Sim> {
  const clock = new Clock();
  const stop = new AbortController();
  const world = new World(options.world ?? committedWorld, clock);
  const faults = new Faults(stop.signal);
  let ports = { http: 0, tls: 0 };
  const listener = getRequestListener(makeApp({ world, faults, ports: () => ports }), {
    overrideGlobalObjects: false,
  });
  const certificate = makeCertificate(certificateHosts(regionsOf(world)), Date.now());
  const plain = createServer(listener);
  const tls = createTlsServer({ key: certificate.key, cert: certificate.cert }, listener);
  const httpPort = await listen(plain, options.httpPort ?? 0);
  const tlsPort = await listen(tls, options.tlsPort ?? 0);

  ports = { http: httpPort, tls: tlsPort };

  const close = async () => {
    stop.abort();
    await Promise.all([plain, tls].map(shut));
  };
  return {
    httpPort,
    tlsPort,
    certificate: certificate.cert,
    origin: `http://127.0.0.1:${httpPort}`,
    world,
    faults,
    calls: (operation) => world.calls.count(operation),
    signIn: (user, directory, { sessionSeconds } = {}) =>
      world.sessions.open(world.user(user), world.directory(directory), sessionSeconds).value,
    endSession: (token) => world.sessions.end(token),
    close,
    [Symbol.asyncDispose]: close,
  };
}

const regionsOf = (world: World): string[] => [
  ...new Set([...world.directories.values()].map(({ region }) => region)),
];

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

function shut(server: Server): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}
