import type { AskVoice } from "@jcfetch/shared/device-asking";
import type { RoleCredentials } from "@jcfetch/shared/domain/role-credentials";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { Secret } from "@jcfetch/shared/secret";
import { SECOND_MS } from "@jcfetch/shared/time";
import { ownFolder } from "../config/paths.ts";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { parseJson } from "../json.ts";
import { BUILD, VERSION } from "../version.ts";
import type { Fetched } from "../wishes.ts";
import { AS_THEY_ARE, type Lines } from "./lines.ts";
import { type AgentPlace, isOurs, isPipe } from "./place.ts";
import type { AgentAnswer, AgentEvent, AgentRequest, CredentialsRequest } from "./wire.ts";

/** The first word comes at once, unless the agent hangs. */
const FIRST_WORD_MS = 5 * SECOND_MS;
/** [CL6] As long as a person may be asked, and a little more; the agent's own limits are below it. */
const ANSWER_MS = 120 * SECOND_MS;

export type Want = Pick<CredentialsRequest, "source" | "account" | "role" | "minTtlMs">;

/**
 * Ask the agent for credentials, starting it if need be.
 *
 * @returns `undefined` where there is none to be had: then the command does the work itself.
 */
export async function fromAgent(
  host: Host,
  place: AgentPlace,
  want: Want,
): Promise<Result<Fetched, Failure> | undefined> {
  const interactive = host.io.person() !== undefined;
  const request = { v: 1, op: "credentials", ...want, caller: { interactive } } as const;
  let answer = await asked(host, place, request);
  if (answer?.answer === "whose") {
    const { about } = await import("../asking.ts");
    answer = await asked(host, place, { ...request, caller: { interactive, about: about(host) } });
  }
  const fetched = answer && read(answer);
  return fetched ?? (place.mode === "given" ? err(away(place)) : undefined);
}

/** One request; again through a new agent, if the one that was there has ended. */
async function asked(
  host: Host,
  place: AgentPlace,
  request: CredentialsRequest,
): Promise<AgentAnswer | undefined> {
  if (place.mode === "given") return isOurs(place, host) ? answerOf(host, place, request) : undefined;
  const known = { ...request, build: BUILD, version: VERSION, folder: ownFolder(host) };
  for (let tries = 0; tries < TRIES; tries += 1) {
    // One that was killed goes on taking connections until the system has cleared it away.
    if (tries > 1) await new Promise((resolve) => setTimeout(resolve, ENDING_MS));
    if (tries > 0 || !isOurs(place, host)) {
      const { startAgent } = await import("./start.ts");
      if (!(await startAgent(host, place))) return undefined;
    }
    const answer = await exchange(host, place, known);
    if (answer === HANGS) return undefined; // a new one could not take its place
    if (answer && answer.answer !== "leaving") return answer;
  }
  return undefined;
}

const TRIES = 4;
const ENDING_MS = 50;

/** It takes the request and says nothing. */
const HANGS = "hangs";

/** @returns `undefined` where no whole answer comes. */
export async function answerOf(
  host: Host,
  place: AgentPlace,
  request: AgentRequest,
): Promise<AgentAnswer | undefined> {
  const answer = await exchange(host, place, request);
  return answer === HANGS ? undefined : answer;
}

type Exchanged = AgentAnswer | typeof HANGS | undefined;

async function exchange(host: Host, place: AgentPlace, request: AgentRequest): Promise<Exchanged> {
  const lines = place.mode === "own" && isPipe(place.socket) ? await sealedLines(place) : AS_THEY_ARE;
  return lines && talk(host, place.socket, lines, request);
}

/** [AG21] @returns `undefined` where nobody could be believed. */
async function sealedLines(place: AgentPlace): Promise<Lines | undefined> {
  const { clientLines, readPipeKey } = await import("./pipe-seal.ts");
  const key = readPipeKey(place);
  return key && clientLines(key);
}

function talk(host: Host, path: string, wire: Lines, request: AgentRequest): Promise<Exchanged> {
  return new Promise((resolve) => {
    const socket = process.getBuiltinModule("node:net").connect(path);
    const hear = hearing(host);
    let timer = setTimeout(() => end(HANGS), FIRST_WORD_MS);
    let heard = "";
    let over = false;
    const end = (answer: Exchanged): void => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      socket.destroy();
      void hear({ event: "done" }).then(() => resolve(answer));
    };
    socket.setEncoding("utf8");
    socket.on("error", () => end(undefined));
    socket.on("close", () => end(undefined));
    socket.on("data", (chunk: string) => {
      const lines = (heard + chunk).split("\n");
      heard = lines.pop() ?? "";
      for (const message of lines.map((line) => parsed(wire.in(line)))) {
        if (!message || "answer" in message) return end(message);
        clearTimeout(timer);
        timer = setTimeout(() => end(HANGS), ANSWER_MS);
        void hear(message);
      }
    });
    socket.write(`${wire.out(JSON.stringify(request))}\n`);
  });
}

/** [AS2] What the agent has to say to a person, this terminal shows. */
function hearing(host: Host): (event: AgentEvent) => Promise<void> {
  let voice: Promise<AskVoice> | undefined;
  return async (event) => {
    if (event.event === "show") {
      voice ??= import("../asking.ts").then(({ voiceOf }) => voiceOf(host));
      (await voice).show(event.num, event as never, event.untilMs);
    }
    if (event.event === "done") (await voice)?.done();
  };
}

const parsed = (line: string | undefined) => parseJson(line ?? "") as AgentEvent | AgentAnswer | undefined;

/** @returns `undefined` for what is neither credentials nor a reason. */
function read(answer: AgentAnswer): Result<Fetched, Failure> | undefined {
  if (answer.answer === "failure") return err(answer.failure);
  if (answer.answer !== "credentials") return undefined;
  const { accessKeyId, secretAccessKey, sessionToken, expiresAtMs } = answer.credentials;
  const texts = [accessKeyId, secretAccessKey, sessionToken];
  if (!texts.every((text) => typeof text === "string") || !Number.isFinite(expiresAtMs)) return undefined;
  const credentials: RoleCredentials = {
    accessKeyId,
    secretAccessKey: new Secret(secretAccessKey),
    sessionToken: new Secret(sessionToken),
    expiresAtMs,
  };
  return ok({ credentials, ...(answer.warning === undefined ? {} : { warning: answer.warning }) });
}

export const away = ({ socket }: AgentPlace): Failure =>
  fail(
    "agent-away",
    `no agent of yours answers at ${socket}, which JCFETCH_AGENT names`,
    "forward its socket again, or unset JCFETCH_AGENT",
  );
