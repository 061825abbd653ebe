import { createServer as createHttp, type IncomingMessage, request, type ServerResponse } from "node:http";
import { createServer as createHttps } from "node:https";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { makeCertificate } from "../sim/tls.ts";

/*
 * What stands before a deployed broker and ends the encryption. A doctor can change what it passes back, so that each thing
 * that may be wrong with a deployment can be had.
 */

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Told {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Changes an answer in place. */
export type Doctor = (asked: Asked, told: Told) => void;

export interface Front {
  readonly port: number;
  /** The certificate to trust. */
  readonly cert: string;
  /** The broker behind it. */
  backend: string;
  doctor: Doctor | undefined;
  /** The broker is asked under its own name: a local one answers to no other. */
  renames: boolean;
  /** Whether it answers without encryption, too. */
  plain: boolean;
  close(): void;
}

const TLS_HANDSHAKE = 22;

/** @param certifiedMs when its certificate was made; it is good for a year. */
export async function startFront(
  hosts: readonly string[] = ["localhost"],
  certifiedMs = Date.now(),
): Promise<Front> {
  const { key, cert } = makeCertificate(hosts, certifiedMs);
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const asked = await read(incoming);
    const told = await pass(front.backend, front.renames ? withHost(asked, front.backend) : asked);
    front.doctor?.(asked, told);
    outgoing.writeHead(told.status, told.headers).end(told.body);
  };
  const encrypted = await listen(createHttps({ key, cert }, serve));
  const plain = await listen(createHttp(serve));
  /** One port for both, as the internet's are two: the first byte tells which it is. */
  const both = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.once("data", (first) => {
      const isTls = first[0] === TLS_HANDSHAKE;
      if (!isTls && !front.plain) return socket.destroy();
      const inner = connect(isTls ? encrypted.port : plain.port, "127.0.0.1");
      inner.on("error", () => socket.destroy());
      inner.write(first);
      socket.pipe(inner).pipe(socket);
      return socket;
    });
  });
  const outer = await listen(both);
  const front: Front = {
    port: outer.port,
    cert,
    backend: "",
    doctor: undefined,
    renames: false,
    plain: false,
    close: () => {
      for (const one of [outer, encrypted, plain]) one.close();
    },
  };
  return front;
}

async function listen(server: Server): Promise<{ port: number; close: () => void }> {
  const open = new Set<Socket>();
  server.on("connection", (socket) => open.add(socket));
  await new Promise<void>((done) => {
    server.listen(0, "127.0.0.1", done);
  });
  const close = (): void => {
    for (const socket of open) socket.destroy();
    server.close();
  };
  return { port: (server.address() as AddressInfo).port, close };
}

async function read(incoming: IncomingMessage): Promise<Asked> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const { method = "", url: path = "", headers } = incoming;
  return { method, path, headers, body: Buffer.concat(parts).toString() };
}

const withHost = (asked: Asked, backend: string): Asked => ({
  ...asked,
  headers: { ...asked.headers, host: new URL(backend).host },
});

function pass(backend: string, { method, path, headers, body }: Asked): Promise<Told> {
  const { promise, resolve, reject } = Promise.withResolvers<Told>();
  const sent = request(backend + path, { method, headers, agent: false });
  sent.on("error", reject);
  sent.on("response", async (response) => {
    const parts: Buffer[] = [];
    for await (const part of response) parts.push(part as Buffer);
    const named = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
    const kept = Object.fromEntries(named.filter(([name]) => !HOP.includes(name!))) as Told["headers"];
    resolve({ status: response.statusCode!, headers: kept, body: Buffer.concat(parts).toString() });
  });
  sent.end(body);
  return promise;
}

const HOP = ["connection", "keep-alive", "transfer-encoding", "content-length"];
