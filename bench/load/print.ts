import { row, say } from "../../tools/lib/report.ts";
import { FETCHES, type LoadFigures, load, MIXED } from "./run.ts";

/** What is asked of a broker on two processors. */
export const LOAD_BARS = {
  perSecond: 250,
  /** Milliseconds over the same call to AWS without a broker. */
  p99OverheadMs: 150,
  oneRequestOverheadMs: 10,
  cpuMsOneRequest: 3,
  /** Of the memory in the middle of the run, by which that at the end may differ. */
  rssDrift: 0.1,
} as const;

const SECONDS = process.env.BENCH === "long" ? 600 : 60;
const BURST_PER_SECOND = 150;

/** `npm run bench`: the broker under load, everything on this one machine. `BENCH=long` runs for ten minutes. */
export async function sayLoad(): Promise<void> {
  say("\none fetch at a time, sealed beforehand: what the broker adds");
  const alone = await load({ users: 20, seconds: 10, atOnce: 1, mix: FETCHES });
  const overheadMs = alone.fetch.p50 - alone.direct.p50;
  say(row("  p50 over AWS", ms(overheadMs), `bar ${LOAD_BARS.oneRequestOverheadMs} ms`));
  say(row("  processor time", ms(alone.brokerCpuMs), `bar ${LOAD_BARS.cpuMsOneRequest} ms`));
  sayErrors(alone);

  say(`\none user, ${BURST_PER_SECOND} fetches a second by 16 terminals, for 7 s`);
  sayFigures(await load({ users: 16, seconds: 7, rate: BURST_PER_SECOND, mix: FETCHES, sameUser: true }));

  say("\n200 users, mixed, as fast as the broker answers 32 at once");
  sayFigures(await load({ users: 200, seconds: 20, atOnce: 32, mix: MIXED }));

  say(`\n1,000 users, mixed, ${LOAD_BARS.perSecond} requests a second for ${SECONDS} s`);
  sayFigures(await load({ users: 1_000, seconds: SECONDS, rate: LOAD_BARS.perSecond, mix: MIXED }));
}

/** How far the memory at the end is from that in the middle; positive when it has grown. */
export function rssDrift({ rss }: Pick<LoadFigures, "rss">): number {
  const mean = (part: readonly number[]): number => part.reduce((sum, mib) => sum + mib, 0) / part.length;
  const quarter = Math.ceil(rss.length / 4);
  return mean(rss.slice(-quarter)) / mean(rss.slice(rss.length - 2 * quarter, -quarter)) - 1;
}

const ms = (value: number): string => `${value.toFixed(1)} ms`;
const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;

function sayFigures(figures: LoadFigures): void {
  const { fetch, direct, cores, waits, rss } = figures;
  const overheadMs = fetch.p99 - direct.p99;
  say(row("  answered", `${figures.perSecond.toFixed(0)}/s`, `${figures.requests} in all`));
  say(row("  fetch p50", ms(fetch.p50), `${ms(direct.p50)} without a broker`));
  say(row("  fetch p99", ms(fetch.p99), `+${ms(overheadMs)}; bar +${LOAD_BARS.p99OverheadMs} ms`));
  say(row("  processor time", ms(figures.brokerCpuMs), "of the broker, for each request"));
  const others = `the load itself ${percent(cores.driver)}, AWS ${percent(cores.aws)} of one processor`;
  say(row("  processor", percent(cores.broker), others));
  const disk = `each commit takes the disk ${ms(waits.disk)} or more; a fetch makes two, one after the other`;
  say(row("  waited", percent(waits.processor), `of the time for a processor; ${disk}`));
  say(row("  memory", `${rss.at(-1)?.toFixed(0)} MiB`, `${percent(rssDrift(figures))} in the last quarter`));
  sayErrors(figures);
}

function sayErrors({ errors, opened }: LoadFigures): void {
  const total = Object.values(errors).reduce((sum, n) => sum + n, 0);
  const kinds = Object.entries(errors).map(([kind, n]) => `${n} x ${kind}`);
  say(row("  errors", String(total), kinds.join(", ")));
  say(row("  answers opened", `${opened.good} of ${opened.of}`, "looked at"));
}
