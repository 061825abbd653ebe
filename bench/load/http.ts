import { connect, type Socket } from "node:net";

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** One kept connection; one request at a time. */
class Line {
  readonly #socket: Socket;
  #heard: Buffer = Buffer.alloc(0);
  #waiting: PromiseWithResolvers<Answer> | undefined;

  constructor(port: number, onEnd: (line: Line) => void) {
    this.#socket = connect({ host: "127.0.0.1", port, noDelay: true });
    this.#socket.on("data", (part) => this.#hear(part));
    this.#socket.on("error", (error) => this.#waiting?.reject(error));
    this.#socket.on("close", () => {
      this.#waiting?.reject(new Error("the connection was cut"));
      onEnd(this);
    });
  }

  ask(head: string, body: string): Promise<Answer> {
    this.#waiting = Promise.withResolvers();
    this.#socket.write(`${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    return this.#waiting.promise;
  }

  close(): void {
    this.#socket.destroy();
  }

  #hear(part: Buffer): void {
    this.#heard = this.#heard.length === 0 ? part : Buffer.concat([this.#heard, part]);
    const answer = readWhole(this.#heard);
    if (!answer) return;
    this.#heard = Buffer.alloc(0);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve(answer);
  }
}

/** An answer with a known length. @returns `undefined` until all of it is there. @throws on any other kind. */
function readWhole(heard: Buffer): Answer | undefined {
  const end = heard.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const head = heard.toString("latin1", 0, end);
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new Error(`an answer without a length: ${head}`);
  const whole = end + 4 + Number(length);
  if (heard.length < whole) return undefined;
  return { status: Number(head.slice(9, 12)), body: heard.toString("utf8", end + 4, whole) };
}

/**
 * An HTTP/1.1 client over kept sockets that costs a tenth of Node's own: what drives a load must not be what limits it.
 */
export class Lines {
  readonly #port: number;
  readonly #all = new Set<Line>();
  readonly #idle: Line[] = [];

  constructor(port: number) {
    this.#port = port;
  }

  /** `head`: request line and headers, without the length and the empty line. */
  async ask(head: string, body: string): Promise<Answer> {
    const line = this.#idle.pop() ?? this.#open();
    const answer = await line.ask(head, body);
    if (this.#all.has(line)) this.#idle.push(line);
    return answer;
  }

  close(): void {
    for (const line of this.#all) line.close();
  }

  #open(): Line {
    const line = new Line(this.#port, (ended) => {
      this.#all.delete(ended);
      const at = this.#idle.indexOf(ended);
      if (at >= 0) this.#idle.splice(at, 1);
    });
    this.#all.add(line);
    return line;
  }
}
