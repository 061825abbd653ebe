import { MAX_SOCKET_MESSAGE_CHARS, PING, PING_EVERY_SECONDS, PONG } from "@jcfetch/shared/protocol/relay";
import { SECOND_MS } from "@jcfetch/shared/time";

/** The part of a `WebSocket` that is needed here. */
export interface Socket {
  onopen: ((event: never) => unknown) | null;
  onmessage: ((event: never) => unknown) | null;
  onclose: ((event: never) => unknown) | null;
  onerror: ((event: never) => unknown) | null;
  send(text: string): void;
  close(): void;
}

export interface LinePorts {
  readonly later: (run: () => void, ms: number) => unknown;
  /** Any call of the browser's own: Firefox counts it as work, and a socket it does not. */
  readonly stayAwake: () => unknown;
}

export interface LineEvents {
  /** The other side has shown that it is there. */
  readonly alive: () => void;
  readonly message: (text: string) => void;
  /** Once, however it ended. `code` is 0 when the other side did not say. */
  readonly ended: (code: number) => void;
}

const OPEN_WITHIN_MS = 10 * SECOND_MS;
const PING_EVERY_MS = PING_EVERY_SECONDS * SECOND_MS;

/** [RM8] One socket from its opening to its end, with a word every twenty seconds that must be answered before the next. */
export class Line {
  readonly #socket: Socket;
  readonly #ports: LinePorts;
  readonly #events: LineEvents;
  #state: "opening" | "open" | "ended" = "opening";
  #pings = 0;
  #pongs = 0;

  constructor(socket: Socket, ports: LinePorts, events: LineEvents) {
    this.#socket = socket;
    this.#ports = ports;
    this.#events = events;
    socket.onopen = () => {
      if (this.#state !== "opening") return;
      this.#state = "open";
      this.#ping();
    };
    socket.onmessage = ({ data }: { data: unknown }) => this.#hear(data);
    socket.onclose = ({ code }: { code: number }) => this.#end(code);
    socket.onerror = () => undefined; // the end follows
    ports.later(() => this.#state === "opening" && this.close(), OPEN_WITHIN_MS);
  }

  send(text: string): void {
    if (this.#state === "open") this.#socket.send(text);
  }

  close(): void {
    this.#end(0);
    this.#socket.close();
  }

  #hear(data: unknown): void {
    if (this.#state !== "open" || typeof data !== "string" || data.length > MAX_SOCKET_MESSAGE_CHARS) return;
    if (data === PONG) {
      this.#pongs = this.#pings;
      this.#events.alive();
    } else this.#events.message(data);
  }

  #ping(): void {
    if (this.#state !== "open") return;
    if (this.#pings > this.#pongs) {
      this.close();
      return;
    }
    this.#pings += 1;
    this.send(PING);
    this.#ports.stayAwake();
    this.#ports.later(() => this.#ping(), PING_EVERY_MS);
  }

  #end(code: number): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    this.#events.ended(code);
  }
}
