import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Sim } from "../sim/start.ts";
import { AgentAt } from "./agent.ts";
import { type Running, Terminal, type TerminalOptions } from "./terminal.ts";

/*
 * A terminal that signs in by itself: sessions in its AWS config, a runtime folder in memory, and AWS's own variables that
 * lead its calls to the simulator.
 */

export interface DirectTerminal extends AsyncDisposable {
  readonly terminal: Terminal;
  readonly agent: AgentAt;
  /** Where tokens may lie. */
  readonly memory: string;
}

/** Sessions `acme` (strict rotation) and `globex` (lenient), and a profile in each: `acme-s3`, `globex-core`. */
export const DIRECT_CONFIG = `[sso-session acme]
sso_start_url = https://acme.awsapps.com/start
sso_region = us-east-1
sso_registration_scopes = sso:account:access

[sso-session globex]
sso_start_url = https://globex.awsapps.com/start/
sso_region = eu-central-1

[profile acme-s3]
jcfetch_session = acme
jcfetch_account_id = 999999999999
jcfetch_role_name = S3Admin

[profile globex-core]
jcfetch_session = globex
jcfetch_account_id = 777788889999
jcfetch_role_name = Admin
`;

export const inMemory = (): Promise<string> => mkdtemp("/dev/shm/jcfetch-test-");

export async function openDirectTerminal(
  sim: Pick<Sim, "origin">,
  { env, build = "executable", ...options }: TerminalOptions = {},
): Promise<DirectTerminal> {
  const memory = await inMemory();
  const terminal = await Terminal.open({
    ...options,
    build,
    env: {
      XDG_RUNTIME_DIR: memory,
      AWS_ENDPOINT_URL_SSO: sim.origin,
      AWS_ENDPOINT_URL_SSO_OIDC: sim.origin,
      ...env,
    },
  });
  await mkdir(join(terminal.home, ".aws"));
  await writeFile(join(terminal.home, ".aws/config"), DIRECT_CONFIG);
  const agent = new AgentAt(memory);
  const close = async (): Promise<void> => {
    await agent.kill();
    await terminal.close();
    await rm(memory, { recursive: true, force: true });
  };
  return { terminal, agent, memory, [Symbol.asyncDispose]: close };
}

/** What the person at the approval page does with the code that a terminal shows. */
export async function allowCode(sim: Sim, running: Running, user = "ana"): Promise<void> {
  const [, code = ""] = await running.says(/must show the code ([A-Z]{4}-[A-Z]{4})/);
  const device = sim.world.oidc.deviceByUserCode(code);
  const directory = sim.world.findDirectory(({ startUrl }) => startUrl === device?.startUrl);
  if (!device || !directory) throw new Error(`nobody has asked for the code ${code}`);
  device.session = sim.world.sessions.open(sim.world.user(user), directory).token.session;
}

/** Signs a terminal in with a code. */
export async function signInByCode(
  sim: Sim,
  terminal: Terminal,
  session: string,
  { user = "ana", flags = [] }: { readonly user?: string; readonly flags?: readonly string[] } = {},
): Promise<void> {
  const running = terminal.jcfetch("login", "--session", session, "--device-code", ...flags);
  await allowCode(sim, running, user);
  const { code, stderr } = await running.ended;
  if (code !== 0) throw new Error(`login ended with ${code}:\n${stderr}`);
}
