import { connect } from "node:net";

/** What came back before the connection ended, and how it ended. */
export interface SocketAnswer {
  readonly text: string;
  /** Status of each answer on this connection, in order. */
  readonly statuses: readonly number[];
  /** `ECONNRESET` and the like; absent when the other side closed in order, or had nothing more to say. */
  readonly error?: string;
}

/** Longer than any answer takes: then a connection that is still open has nothing more to say. */
const QUIET_MS = 700;

/** Write these bytes and read until the other side closes, or says nothing more for a while. */
export function sendBytes(
  url: string,
  bytes: string | Uint8Array,
  quietMs = QUIET_MS,
): Promise<SocketAnswer> {
  const { hostname, port } = new URL(url);
  const { promise, resolve } = Promise.withResolvers<SocketAnswer>();
  const parts: Buffer[] = [];
  const socket = connect(Number(port), hostname, () => socket.write(bytes));
  const done = (error?: string): void => {
    socket.destroy();
    const text = Buffer.concat(parts).toString("latin1");
    const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
    resolve({ text, statuses, ...(error === undefined ? {} : { error }) });
  };
  socket.setTimeout(quietMs, () => done());
  socket.on("data", (part) => parts.push(part));
  socket.on("end", () => done());
  socket.on("error", (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
  return promise;
}
