/** `npm run smoke -- URL [BID]`: looks at a broker from outside, changes nothing, and says what is wrong with it. */
import { BrokerId } from "@jcfetch/shared/domain/ids";
import * as v from "valibot";
import { row, say } from "./lib/report.ts";
import { bidOf, CHECKS, type Check, ENCRYPTED_CHECKS, type Target } from "./smoke/checks.ts";

export interface Seen {
  readonly name: string;
  readonly fault: string | undefined;
}

/** Every check that applies to the address, one after another. */
export async function smoke(target: Target, onSeen: (seen: Seen) => void = () => {}): Promise<Seen[]> {
  const encrypted = target.url.startsWith("https:");
  const checks: Record<string, Check> = { ...CHECKS, ...(encrypted ? ENCRYPTED_CHECKS : {}) };
  const results: Seen[] = [];
  for (const [name, check] of Object.entries(checks)) {
    const fault = await check(target).catch((error: Error) => `no answer: ${error.message}`);
    onSeen({ name, fault });
    results.push({ name, fault });
  }
  return results;
}

/** @returns `undefined` for what is no address of a broker. */
function readTarget([address = "", bid]: readonly string[]): Target | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const known = url?.pathname === "/" && ["http:", "https:"].includes(url.protocol);
  if (!url || !known || (bid !== undefined && !v.is(BrokerId, bid))) return undefined;
  return { url: url.origin, ...(bid === undefined ? {} : { bid }) };
}

const USAGE = `npm run smoke -- https://broker.acme.example [broker id]

Looks at a broker from outside, changes nothing, and says what is wrong with it: exit code 1 if anything is. With the
broker id, which npm run deploy has said, also whether it is that broker.`;

async function main(): Promise<void> {
  const words = process.argv.slice(2);
  const target = readTarget(words);
  if (!target) {
    say(USAGE);
    process.exitCode = words.includes("--help") || words.includes("-h") ? 0 : 2;
    return;
  }
  const seen = await smoke(target, ({ name, fault }) =>
    say(row(name, fault === undefined ? "good" : "WRONG", fault ?? "")),
  );
  const wrong = seen.filter(({ fault }) => fault !== undefined).length;
  if (target.bid === undefined)
    say(`\nbroker id, as it says itself: ${(await bidOf(target).catch(() => undefined)) ?? "none"}`);
  say(`\n${seen.length - wrong} good, ${wrong} wrong`);
  process.exitCode = wrong === 0 ? 0 : 1;
}

if (import.meta.main) await main();
