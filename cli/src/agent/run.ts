import { chmodSync, existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { SECOND_MS } from "@jcfetch/shared/time";
import { errnoOf } from "../config/files.ts";
import { devicePath, ownFolder } from "../config/paths.ts";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { later } from "../later.ts";
import { isAnybodySignedIn, signInMark } from "../sources/direct-store.ts";
import { openSource } from "../sources/source.ts";
import { BUILD, VERSION } from "../version.ts";
import { Agent } from "./agent.ts";
import { answersAt, makeFolder } from "./meeting.ts";
import { type AgentPlace, agentPlace, idleSetting, lockedMark } from "./place.ts";
import { type Office, serve } from "./server.ts";
import { isOver, locksNow } from "./upkeep.ts";

const TEND_MS = 15 * SECOND_MS;
const LEAVE_MS = 2 * SECOND_MS;

/** The agent itself, from its socket to its end. Resolves when it has ended. */
export async function runAgent(host: Host): Promise<Result<null, Failure>> {
  const place = agentPlace({ ...host, env: { ...host.env, JCFETCH_AGENT: undefined } });
  process.umask(0o077);
  if (!makeFolder(place, host)) {
    return err(
      fail("agent-failed", `${place.folder} is not for you alone`, "remove it, or set JCFETCH_AGENT=off"),
    );
  }
  if (await answersAt(place.socket)) return ok(null);
  const ended = later<void>();
  const server = createServer();
  const office = officeOf(host, place, () => ended.resolve());
  server.on("connection", (socket) => serve(socket, office));
  const opened = await listen(server, place, host.pid);
  if (!opened.ok) return opened;

  const tending = setInterval(() => {
    const { agent } = office;
    const hasKeys = stampOf(devicePath(host)) !== undefined || isAnybodySignedIn(host);
    const stands = { isStill: opened.value.isStill(), hasKeys };
    if (isOver({ ...stands, holdsNothing: agent.holdsNothing, idleMs: agent.idleMs() })) ended.resolve();
    else tend(office, place);
  }, TEND_MS);
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => ended.resolve());
  await ended.promise;
  clearInterval(tending);
  await Promise.race([opened.value.close(), pause(LEAVE_MS)]);
  return ok(null);
}

interface Opened {
  /** Nobody has put another one in the socket's place. */
  isStill(): boolean;
  /** No more connections, and no socket of ours. Resolves when the last one has its answer. */
  close(): Promise<void>;
}

/** Under another name first, so that it is never there with other rights, and never taken away from somebody else. */
async function listen(server: Server, place: AgentPlace, pid: number): Promise<Result<Opened, Failure>> {
  const isPipe = place.socket.startsWith("\\\\");
  const path = isPipe ? place.socket : join(place.folder, `.${pid}`);
  try {
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(path, resolve));
    const closed = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
    if (isPipe) return ok({ isStill: () => true, close: closed });
    chmodSync(path, 0o600);
    const { ino } = statSync(path);
    renameSync(path, place.socket);
    const isStill = (): boolean => statSync(place.socket, { throwIfNoEntry: false })?.ino === ino;
    const close = (): Promise<void> => {
      if (isStill()) rmSync(place.socket, { force: true });
      return closed();
    };
    return ok({ isStill, close });
  } catch (error) {
    return err(
      fail(
        "agent-failed",
        `no socket can be made in ${place.folder} (${errnoOf(error)})`,
        "set JCFETCH_AGENT=off",
      ),
    );
  }
}

function officeOf(host: Host, place: AgentPlace, leave: () => void): Office {
  const agent = new Agent(
    {
      now: () => ({ wallMs: host.now(), steadyMs: performance.now() }),
      open: (ref, voice) => openSource(host, ref, voice),
      stampOf: (ref) => (ref.kind === "direct" ? signInMark(host, ref.session) : stampOf(devicePath(host))),
      pause: (ms) => pause(ms, undefined, { ref: false }),
    },
    existsSync(lockedMark(place)),
  );
  const sinceMs = host.now();
  return {
    agent,
    build: BUILD,
    folder: ownFolder(host),
    leave,
    status: () => ({
      pid: host.pid,
      version: VERSION,
      sinceMs,
      rssBytes: process.memoryUsage.rss(),
      locked: agent.locked,
      roles: agent.roles(),
    }),
    setLocked(locked) {
      if (locked) {
        writeFileSync(lockedMark(place), "", { mode: 0o600 });
        agent.lock();
      } else {
        rmSync(lockedMark(place), { force: true });
        agent.unlock();
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
