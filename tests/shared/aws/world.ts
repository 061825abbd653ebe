import type { AccountId, RoleName } from "@jcfetch/shared/domain/ids";
import { parseRegion, type Region } from "@jcfetch/shared/domain/portal";
import { Secret } from "@jcfetch/shared/secret";
import { type Sim, startSim } from "../../sim/start.ts";

export const STORAGE = { account: "999999999999" as AccountId, role: "S3Admin" as RoleName };

export function region(name: string): Region {
  const parsed = parseRegion(name);
  if (!parsed.ok) throw new Error(`${name} is not in the table`);
  return parsed.value;
}

/** The simulated AWS, a signed-in user, and a network on which AWS's hosts are the simulator. */
export async function signedIn(user = "ana", directory = "acme") {
  const sim = await startSim();
  const token = new Secret(sim.signIn(user, directory));
  return {
    sim,
    ports: { fetch: reaching(sim), attempts: 1 },
    access: { region: region(sim.world.directory(directory).region), token },
    [Symbol.asyncDispose]: () => sim.close(),
  };
}

/** Sends what is meant for a host of AWS to the simulator, telling it which host was meant. */
export function reaching(sim: Sim): typeof fetch {
  return (input, init) => {
    const meant = new URL(String(input));
    if (meant.protocol !== "https:")
      throw new Error(`a token would have travelled in the clear to ${meant.host}`);
    sim.world.unknownCalls.push(...(/\.amazonaws\.com$/.test(meant.hostname) ? [] : [meant.host]));
    return fetch(`${sim.origin}${meant.pathname}${meant.search}`, init);
  };
}
