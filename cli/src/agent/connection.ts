import type { Socket } from "node:net";
import { SECOND_MS } from "@jcfetch/shared/time";
import { fail } from "../exit.ts";
import { AS_THEY_ARE, type Lines } from "./lines.ts";
import type { AgentAnswer, AgentEvent } from "./wire.ts";

const MOST_BYTES = 16_384;
const WITHIN_MS = 5 * SECOND_MS;

/** Who answers behind a socket, in each of the two languages that are spoken there. */
export interface Answering {
  line(line: string, say: (event: AgentEvent) => void): Promise<AgentAnswer>;
  /** @param head everything up to the empty line. @returns the whole answer. */
  http(head: string): Promise<string>;
  /** Whole of what may come on a connection, where it is more than elsewhere. */
  readonly mostBytes?: number;
}

/**
 * One connection: its first byte says whether it speaks HTTP or our own lines.
 *
 * @param linesFor [AG21] how lines go over this socket, by the first; without it as they are.
 */
export function serve(socket: Socket, answering: Answering, linesFor: LinesFor = () => AS_THEY_ARE): void {
  let heard = "";
  const timer = setTimeout(() => socket.destroy(), WITHIN_MS);
  socket.on("error", () => socket.destroy()); // whoever asked is gone
  socket.on("close", () => clearTimeout(timer));
  const hear = (chunk: Buffer): void => {
    heard += chunk.toString("utf8");
    const native = heard.startsWith("{");
    const end = native ? heard.indexOf("\n") : heard.search(/\r?\n\r?\n/);
    if (end === -1) {
      if (heard.length > (answering.mostBytes ?? MOST_BYTES)) socket.destroy();
      return;
    }
    clearTimeout(timer);
    socket.off("data", hear);
    socket.resume();
    const head = heard.slice(0, end);
    const spoken = native ? speak(socket, answering, head, linesFor) : speakHttp(socket, answering, head);
    // A mistake of ours ends this connection, and not all that is held for others: who asked turns elsewhere [AG15].
    spoken.catch(() => socket.destroy());
  };
  socket.on("data", hear);
}

export type LinesFor = (heard: string) => Lines;

async function speak(socket: Socket, answering: Answering, heard: string, linesFor: LinesFor): Promise<void> {
  const lines = linesFor(heard);
  const line = lines.in(heard);
  if (line === undefined) return void socket.destroy(); // of somebody who has not the key
  const say = (message: AgentEvent | AgentAnswer): void => {
    if (socket.writable) socket.write(`${lines.out(JSON.stringify(message))}\n`);
  };
  say(await answering.line(line, say));
  socket.end();
}

async function speakHttp(socket: Socket, answering: Answering, head: string): Promise<void> {
  socket.end(await answering.http(head));
}

export const notUnderstood: AgentAnswer = {
  answer: "failure",
  failure: fail(
    "agent-failed",
    "the agent did not understand the request",
    "start it anew: jcfetch agent stop",
  ),
};
