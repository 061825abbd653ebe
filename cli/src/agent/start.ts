import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { SECOND_MS } from "@jcfetch/shared/time";
import { tryLock } from "../config/lock.ts";
import type { Host } from "../host.ts";
import { answersAt, makeFolder } from "./meeting.ts";
import { type AgentPlace, isOurs } from "./place.ts";

/** On a computer with nothing else to do it takes a tenth of a second. */
const START_MS = 10 * SECOND_MS;

/**
 * What the agent is given of the environment: where its files are, how network and keyring are reached, and nothing else. It lives
 * long, and whatever a shell had in its environment would stay there.
 */
const PASSED =
  /^(?:PATH|HOME|USER|LANG|LC_ALL|TMPDIR|XDG_[A-Z_]+|AWS_CONFIG_FILE|AWS_CA_BUNDLE|AWS_ENDPOINT_URL_SSO(?:_OIDC)?|NODE_EXTRA_CA_CERTS|SSL_CERT_(?:FILE|DIR)|(?:HTTPS?|ALL|NO)_PROXY|JCFETCH_[A-Z_]+|DBUS_SESSION_BUS_ADDRESS|USERPROFILE|APPDATA|LOCALAPPDATA|SYSTEMROOT|TEMP|TMP)$/i;

export const agentEnv = (env: Host["env"]): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && PASSED.test(entry[0]) && entry[0] !== "JCFETCH_AGENT",
    ),
  );

/**
 * [AG22] The executable's engine makes no code faster, as Node's is told in frugal.ts: an eighth of the agent's memory.
 *
 * @source Bun's documentation: `BUN_JSC_` before the name of an option of JavaScriptCore's
 */
const FRUGAL = process.versions.bun === undefined ? {} : { BUN_JSC_useJIT: "0" };

/**
 * Have an agent answer at that place: one, however many want it at once.
 *
 * @returns false where none can be had in time.
 */
export async function startAgent(host: Host, place: AgentPlace): Promise<boolean> {
  if (!makeFolder(place, host)) return false;
  const until = performance.now() + START_MS;
  for (;;) {
    if (isOurs(place, host) && (await answersAt(place.socket))) return true;
    const release = tryLock(join(place.folder, "agent.lock"));
    if (release) {
      try {
        return await launched(host, place, until);
      } finally {
        release();
      }
    }
    if (performance.now() > until) return false;
    await pause(5 + Math.random() * 20);
  }
}

async function launched(host: Host, place: AgentPlace, until: number): Promise<boolean> {
  // Whoever held the lock before may have started one.
  if (isOurs(place, host) && (await answersAt(place.socket))) return true;
  const [program, ...args] = host.self as readonly [string, ...string[]];
  const child = spawn(program, [...args, "agent", "run"], {
    detached: true,
    cwd: "/",
    stdio: "ignore",
    windowsHide: true,
    env: { ...agentEnv(host.env), ...FRUGAL },
  });
  let ended = false;
  child.once("error", () => {
    ended = true;
  });
  child.once("exit", () => {
    ended = true;
  });
  child.unref();
  while (!ended && performance.now() < until) {
    if (isOurs(place, host) && (await answersAt(place.socket))) return true;
    await pause(5);
  }
  return isOurs(place, host) && (await answersAt(place.socket));
}
