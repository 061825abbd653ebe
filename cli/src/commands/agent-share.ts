import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { answerOf } from "../agent/client.ts";
import { tell } from "../agent/control.ts";
import { type AgentPlace, agentPlace, isOurs, sharesFile } from "../agent/place.ts";
import { startAgent } from "../agent/start.ts";
import type { SharedSocket } from "../agent/status.ts";
import type { AgentAnswer, AgentRequest, SharedRole } from "../agent/wire.ts";
import type { ShareCommand } from "../args-agent.ts";
import { isLocked } from "../clocks.ts";
import { bySession, chosenProfile } from "../config/chosen-profile.ts";
import { chosenProfiles } from "../config/matching.ts";
import { ownFolder, shown } from "../config/paths.ts";
import type { Profile } from "../config/profiles.ts";
import { sourceOf } from "../credentials.ts";
import { type Failure, fail } from "../exit.ts";
import type { Host } from "../host.ts";
import { duration } from "../when.ts";
import { notStarted, sharesInWords } from "./agent-words.ts";

/** [AG18] A socket of the agent for some roles alone: opening one, listing and ending them. */
export async function share(
  command: ShareCommand,
  json: boolean,
  host: Host,
): Promise<Result<null, Failure>> {
  const place = agentPlace(host);
  if (place.mode !== "own") return err(notHere);
  switch (command.what) {
    case "share":
      return open(command, place, json, host);
    case "end":
      return end(command, place, host);
    case "list": {
      await awake(place, host);
      const answer = await tell(host, place, "status");
      const status = answer?.answer === "status" ? answer.status : undefined;
      await list(status?.shares ?? [], isLocked(host, status), json, host);
      return ok(null);
    }
  }
}

const notHere: Failure = fail(
  "agent-failed",
  "JCFETCH_AGENT says that the agent is not to be one of this computer",
  "share where the agent runs, or unset JCFETCH_AGENT",
);

/** [AG20] What is locked gives nothing on a shared socket either. */
async function list(
  shares: readonly SharedSocket[],
  locked: boolean,
  json: boolean,
  host: Host,
): Promise<void> {
  if (json) return host.io.out(`${JSON.stringify(shares.map((one) => ({ ...one, locked })))}\n`);
  if (shares.length === 0) host.io.note("Nothing is shared.");
  else await host.io.out(sharesInWords(shares, host));
  if (shares.length > 0 && locked) host.io.note("LOCKED, so they give nothing until: jcfetch agent unlock");
}

async function open(
  command: ShareCommand,
  place: AgentPlace,
  json: boolean,
  host: Host,
): Promise<Result<null, Failure>> {
  const roles = await sharedRoles(command, host);
  if (!roles.ok) return roles;
  if (!(await startAgent(host, place))) return err(notStarted(place));
  const { forMs, path } = command;
  const where = path === undefined ? {} : { path: resolve(host.directory, path) };
  const request: AgentRequest = { v: 1, op: "share", roles: roles.value, forMs, ...where };
  const opened = sharesIn(await answerOf(host, place, { ...request, folder: ownFolder(host) }), place);
  if (!opened.ok) return opened;
  const [shared] = opened.value;
  if (!shared) return err(notStarted(place));
  await host.io.out(json ? `${JSON.stringify(shared)}\n` : `${shared.path}\n`);
  if (!json) tellOf(shared, forMs, host);
  return ok(null);
}

async function sharedRoles(
  { profiles, session }: ShareCommand,
  host: Host,
): Promise<Result<readonly SharedRole[], Failure>> {
  const found = profiles.length > 0 ? await chosenProfiles(host, profiles) : await oneProfile(host);
  if (!found.ok) return found;
  const roles: SharedRole[] = [];
  for (const profile of found.value) {
    const source = await sourceOf(host, bySession(profile, session));
    if (!source.ok) return source;
    roles.push({ source: source.value, account: profile.account, role: profile.role });
  }
  return ok(roles);
}

async function oneProfile(host: Host): Promise<Result<readonly Profile[], Failure>> {
  const one = await chosenProfile(host, undefined, (name) => `jcfetch agent share ${name}`);
  return one.ok ? ok([one.value]) : one;
}

function tellOf(shared: SharedSocket, forMs: number, host: Host): void {
  const names = shared.roles.map(({ account, role }) => `${account}/${role}`).join(", ");
  host.io.note(
    `Shared for ${duration(forMs)}: ${names}. Whoever can open this socket has credentials of that, and no more.`,
  );
  if (!host.io.stdoutIsTerminal) return;
  host.io.note(
    `On another host: ssh -R HOME/.jcfetch.sock:${shared.path} HOST, with your home folder there for HOME,`,
  );
  host.io.note("and there: export JCFETCH_AGENT=~/.jcfetch.sock");
}

async function end({ path }: ShareCommand, place: AgentPlace, host: Host): Promise<Result<null, Failure>> {
  const where = path === undefined ? {} : { path: resolve(host.directory, path) };
  await awake(place, host);
  const request: AgentRequest = { v: 1, op: "end-share", ...where };
  const answer = isOurs(place, host) ? await answerOf(host, place, request) : undefined;
  const ended = answer === undefined ? ok([]) : sharesIn(answer, place);
  if (!ended.ok) return ended;
  for (const one of ended.value) host.io.note(`No longer shared: ${shown(one.path, host.home)}`);
  if (ended.value.length === 0) host.io.note("Nothing was shared.");
  return ok(null);
}

/** Of an agent that was killed, the next one goes on with the shares. */
const awake = async (place: AgentPlace, host: Host): Promise<boolean> =>
  existsSync(sharesFile(place)) && startAgent(host, place);

function sharesIn(
  answer: AgentAnswer | undefined,
  place: AgentPlace,
): Result<readonly SharedSocket[], Failure> {
  if (answer?.answer === "shares") return ok(answer.shares);
  if (answer?.answer === "failure") return err(answer.failure);
  return err(answer?.answer === "other" ? otherKeys(place) : notStarted(place));
}

const otherKeys = ({ socket }: AgentPlace): Failure =>
  fail(
    "agent-failed",
    `the agent at ${socket} works with the keys of another folder`,
    "stop it, and share again: jcfetch agent stop",
  );
