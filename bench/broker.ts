import { getRoleCredentials } from "@jcfetch/shared/aws/portal-client";
import { reaching } from "../tests/shared/aws/world.ts";
import { READ_ONLY, S3_ADMIN, startWorld } from "../tests/support/world.ts";
import { median } from "./measure.ts";

export interface BrokerFigures {
  readonly directMs: number;
  readonly throughBrokerMs: number;
  /** Terminals that asked for one role at the same time, and the calls that AWS saw. */
  readonly atOnce: number;
  readonly upstreamCalls: number;
  readonly allAnsweredMs: number;
}

const ROUNDS = 100;
const AT_ONCE = 200;

/** The same role, from the same simulated AWS: asked for directly through the SDK, and through a real broker. */
export async function brokerFigures(): Promise<BrokerFigures> {
  await using world = await startWorld();
  const device = await world.pairedDevice();
  const direct: number[] = [];
  const brokered: number[] = [];
  const fetch = reaching(world.sim);
  const { region, token } = device.user;
  for (let round = 0; round < ROUNDS; round += 1) {
    direct.push(await timed(() => getRoleCredentials({ region, token, ...S3_ADMIN }, { fetch })));
    brokered.push(await timed(() => device.device.credentials(S3_ADMIN)));
  }

  const before = world.sim.calls("GetRoleCredentials");
  world.sim.faults.add({ operation: "GetRoleCredentials", kind: "slow", ms: 2_000 });
  const allAnsweredMs = await timed(async () => {
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, () => device.device.credentials(READ_ONLY)),
    );
    return { ok: answers.every(({ ok }) => ok) };
  });
  const upstreamCalls = world.sim.calls("GetRoleCredentials") - before;
  return {
    directMs: median(direct.slice(10)),
    throughBrokerMs: median(brokered.slice(10)),
    atOnce: AT_ONCE,
    upstreamCalls,
    allAnsweredMs,
  };
}

async function timed(work: () => Promise<{ ok: boolean }>): Promise<number> {
  const startedMs = performance.now();
  if (!(await work()).ok) throw new Error("a call that is measured was refused");
  return performance.now() - startedMs;
}
