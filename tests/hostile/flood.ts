import { connect, type Socket } from "node:net";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

/*
 * A flood from a thread of its own: a few connections, each with many requests under way, none of them read further than
 * its status. Fast enough to keep the broker at its limit.
 */

export interface Flood {
  readonly port: number;
  /** The whole request as it goes over the wire. */
  readonly request: string;
  /** How many; fewer when it is stopped. */
  readonly times: number;
  readonly connections: number;
  /** Requests under way on each connection. */
  readonly depth: number;
}

/** How many answers came, by status. A connection that broke counts as `broken`. */
export type Statuses = Record<string, number>;

export interface Flooding {
  readonly ended: Promise<Statuses>;
  stop(): void;
}

export function flood(options: Flood): Flooding {
  const worker = new Worker(new URL(import.meta.url), { workerData: options });
  const { promise, resolve, reject } = Promise.withResolvers<Statuses>();
  worker.once("message", resolve);
  worker.once("error", reject);
  return { ended: promise, stop: () => worker.postMessage("stop") };
}

const STATUS = Buffer.from("HTTP/1.1 ");

/** One connection: keeps `depth` requests under way until `take` gives no more. */
function connection({ port, request, depth }: Flood, take: () => boolean, note: (status: string) => void) {
  return new Promise<void>((done) => {
    const socket: Socket = connect(port, "127.0.0.1", () => fill());
    let underWay = 0;
    let rest = Buffer.alloc(0);
    const fill = (): void => {
      let burst = "";
      while (underWay < depth && take()) {
        burst += request;
        underWay += 1;
      }
      if (burst !== "") socket.write(burst);
      else if (underWay === 0) socket.end();
    };
    socket.on("data", (part) => {
      rest = Buffer.concat([rest, part]);
      let at = rest.indexOf(STATUS);
      let read = 0;
      while (at >= 0 && rest.length >= at + 12) {
        note(rest.toString("latin1", at + 9, at + 12));
        underWay -= 1;
        read = at + 12;
        at = rest.indexOf(STATUS, read);
      }
      // What is left may hold the beginning of the next status line.
      rest = rest.subarray(Math.max(read, rest.length - 12));
      fill();
    });
    socket.on("error", () => {
      for (; underWay > 0; underWay--) note("broken");
    });
    socket.on("close", () => done());
  });
}

async function runFlood(options: Flood): Promise<Statuses> {
  const statuses: Statuses = {};
  let left = options.times;
  parentPort?.on("message", () => {
    left = 0;
  });
  const take = (): boolean => left-- > 0;
  const note = (status: string): void => {
    statuses[status] = (statuses[status] ?? 0) + 1;
  };
  await Promise.all(Array.from({ length: options.connections }, () => connection(options, take, note)));
  return statuses;
}

if (!isMainThread) {
  const port = parentPort;
  if (port) port.postMessage(await runFlood(workerData as Flood));
  port?.close();
}
