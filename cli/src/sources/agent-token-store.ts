import { existsSync } from "node:fs";
import { join } from "node:path";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { answerOf } from "../agent/client.ts";
import { makeFolder } from "../agent/meeting.ts";
import { type AgentPlace, isOurs, lockedMark } from "../agent/place.ts";
import { startAgent } from "../agent/start.ts";
import { tokenSocket } from "../agent/token-door.ts";
import type { AgentAnswer, TokensRequest } from "../agent/wire.ts";
import { cannotWrite } from "../config/files.ts";
import type { Failure } from "../exit.ts";
import type { Host } from "../host.ts";
import { agentLocked } from "../wishes.ts";
import { withLiveLock } from "./direct-lock.ts";
import type { TokenStore } from "./direct-store.ts";
import { parseTokens, tokensText } from "./direct-tokens.ts";
import type { TokenMemory } from "./token-memory.ts";

/** [DM5] The tokens of one session in the agent's memory, as this computer's other programs reach them. */
export function storeAtAgent(host: Host, place: AgentPlace, id: string, nowhere: Failure): TokenStore {
  const door = { ...place, socket: tokenSocket(place) };
  type Asked = Pick<TokensRequest, "act" | "text" | "anew">;
  const asked = async (request: Asked): Promise<AgentAnswer | undefined> =>
    isOurs(door, host) ? answerOf(host, door, { v: 1, op: "tokens", id, ...request }) : undefined;
  /** Where no agent runs, there is nothing to be removed. */
  const told = async (act: "remove" | "sign-out"): Promise<Result<null, Failure>> => {
    const answer = await asked({ act });
    return answer?.answer === "failure" ? err(answer.failure) : ok(null);
  };
  return {
    endsWithAgent: true,
    async ready() {
      if (existsSync(lockedMark(place))) return err(agentLocked);
      if (!(await startAgent(host, place)) || !isOurs(door, host)) return err(nowhere);
      const answer = await asked({ act: "read" });
      return answer?.answer === "tokens" ? ok(null) : err(nowhere);
    },
    async read() {
      const answer = await asked({ act: "read" });
      if (answer?.answer === "failure") return err(answer.failure);
      return ok(answer?.answer === "tokens" ? parseTokens(answer.text ?? "") : undefined);
    },
    async write(tokens, anew) {
      const answer = await asked({ act: "write", text: tokensText(tokens), ...(anew ? { anew: true } : {}) });
      if (answer?.answer === "done") return ok(null);
      return err(answer?.answer === "failure" ? answer.failure : nowhere);
    },
    remove: () => told("remove"),
    signOut: () => told("sign-out"),
    alone: (work) => aloneAt(host, place, id, work),
  };
}

/** The same for the agent itself. */
export function storeInMemory(host: Host, place: AgentPlace, id: string, memory: TokenMemory): TokenStore {
  const done = async (change: () => void): Promise<Result<null, Failure>> => {
    change();
    return ok(null);
  };
  return {
    endsWithAgent: true,
    ready: async () => ok(null),
    read: async () => ok(memory.read(id)),
    write: async (tokens, anew) =>
      memory.write(id, tokens, anew !== undefined) ? ok(null) : err(agentLocked),
    remove: () => done(() => memory.remove(id)),
    signOut: () => done(() => memory.signOut(id)),
    alone: (work) => aloneAt(host, place, id, work),
  };
}

/** [DM6] The lock is a file with nothing in it that anybody wants. */
async function aloneAt<T>(
  host: Host,
  place: AgentPlace,
  id: string,
  work: () => Promise<Result<T, Failure>>,
): Promise<Result<T, Failure>> {
  if (!makeFolder(place, host)) return err(cannotWrite(place.folder, "EACCES"));
  return withLiveLock(join(place.folder, `${id}.lock`), work);
}
