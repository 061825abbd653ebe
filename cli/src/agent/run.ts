import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { SECOND_MS } from "@jcfetch/shared/time";
import { errnoOf } from "../config/files.ts";
import { devicePath, ownFolder } from "../config/paths.ts";
import { sourceOf } from "../credentials.ts";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { later } from "../later.ts";
import { memoryFolder } from "../sources/direct-place.ts";
import { isAnybodySignedIn, signInMark } from "../sources/direct-store.ts";
import { openSource } from "../sources/source.ts";
import { TokenMemory } from "../sources/token-memory.ts";
import { BUILD, VERSION } from "../version.ts";
import { Agent } from "./agent.ts";
import { type Answering, serve } from "./connection.ts";
import { type Listening, listenAt } from "./listening.ts";
import { answersAt, makeFolder } from "./meeting.ts";
import { agentLines, makePipeKey } from "./pipe-seal.ts";
import { type AgentPlace, agentPlace, idleSetting, isPipe, lockedMark } from "./place.ts";
import { atOffice, type Office } from "./server.ts";
import { Shares } from "./shares.ts";
import type { Instant } from "./store.ts";
import { atTokens, tokenSocket } from "./token-door.ts";
import { isOver, locksNow } from "./upkeep.ts";

const TEND_MS = 15 * SECOND_MS;
const LEAVE_MS = 2 * SECOND_MS;

/** The agent itself, from its socket to its end. Resolves when it has ended. */
export async function runAgent(outside: Host): Promise<Result<null, Failure>> {
  const place = agentPlace({ ...outside, env: { ...outside.env, JCFETCH_AGENT: undefined } });
  const tokens = new TokenMemory(existsSync(lockedMark(place)));
  const host: Host = { ...outside, tokens };
  process.umask(0o077);
  if (!makeFolder(place, host)) {
    return err(
      fail("agent-failed", `${place.folder} is not for you alone`, "remove it, or set JCFETCH_AGENT=off"),
    );
  }
  if (await answersAt(place.socket)) return ok(null);
  const ended = later<void>();
  const now = (): Instant => ({ wallMs: host.now(), steadyMs: performance.now() });
  const agent = agentOf(host, place, now);
  const shares = new Shares({ agent, place, host, now });
  const office = officeOf(host, place, { agent, shares, tokens, leave: () => ended.resolve() });
  await shares.reopen();
  // The second one first: whoever finds the agent's own socket may turn to it at once.
  const door = await openTokenDoor(host, place, tokens, () => agent.tend());
  if (!door.ok) return door;
  const opened = await listen(atOffice(office), place, host.pid);
  if (!opened.ok) {
    await door.value.close();
    return opened;
  }

  const tending = setInterval(() => {
    void shares.tend();
    const hasKeys = stampOf(devicePath(host)) !== undefined || isAnybodySignedIn(host);
    tokens.expire(host.now());
    const holdsNothing = agent.holdsNothing && tokens.isEmpty;
    const stands = { isStill: opened.value.isStill(), hasKeys, isShared: shares.size > 0 };
    if (isOver({ ...stands, holdsNothing, idleMs: agent.idleMs() })) ended.resolve();
    else tend(office, place);
  }, TEND_MS);
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => ended.resolve());
  await ended.promise;
  clearInterval(tending);
  // Those first: whoever takes its place makes them anew.
  const closed = [shares.close(), opened.value.close(), door.value.close()];
  await Promise.race([Promise.all(closed), pause(LEAVE_MS)]);
  return ok(null);
}

/** [DM14] Only where the system has no file system in memory: elsewhere no token comes near a socket. */
async function openTokenDoor(
  host: Host,
  place: AgentPlace,
  tokens: TokenMemory,
  changed: () => void,
): Promise<Result<Pick<Listening, "close">, Failure>> {
  if (memoryFolder(host) !== undefined) return ok({ close: async () => {} });
  return listen(atTokens(tokens, changed), { ...place, socket: tokenSocket(place) }, host.pid);
}

async function listen(
  answering: Answering,
  place: AgentPlace,
  pid: number,
): Promise<Result<Listening, Failure>> {
  const key = isPipe(place.socket) ? await makePipeKey(place) : undefined;
  if (isPipe(place.socket) && !key) return err(noSocket(place, "no key can be kept there"));
  const linesFor = key && ((heard: string) => agentLines(key, heard));
  const server = createServer((socket) => serve(socket, answering, linesFor));
  try {
    return ok(await listenAt(server, place.socket, pid));
  } catch (error) {
    return err(noSocket(place, errnoOf(error)));
  }
}

const noSocket = ({ folder }: AgentPlace, why: string): Failure =>
  fail("agent-failed", `no socket can be made in ${folder} (${why})`, "set JCFETCH_AGENT=off");

function agentOf(host: Host, place: AgentPlace, now: () => Instant): Agent {
  return new Agent(
    {
      now,
      open: (ref, voice) => openSource(host, ref, voice),
      stampOf: (ref) => (ref.kind === "direct" ? signInMark(host, ref.session) : stampOf(devicePath(host))),
      pause: (ms) => pause(ms, undefined, { ref: false }),
    },
    existsSync(lockedMark(place)),
  );
}

interface Staff {
  readonly agent: Agent;
  readonly shares: Shares;
  readonly tokens: TokenMemory;
  readonly leave: () => void;
}

function officeOf(host: Host, place: AgentPlace, { agent, shares, tokens, leave }: Staff): Office {
  const sinceMs = host.now();
  return {
    agent,
    shares,
    build: BUILD,
    folder: ownFolder(host),
    source: () => sourceOf(host, {}),
    leave,
    status: () => ({
      pid: host.pid,
      version: VERSION,
      sinceMs,
      rssBytes: process.memoryUsage.rss(),
      locked: agent.locked,
      roles: agent.roles(),
      shares: shares.list(),
    }),
    setLocked(locked) {
      if (locked) {
        writeFileSync(lockedMark(place), "", { mode: 0o600 });
        agent.lock();
        tokens.close();
      } else {
        rmSync(lockedMark(place), { force: true });
        agent.unlock();
        tokens.open();
      }
    },
  };
}

function tend({ agent, setLocked }: Office, place: AgentPlace): void {
  if (!agent.locked && locksNow(agent.idleMs(), idleLockMs(place))) setLocked(true);
  agent.tend();
}

function idleLockMs(place: AgentPlace): number | undefined {
  try {
    const ms = Number(readFileSync(idleSetting(place), "utf8"));
    return ms > 0 ? ms : undefined;
  } catch {
    return undefined;
  }
}

/** Another file has another one, also where it was written within one tick of the clock. */
function stampOf(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found && `${found.ino}:${found.mtimeMs}:${found.size}`;
}
