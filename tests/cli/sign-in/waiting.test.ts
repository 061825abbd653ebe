import { isRegion, type Region } from "@jcfetch/shared/domain/portal";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Host } from "../../../cli/src/host.ts";
import { signInByCode } from "../../../cli/src/sign-in/device-code.ts";
import { signInByBrowser } from "../../../cli/src/sign-in/pkce.ts";
import type { SigningIn } from "../../../cli/src/sign-in/signing-in.ts";
import { awsFetch } from "../../../cli/src/sources/direct-network.ts";
import { type Sim, startSim } from "../../sim/start.ts";

let sim: Sim;
beforeEach(async () => {
  sim = await startSim();
});
afterEach(() => sim.close());

const region = (name: string): Region => {
  if (!isRegion(name)) throw new Error(name);
  return name;
};

/** A sign-in whose waits are noted, and over at once. */
function signingIn(onWait: (ms: number) => void): SigningIn {
  const env = { AWS_ENDPOINT_URL_SSO_OIDC: sim.origin };
  return {
    host: { now: Date.now } as Host,
    session: {
      name: "acme",
      startUrl: "https://acme.awsapps.com/start",
      region: region("us-east-1"),
      scopes: ["sso:account:access"],
    },
    ports: () => ({ fetch: awsFetch({ env, fetch }, 10_000) }),
    pause: async (ms) => onWait(ms),
    show: async () => {},
  };
}

describe("waiting for a person", () => {
  it("[DM9] keeps the interval, and five seconds more with every slow_down", async () => {
    const waits: number[] = [];
    sim.faults.add({ operation: "CreateToken", kind: "throttle", times: 2 });
    const done = await signInByCode(
      signingIn((ms) => {
        waits.push(ms);
        if (waits.length === 5) allow();
      }),
    );
    expect(done.ok).toBe(true);
    expect(waits).toEqual([1_000, 6_000, 11_000, 11_000, 11_000]);
  });

  const allow = (): void => {
    const [device] = sim.world.oidc.devices();
    device!.session = sim.world.sessions.open(
      sim.world.user("ana"),
      sim.world.directory("acme"),
    ).token.session;
  };

  it("[DM9] ends after ten minutes", async () => {
    let waited = 0;
    sim.faults.add({ operation: "CreateToken", kind: "throttle", times: 12 });
    const late = await signInByCode(
      signingIn((ms) => {
        waited += ms;
      }),
    );
    expect(late).toMatchObject({ error: { code: "sign-in-timeout", exit: 6 } });
    expect(waited).toBeGreaterThan(500_000);
    expect(waited).toBeLessThanOrEqual(600_000);
    const nobody = await signInByBrowser(
      signingIn((ms) => {
        waited = ms;
      }),
    );
    expect(nobody).toMatchObject({ error: { code: "sign-in-timeout" } });
    expect(waited).toBe(600_000);
  });

  it("[DM9] survives a network that goes away, and ends when the person says no or the code is too old", async () => {
    sim.faults.add({ operation: "CreateToken", kind: "error", times: 2 });
    let waits = 0;
    const refused = await signInByCode(
      signingIn(() => {
        waits++;
        if (waits === 3) sim.world.oidc.devices()[0]!.denied = true;
      }),
    );
    expect(refused).toMatchObject({ error: { code: "sign-in-refused" } });
    const old = await signInByCode(
      signingIn(() => {
        sim.world.clockOffsetMs += 601_000;
      }),
    );
    expect(old).toMatchObject({ error: { code: "sign-in-timeout" } });
  });

  it("[DM9] is not begun where AWS does not know the portal", async () => {
    const { session, ...rest } = signingIn(() => {});
    const startUrl = "https://nobody.awsapps.com/start";
    const unknown = await signInByCode({ ...rest, session: { ...session, startUrl } });
    expect(unknown).toMatchObject({ error: { code: "sign-in-failed" } });
  });
});
