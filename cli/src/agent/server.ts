import type { Socket } from "node:net";
import type { AskVoice } from "@jcfetch/shared/device-asking";
import { SECOND_MS } from "@jcfetch/shared/time";
import { fail } from "../exit.ts";
import { VERSION } from "../version.ts";
import type { Agent, Telling } from "./agent.ts";
import { answered, httpAnswer } from "./http.ts";
import { type ReadRequest, readHttp, readRequest } from "./requests.ts";
import type { AgentStatus } from "./status.ts";
import type { AgentAnswer, AgentEvent } from "./wire.ts";

/** Whole of what may come on a connection. */
const MOST_BYTES = 16_384;
const WITHIN_MS = 5 * SECOND_MS;

/** What the server does besides giving credentials. */
export interface Office {
  readonly agent: Agent;
  /** Of this program. */
  readonly build: string;
  /** The folder whose keys it works with. */
  readonly folder: string;
  status(): AgentStatus;
  setLocked(locked: boolean): void;
  /** Takes no more connections, and ends when its flights have landed. */
  leave(): void;
}

/** One connection: its first byte says whether it speaks HTTP or our own lines. */
export function serve(socket: Socket, office: Office): void {
  let heard = "";
  const timer = setTimeout(() => socket.destroy(), WITHIN_MS);
  socket.on("error", () => socket.destroy()); // whoever asked is gone
  socket.on("close", () => clearTimeout(timer));
  const hear = (chunk: Buffer): void => {
    heard += chunk.toString("utf8");
    const native = heard.startsWith("{");
    const end = native ? heard.indexOf("\n") : heard.search(/\r?\n\r?\n/);
    if (end === -1) {
      if (heard.length > MOST_BYTES) socket.destroy();
      return;
    }
    clearTimeout(timer);
    socket.off("data", hear);
    socket.resume();
    void (native ? speak : speakHttp)(socket, office, heard.slice(0, end));
  };
  socket.on("data", hear);
}

async function speak(socket: Socket, office: Office, line: string): Promise<void> {
  const say = (message: AgentEvent | AgentAnswer): void => {
    if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
  };
  const request = readRequest(line);
  say(request ? await reply(request, office, say) : notUnderstood);
  socket.end();
}

const notUnderstood: AgentAnswer = {
  answer: "failure",
  failure: fail(
    "agent-failed",
    "the agent did not understand the request",
    "start it anew: jcfetch agent stop",
  ),
};

async function reply(
  request: ReadRequest,
  office: Office,
  say: (event: AgentEvent) => void,
): Promise<AgentAnswer> {
  const { agent } = office;
  switch (request.op) {
    case "status":
      return { answer: "status", status: office.status() };
    case "lock":
    case "unlock":
      office.setLocked(request.op === "lock");
      return { answer: "done" };
    case "stop":
      office.leave();
      return { answer: "done" };
    case "credentials": {
      if (request.folder !== undefined && request.folder !== office.folder) return { answer: "other" };
      if (isNewer(request, office.build)) {
        office.leave();
        return { answer: "leaving" };
      }
      const { source, account, role, minTtlMs, caller } = request;
      const known = { interactive: caller.interactive, ...(caller.about ? { about: caller.about } : {}) };
      return agent.credentials({ source, want: { account, role }, minTtlMs, caller: known }, tellingOf(say));
    }
  }
}

/** [AG12] It gives way to another program, but not to an older one: two that are both in use would drive each other out. */
function isNewer({ build, version }: ReadRequest, own: string): boolean {
  if (build === undefined || build === own) return false;
  const theirs = numbersOf(version ?? "0");
  const ours = numbersOf(VERSION);
  const first = ours.findIndex((number, i) => number !== (theirs[i] ?? 0));
  return first === -1 || (theirs[first] ?? 0) > ours[first]!;
}

const numbersOf = (version: string): number[] => version.split(".").map(Number);

const tellingOf = (say: (event: AgentEvent) => void): Telling => ({
  taken: () => say({ event: "taken" }),
  voice: {
    show: (num, { account, role }, untilMs) => say({ event: "show", num, account, role, untilMs }),
    done: () => say({ event: "done" }),
  } satisfies Pick<AskVoice, "show" | "done">,
});

async function speakHttp(socket: Socket, { agent }: Office, head: string): Promise<void> {
  const request = readHttp(head);
  if (typeof request === "number")
    return void socket.end(httpAnswer(request, { code: "refused", message: "" }));
  const { account, role } = request;
  const telling: Telling = { taken() {}, voice: { show() {}, done() {} } };
  const caller = { interactive: false, about: { process: "", directory: "" } };
  const asked = {
    source: { kind: "brokered" },
    want: { account, role },
    minTtlMs: undefined,
    caller,
  } as const;
  socket.end(answered(request, await agent.credentials(asked, telling)));
}
