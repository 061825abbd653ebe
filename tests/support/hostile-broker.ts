import { request as ask, createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { importKeyPair } from "@jcfetch/shared/crypto/keys";
import { type DocumentType, signDocument } from "@jcfetch/shared/crypto/sign";
import type { Broker } from "./broker.ts";

/*
 * A broker that cannot be trusted. It has the true keys and the true state of a real one, which stands behind it and
 * answers honestly until an attack is set on an endpoint. It remembers all it is sent. Real clients are pointed at it.
 */

/** What a client has sent, as it came. */
export interface Heard {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/**
 * What to answer instead. `honest` asks the broker behind for its own answer; who answers through `raw` by itself returns
 * nothing.
 */
export type Attack = (
  heard: Heard,
  honest: () => Promise<Reply>,
  raw: ServerResponse,
) => Promise<Reply | undefined> | Reply | undefined;

export interface HostileBroker {
  readonly url: string;
  /** Everything that clients have sent. */
  readonly heard: readonly Heard[];
  /** From now on this is what calls of the path meet. */
  set(path: string, attack: Attack): void;
  /** No attack any more; nothing heard any more. */
  behave(): void;
  /** Sign any claims with the broker's true key. */
  sign(typ: DocumentType, claims: object): Promise<string>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The broker's answer with members of its body put another way. */
export const changed = (reply: Reply, change: (body: Record<string, unknown>) => object): Reply => ({
  ...reply,
  body: JSON.stringify(change(JSON.parse(reply.body) as Record<string, unknown>)),
});

export async function startHostileBroker(behind: Broker): Promise<HostileBroker> {
  const heard: Heard[] = [];
  const attacks = new Map<string, Attack>();
  const sockets = new Set<Duplex>();
  const key = await importKeyPair("sign", JSON.parse(behind.keys.BROKER_SIGNING_KEY.reveal()) as JsonWebKey);

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const said = await hear(request);
    heard.push(said);
    const honest = (): Promise<Reply> => forward(behind.url, request.method ?? "POST", said);
    const attack = attacks.get(said.path);
    const reply = attack ? await attack(said, honest, response) : await honest();
    if (reply) response.writeHead(reply.status, reply.headers).end(reply.body);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.on("connection", (socket) => sockets.add(socket));
  server.on("upgrade", (request, socket, head) => passOn(behind.url, request, socket, head, sockets));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    set: (path, attack) => attacks.set(path, attack),
    behave: () => {
      attacks.clear();
      heard.length = 0;
    },
    sign: (typ, claims) => signDocument(typ, claims, key.privateKey),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function hear(request: IncomingMessage): Promise<Heard> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as const);
  return {
    path: request.url ?? "",
    headers: Object.fromEntries(headers),
    body: Buffer.concat(parts).toString(),
  };
}

function forward(url: string, method: string, { path, headers, body }: Heard): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>();
  const sent = ask(url + path, { method, headers, agent: false });
  sent.on("error", reject);
  sent.on("response", async (response) => {
    const parts: Buffer[] = [];
    for await (const part of response) parts.push(part as Buffer);
    const named = Object.entries(response.headers)
      .filter(([name]) => !["connection", "transfer-encoding", "content-length"].includes(name))
      .map(([name, value]) => [name, String(value)] as const);
    const text = Buffer.concat(parts).toString();
    resolve({ status: response.statusCode ?? 0, headers: Object.fromEntries(named), body: text });
  });
  sent.end(body);
  return promise;
}

/** The socket of relay mode goes through as it is. */
function passOn(
  url: string,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  open: Set<Duplex>,
): void {
  const { hostname, port } = new URL(url);
  const onward: Socket = connect(Number(port), hostname, () => {
    const lines = [`${request.method} ${request.url} HTTP/1.1`];
    for (let i = 0; i < request.rawHeaders.length; i += 2) {
      lines.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`);
    }
    onward.write(`${lines.join("\r\n")}\r\n\r\n`);
    onward.write(head);
    socket.pipe(onward).pipe(socket);
  });
  for (const end of [onward, socket]) {
    open.add(end);
    end.on("error", () => {
      onward.destroy();
      socket.destroy();
    });
  }
}
