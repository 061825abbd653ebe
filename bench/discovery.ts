import { setTimeout as wait } from "node:timers/promises";
import { Secret } from "@jcfetch/shared/secret";
import { Directories } from "../extension/src/roles/directory.ts";
import type { PortalSessions } from "../extension/src/sessions/portal-session.ts";
import type { StorageArea } from "../extension/src/sessions/slot.ts";
import { row, say } from "../tools/lib/report.ts";

/*
 * How long the first reading of a large portal takes when AWS lets twenty calls a second through and answers the rest
 * with 429. The calls themselves are answered at once, so the figure is that of our pace.
 */

const ACCOUNTS = 665;
const PER_SECOND = 20;
const PAGE = 100;
const ORIGIN = "https://acme.awsapps.com";

const idOf = (at: number): string => String(100_000_000_000 + at);

/** AWS with a bucket of twenty that fills by twenty a second. */
function throttledAws() {
  const counts = { calls: 0, refused: 0 };
  let tokens = PER_SECOND;
  let filledMs = performance.now();
  const answer: typeof fetch = async (input) => {
    counts.calls += 1;
    const nowMs = performance.now();
    tokens = Math.min(PER_SECOND, tokens + ((nowMs - filledMs) / 1_000) * PER_SECOND);
    filledMs = nowMs;
    if (tokens < 1) {
      counts.refused += 1;
      return Response.json({ message: "slow down" }, { status: 429 });
    }
    tokens -= 1;
    const url = new URL(String(input));
    if (url.pathname.endsWith("/roles")) {
      const accountId = url.searchParams.get("account_id");
      return Response.json({ roleList: [{ roleName: "ReadOnly", accountId }] });
    }
    const from = Number(url.searchParams.get("next_token") ?? 0);
    const accountList = Array.from({ length: Math.min(PAGE, ACCOUNTS - from) }, (_, at) => ({
      ...{ accountId: idOf(from + at), accountName: `account ${from + at}`, emailAddress: "a@acme.example" },
    }));
    const next = from + PAGE;
    return Response.json({ accountList, ...(next < ACCOUNTS && { nextToken: String(next) }) });
  };
  return { answer, counts };
}

function memory(): StorageArea {
  const items = new Map<string, unknown>();
  return {
    get: async (key) => (items.has(key) ? { [key]: items.get(key) } : {}),
    async set(given) {
      for (const [key, value] of Object.entries(given)) items.set(key, value);
    },
    async remove(key) {
      items.delete(key);
    },
  };
}

/** Somebody who is signed in for as long as it takes. */
function signedIn(): PortalSessions {
  const session = { status: "live", directoryId: "d-1", userName: "ana" };
  const access = { region: "us-east-1", token: new Secret("a token") };
  const known = {
    session: async () => session,
    access: async () => ({ ok: true, value: access }),
    check: async () => session,
  };
  return known as unknown as PortalSessions;
}

export async function sayDiscovery(): Promise<void> {
  const { answer, counts } = throttledAws();
  const directories = new Directories({
    sessions: signedIn(),
    storage: { local: memory(), session: memory() },
    fetch: answer,
    now: Date.now,
    wait: (ms) => wait(ms),
    changed: () => undefined,
  });
  const startedMs = performance.now();
  await directories.view(ORIGIN);
  await directories.settled(ORIGIN);
  const tookMs = performance.now() - startedMs;
  const { complete } = await directories.view(ORIGIN);
  say(`\nfirst reading of ${ACCOUNTS} accounts, AWS lets ${PER_SECOND} calls a second through`);
  const how = `of 45 s; ${complete ? "complete" : "INCOMPLETE"}, ${counts.calls} calls, ${counts.refused} refused`;
  say(row("  discovery", `${(tookMs / 1_000).toFixed(1)} s`, how));
}

if (import.meta.main) await sayDiscovery();
