import { basename, dirname, join } from "node:path";
import { membersIn } from "../json.ts";
import { parseTokens, tokensText } from "../sources/direct-tokens.ts";
import type { TokenMemory } from "../sources/token-memory.ts";
import { agentLocked } from "../wishes.ts";
import type { Answering } from "./connection.ts";
import { httpRefusal } from "./http.ts";
import { type AgentPlace, isPipe } from "./place.ts";
import type { AgentAnswer, TokensRequest } from "./wire.ts";

/*
 * [DM5] The agent's second socket: by it the commands of this computer reach the tokens that it keeps for them. What is
 * forwarded to other hosts is the first one, so that there role credentials can be had, and never a token.
 */

/** Beside the agent's own, under the same rights [AG2]. */
export function tokenSocket({ socket }: Pick<AgentPlace, "socket">): string {
  if (isPipe(socket)) return `${socket}-tokens`;
  return join(dirname(socket), basename(socket).replace(/^agent/, "tokens"));
}

/** Tokens and a registration are a few kilobytes each. */
const MOST_BYTES = 65_536;

/** @param changed told after somebody has signed in or out. */
export const atTokens = (memory: TokenMemory, changed: () => void): Answering => ({
  mostBytes: MOST_BYTES,
  async line(line) {
    const request = readRequest(line);
    if (!request) return REFUSED;
    const answer = replied(request, memory);
    if (request.act !== "read") changed();
    return answer;
  },
  http: async () => httpRefusal(404),
});

/** Of a program that is not ours: it learns nothing. */
const REFUSED: AgentAnswer = { answer: "other" };

function replied({ act, id, text, anew }: TokensRequest, memory: TokenMemory): AgentAnswer {
  switch (act) {
    case "read": {
      const held = memory.read(id);
      return { answer: "tokens", ...(held ? { text: tokensText(held) } : {}) };
    }
    case "write": {
      const tokens = parseTokens(text ?? "");
      if (!tokens) return REFUSED;
      return memory.write(id, tokens, anew === true) ? DONE : { answer: "failure", failure: agentLocked };
    }
    case "remove":
      memory.remove(id);
      return DONE;
    case "sign-out":
      memory.signOut(id);
      return DONE;
  }
}

const DONE: AgentAnswer = { answer: "done" };
const ACTS: readonly unknown[] = ["read", "write", "remove", "sign-out"];

function readRequest(line: string): TokensRequest | undefined {
  const { v, op, act, id } = membersIn(line);
  const isOne = v === 1 && op === "tokens" && ACTS.includes(act) && typeof id === "string";
  return isOne ? (JSON.parse(line) as TokensRequest) : undefined;
}
