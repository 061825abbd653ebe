import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { digest } from "@jcfetch/shared/crypto/encoding";
import { exportPublicKey, generateKeys } from "@jcfetch/shared/crypto/keys";
import { open, type Sealed } from "@jcfetch/shared/crypto/seal";
import { answerContext } from "@jcfetch/shared/protocol/contexts";
import { startWorld, type TestWorld } from "../../tests/support/world.ts";
import { median, quantile } from "../measure.ts";
import { commitMs, cpuMs, rssMib, waitedMs } from "../usage.ts";
import type { LoadPlan, LoadReport } from "./parts.ts";
import { makeUsers } from "./users.ts";

/** Mostly fetches, as of people at work; deposits as of sessions that begin anew. */
export const MIXED = { credentials: 70, envelope: 15, deposit: 5, devices: 5, keys: 5 } as const;
export const FETCHES = { credentials: 100, envelope: 0, deposit: 0, devices: 0, keys: 0 } as const;

export interface LoadOptions {
  readonly users: number;
  readonly seconds: number;
  readonly rate?: number;
  readonly atOnce?: number;
  readonly mix: LoadPlan["mix"];
  /** All devices are of one user, or ask for one role. */
  readonly sameUser?: boolean;
  readonly sameRole?: boolean;
}

export interface LoadFigures {
  readonly requests: number;
  readonly perSecond: number;
  readonly errors: LoadReport["errors"];
  /** Milliseconds of a fetch of role credentials, and of the same call to AWS without a broker at the same time. */
  readonly fetch: { readonly p50: number; readonly p99: number };
  readonly direct: { readonly p50: number; readonly p99: number };
  /** Processor time of the broker for one request, in milliseconds. */
  readonly brokerCpuMs: number;
  /** Processors kept busy: 1 is one of them, all the time. */
  readonly cores: { readonly broker: number; readonly driver: number; readonly aws: number };
  /** What the broker had to wait for: a processor, as a share of the whole time; and the disk, in milliseconds for one page. */
  readonly waits: { readonly processor: number; readonly disk: number };
  /** Memory of the broker once a second, in MiB. */
  readonly rss: readonly number[];
  readonly calls: number;
  /** Answers that were opened and read, of those that were looked at. */
  readonly opened: { readonly good: number; readonly of: number };
}

/** One run against a broker and an AWS of its own. Making the users takes about 25 ms each. */
export async function load(options: LoadOptions): Promise<LoadFigures> {
  await using world = await startWorld();
  const answerKeys = await generateKeys("agree");
  const rpk = await exportPublicKey(answerKeys.publicKey);
  const sessions = options.mix.deposit === 0 ? 1 : 2 + Math.ceil((options.seconds * 20) / options.users);
  const { users } = await makeUsers(world, options.users, { ...options, sessions, rpk });
  const before = world.sim.calls("GetRoleCredentials");
  const { report, use, rss, commits } = await drive(world, {
    brokerPort: portOf(world.broker.url),
    awsPort: world.sim.httpPort,
    ...options,
    users,
  });
  const { took, errors, seconds } = report;
  const requests = Object.values(took).flat().length - took.direct.length;
  return {
    requests,
    perSecond: requests / seconds,
    errors,
    fetch: { p50: quantile(took.credentials, 0.5), p99: quantile(took.credentials, 0.99) },
    direct: { p50: quantile(took.direct, 0.5), p99: quantile(took.direct, 0.99) },
    brokerCpuMs: use.brokerMs / requests,
    cores: {
      broker: use.brokerMs / seconds / 1_000,
      driver: report.cpuMs / seconds / 1_000,
      aws: use.awsMs / seconds / 1_000,
    },
    waits: { processor: use.waitedMs / seconds / 1_000, disk: median(commits) },
    rss,
    calls: world.sim.calls("GetRoleCredentials") - before - took.direct.length,
    opened: await openSamples(world, report, answerKeys),
  };
}

const portOf = (url: string): number => Number(new URL(url).port);

async function drive({ broker }: TestWorld, plan: LoadPlan) {
  const rss: number[] = [];
  const commits: Promise<number>[] = [];
  const before = { broker: cpuMs(broker.pid), waited: waitedMs(broker.pid), own: process.threadCpuUsage() };
  const driver = new Worker(new URL("./driver.ts", import.meta.url), { workerData: plan });
  const sampling = setInterval(() => {
    rss.push(rssMib(broker.pid));
    commits.push(commitMs(broker.stateDir));
  }, 1_000);
  try {
    const [report] = (await once(driver, "message")) as [LoadReport];
    const { user, system } = process.threadCpuUsage(before.own);
    const use = {
      brokerMs: cpuMs(broker.pid) - before.broker,
      waitedMs: waitedMs(broker.pid) - before.waited,
      awsMs: (user + system) / 1_000,
    };
    clearInterval(sampling);
    return { report, use, rss, commits: await Promise.all(commits) };
  } finally {
    clearInterval(sampling);
    await driver.terminate();
  }
}

/** A load of answers that nobody could read would be worth nothing. */
async function openSamples(
  { broker }: TestWorld,
  { samples }: LoadReport,
  keys: CryptoKeyPair,
): Promise<LoadFigures["opened"]> {
  let good = 0;
  for (const { request, answer } of samples) {
    const { box } = JSON.parse(answer) as { box: Sealed };
    const context = answerContext(await digest(request), "sealed");
    if (await open(keys, { purpose: "res", bid: broker.bid, context }, box)) good += 1;
  }
  return { good, of: samples.length };
}
