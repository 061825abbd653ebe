import { existsSync, rmSync, writeFileSync } from "node:fs";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { away } from "../agent/client.ts";
import { tell } from "../agent/control.ts";
import { makeFolder } from "../agent/meeting.ts";
import { type AgentPlace, agentPlace, idleSetting, lockedMark, sharesFile } from "../agent/place.ts";
import { startAgent } from "../agent/start.ts";
import type { AgentStatus } from "../agent/status.ts";
import type { AgentCommand } from "../args.ts";
import { cannotWrite, errnoOf } from "../config/files.ts";
import { shown } from "../config/paths.ts";
import { type Ending, type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { columns } from "../table.ts";
import { count, duration, left, mebibytes } from "../when.ts";
import { notStarted, sharesInWords } from "./agent-words.ts";

type Done = Promise<Result<Ending, Failure>>;

/** What holds role credentials in memory: looking at it, and ruling over it. */
export async function agent(command: AgentCommand, json: boolean, host: Host): Done {
  const place = agentPlace(host);
  switch (command.act) {
    case "run":
      (await import("../agent/frugal.ts")).beFrugal();
      return (await import("../agent/run.ts")).runAgent(host);
    case "start":
      return start(place, command.idleMs, host);
    case "stop": {
      const stopped = await tell(host, place, "stop");
      if (place.mode !== "given") rmSync(sharesFile(place), { force: true });
      if (stopped?.answer === "failure") return err(stopped.failure);
      host.io.note(stopped ? "The agent is stopped, and what it held is gone." : "No agent was running.");
      return ok(null);
    }
    case "socket":
      await host.io.out(`${place.socket}\n`);
      return ok(null);
    case "share":
      return (await import("./agent-share.ts")).share(command, json, host);
    case "status":
      return status(place, json, host);
    case "lock":
      return lock(place, host);
    case "unlock":
      return unlock(place, host);
  }
}

async function start(place: AgentPlace, idleMs: number | undefined, host: Host): Done {
  if (place.mode !== "own") {
    const next = "unset it, or use the agent that it names";
    return err(fail("agent-failed", "JCFETCH_AGENT says that no agent is to be started here", next));
  }
  if (idleMs !== undefined) {
    const set = marking(place, host, () =>
      idleMs === 0
        ? rmSync(idleSetting(place), { force: true })
        : writeFileSync(idleSetting(place), String(idleMs), { mode: 0o600 }),
    );
    if (!set.ok) return set;
  }
  if (!(await startAgent(host, place))) return err(notStarted(place));
  host.io.note(`The agent runs; its socket is ${shown(place.socket, host.home)}`);
  if (idleMs) host.io.note(`It locks when nobody has asked for ${duration(idleMs)}.`);
  return ok(null);
}

/** Marks are files beside the socket: they count for the agent that runs, and for every one after it. */
function marking(place: AgentPlace, host: Host, change: () => void): Result<null, Failure> {
  if (!makeFolder(place, host)) return err(notStarted(place));
  try {
    change();
    return ok(null);
  } catch (error) {
    return err(cannotWrite(place.folder, errnoOf(error)));
  }
}

async function lock(place: AgentPlace, host: Host): Done {
  // [AG17] The one elsewhere is asked; what is done here without it is not its business.
  if (place.mode === "given") return lockElsewhere(place, "lock", "Locked, where the agent runs.", host);
  const marked = marking(place, host, () => writeFileSync(lockedMark(place), "", { mode: 0o600 }));
  if (!marked.ok) return marked;
  await tell(host, place, "lock");
  host.io.note("Locked. No credentials are given until: jcfetch agent unlock");
  return ok(null);
}

/** [AG13] */
async function unlock(place: AgentPlace, host: Host): Done {
  if (!host.io.person()) {
    const next = "run jcfetch agent unlock in a terminal";
    return err(fail("no-terminal", "unlocking is for a person at a terminal", next));
  }
  if (place.mode === "given") return lockElsewhere(place, "unlock", "Unlocked, where the agent runs.", host);
  rmSync(lockedMark(place), { force: true });
  await tell(host, place, "unlock");
  host.io.note("Unlocked.");
  return ok(null);
}

async function lockElsewhere(place: AgentPlace, op: "lock" | "unlock", done: string, host: Host): Done {
  const answer = await tell(host, place, op);
  if (answer?.answer !== "done") return err(answer?.answer === "failure" ? answer.failure : away(place));
  host.io.note(done);
  return ok(null);
}

async function status(place: AgentPlace, json: boolean, host: Host): Done {
  const answer = await tell(host, place, "status");
  if (answer?.answer === "failure") return err(answer.failure);
  const known = answer?.answer === "status" ? answer.status : undefined;
  const locked = known?.locked ?? existsSync(lockedMark(place));
  const where = { mode: place.mode, socket: place.socket };
  // [AG17] None that runs is fine where one is started when it is needed; one that is named is not started.
  const problem = known || place.mode !== "given" ? null : away(place);
  const report = { running: known !== undefined, ...where, problem, ...(known ?? { locked }) };
  await host.io.out(json ? `${JSON.stringify(report)}\n` : inWords(known, locked, place, host));
  if (problem && !json) host.io.fail(problem, false);
  return ok(problem?.exit ?? null);
}

function inWords(
  known: AgentStatus | undefined,
  locked: boolean,
  { mode, socket }: AgentPlace,
  host: Host,
): string {
  const closed = locked ? ["LOCKED: jcfetch agent unlock"] : [];
  const none = {
    off: "off: JCFETCH_AGENT says so",
    given: `none of yours answers at ${socket}, which JCFETCH_AGENT names`,
    own: "none runs; it is started when it is needed",
  }[mode];
  if (!known) return columns([["agent", none, ...closed]]);
  const { sinceMs, rssBytes, roles, shares } = known;
  const facts = [
    `up ${duration(host.now() - sinceMs)}`,
    mebibytes(rssBytes),
    `${count(roles.length, "role")} held`,
  ];
  const rows = roles.map(({ account, role, expiresAtMs, refreshing }) => [
    `${account}/${role}`,
    left(expiresAtMs - host.now()),
    refreshing ? "refreshing" : "",
  ]);
  return (
    columns([
      ["agent", facts.join(" · "), ...closed],
      ["socket", shown(socket, host.home)],
    ]) +
    columns(rows, "  ") +
    sharesInWords(shares, host)
  );
}
