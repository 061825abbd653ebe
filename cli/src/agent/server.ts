import type { AskVoice } from "@jcfetch/shared/device-asking";
import type { Result } from "@jcfetch/shared/result";
import type { Failure } from "../exit.ts";
import { VERSION } from "../version.ts";
import type { Agent } from "./agent.ts";
import { type Answering, notUnderstood } from "./connection.ts";
import { answered, httpRefusal } from "./http.ts";
import type { Telling } from "./ports.ts";
import { type ReadRequest, readHttp, readRequest } from "./requests.ts";
import type { Shares } from "./shares.ts";
import type { AgentStatus } from "./status.ts";
import type { AgentAnswer, AgentEvent, SourceRef } from "./wire.ts";

/** What the server does besides giving credentials. */
export interface Office {
  readonly agent: Agent;
  readonly shares: Pick<Shares, "open" | "end">;
  /** Of this program. */
  readonly build: string;
  /** The folder whose keys it works with. */
  readonly folder: string;
  /** Where a role comes from when nobody says. */
  source(): Promise<Result<SourceRef, Failure>>;
  status(): AgentStatus;
  setLocked(locked: boolean): void;
  /** Takes no more connections, and ends when its flights have landed. */
  leave(): void;
}

/** Behind the agent's own socket. */
export const atOffice = (office: Office): Answering => ({
  async line(line, say) {
    const request = readRequest(line);
    return request ? reply(request, office, say) : notUnderstood;
  },
  http: (head) => replyHttp(head, office),
});

async function reply(
  request: ReadRequest,
  office: Office,
  say: (event: AgentEvent) => void,
): Promise<AgentAnswer> {
  const { agent, shares } = office;
  switch (request.op) {
    case "status":
      return { answer: "status", status: office.status() };
    case "lock":
    case "unlock":
      office.setLocked(request.op === "lock");
      return { answer: "done" };
    case "stop":
      await shares.end();
      office.leave();
      return { answer: "done" };
    case "share": {
      if (isOther(request, office)) return { answer: "other" };
      const opened = await shares.open(request);
      return opened.ok
        ? { answer: "shares", shares: [opened.value] }
        : { answer: "failure", failure: opened.error };
    }
    case "end-share":
      return { answer: "shares", shares: await shares.end(request.path) };
    case "credentials": {
      if (isOther(request, office)) return { answer: "other" };
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

const isOther = ({ folder }: ReadRequest, office: Office): boolean =>
  folder !== undefined && folder !== office.folder;

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

/** Whoever asks so names no session: the role comes from where a command without one would get it. */
async function replyHttp(head: string, { agent, source }: Office): Promise<string> {
  const request = readHttp(head);
  if (typeof request === "number") return httpRefusal(request);
  const { account, role } = request;
  const telling: Telling = { taken() {}, voice: { show() {}, done() {} } };
  const caller = { interactive: false, about: { process: "", directory: "" } };
  const from = await source();
  if (!from.ok) return answered(request, { answer: "failure", failure: from.error });
  const asked = { source: from.value, want: { account, role }, minTtlMs: undefined, caller };
  return answered(request, await agent.credentials(asked, telling));
}
