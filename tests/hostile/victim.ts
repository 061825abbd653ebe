import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { ensureBuilt } from "../../tools/build.ts";
import { must, Partner } from "../scripts/partner.ts";
import type { Heard, HostileBroker } from "../support/hostile-broker.ts";
import { type Finished, Terminal } from "../support/terminal.ts";
import type { PairOptions, TestUser, TestWorld } from "../support/world.ts";

/** The real command line, paired, with a hostile broker at the address where it looks for its own. */
export interface Victim {
  readonly terminal: Terminal;
  readonly user: TestUser;
  readonly partner: Partner;
  /** What it keeps of its own: the broker's keyset, and what it has seen of the broker's memory. */
  forget(...files: ("keyset.jws" | "seen.json")[]): Promise<void>;
  /** What must not stand in anything it sends or says. */
  secrets(): Promise<Map<string, string>>;
  fetch(role?: string): Promise<Finished>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function pairedVictim(
  world: TestWorld,
  hostile: HostileBroker,
  options: Pick<PairOptions, "policy" | "modes"> = {},
): Promise<Victim> {
  await ensureBuilt("cli");
  const terminal = await Terminal.open();
  const user = await world.enrolledUser();
  const partner = await Partner.open(world, user);
  const pairing = terminal.jcfetch("pair", "--broker", hostile.url);
  pairing.type(partner.code);
  await partner.meet();
  await partner.approve(options);
  const { code, stderr } = await pairing.ended;
  if (code !== 0) throw new Error(`the pairing failed: ${stderr}`);
  const own = join(terminal.home, ".config/jcfetch");
  return {
    terminal,
    user,
    partner,
    forget: async (...files) => {
      for (const file of files) await rm(join(own, file), { force: true });
    },
    secrets: async () => {
      const { signing, agreement } = JSON.parse(await readFile(join(own, "device.json"), "utf8")) as {
        signing: { d: string };
        agreement: { d: string };
      };
      const issued = world.sim.world.credentials.all.flatMap((one, i) => [
        [`secret access key ${i}`, one.secretAccessKey] as const,
        [`session token ${i}`, one.sessionToken] as const,
      ]);
      const kept = [
        ["SSO token", user.token.reveal()],
        ["signing key", signing.d],
        ["agreement key", agreement.d],
      ] as const;
      return new Map([...kept, ...issued]);
    },
    fetch: (role = "S3Admin") => terminal.run("process", `999999999999/${role}`),
    [Symbol.asyncDispose]: () => terminal.close(),
  };
}

/** Requests that hold something a broker's key opens: after a bad keyset there must be none. */
export const openable = (heard: readonly Heard[]): string[] =>
  heard.filter(({ body }) => /"(?:box|outer|kid)":/.test(body)).map(({ path }) => path);

export { must };
