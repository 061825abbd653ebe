import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { WIRE_ERRORS, type WireErrorCode } from "@jcfetch/shared/protocol/errors";
import type { Fault } from "../sim/start.ts";
import { type BrowserSide, openBrowserSide } from "../support/browser-side.ts";
import { type Front, startFront } from "../support/front.ts";
import type { Terminal } from "../support/terminal.ts";
import type { PairOptions, TestUser, TestWorld } from "../support/world.ts";
import { Partner } from "./partner.ts";

export interface Stage {
  readonly world: TestWorld;
  readonly terminal: Terminal;
  browser: BrowserSide | undefined;
  user: TestUser | undefined;
  partner: Partner | undefined;
  /** Stands before the broker, once a transcript has put words into its mouth. */
  front: Front | undefined;
}

type Step = (stage: Stage, words: readonly string[]) => Promise<void> | void;

/** `a/b c/d` → the entries of a policy. */
const allowing = (refs: readonly string[]) =>
  refs.map((ref) => {
    const [account = "", role = ""] = ref.split("/");
    return { account, roles: [role] };
  });

async function pair(stage: Stage, from: Pick<PairOptions, "modes" | "policy">): Promise<void> {
  stage.user ??= await stage.world.enrolledUser();
  const partner = await Partner.open(stage.world, stage.user);
  const pairing = stage.terminal.jcfetch("pair");
  await pairing.says(/Paste the code/);
  pairing.type(partner.code);
  await partner.meet();
  await pairing.says(/three words/);
  await partner.approve(from);
  const { code, stderr } = await pairing.ended;
  if (code !== 0) throw new Error(`pairing ended with ${code}:\n${stderr}`);
  stage.partner = partner;
}

/** What no broker of ours would say here: an answer with nothing that anybody has signed. */
const NONSENSE = { status: 200, headers: { "content-type": "application/jc+json" }, body: "{}" };

/** From now on the broker refuses with this code whatever it is asked, but for its keyset. */
async function brokerSays(stage: Stage, code: string): Promise<void> {
  const { terminal, world } = stage;
  if (!stage.front) {
    stage.front = await startFront();
    Object.assign(stage.front, { backend: world.broker.url, plain: true });
    const address = `http://127.0.0.1:${stage.front.port}`;
    await writeFile(join(terminal.home, "broker-address"), address);
    const path = join(terminal.home, ".config/jcfetch/device.json");
    const device = await readFile(path, "utf8").catch(() => undefined);
    if (device !== undefined) await writeFile(path, JSON.stringify({ ...JSON.parse(device), url: address }));
  }
  const { status } = Object.hasOwn(WIRE_ERRORS, code) ? WIRE_ERRORS[code as WireErrorCode] : NONSENSE;
  const headers = { "content-type": "application/problem+json" };
  const body = JSON.stringify({ type: "about:blank", title: "other words", status, code, trace: "abcdef" });
  stage.front.doctor = ({ path }, told) => {
    if (path !== "/v1/keys") Object.assign(told, code === "nonsense" ? NONSENSE : { status, headers, body });
  };
}

/** What can happen in the world between two commands. */
export const STEPS: Record<string, Step> = {
  /** `pair ACCOUNT/ROLE …`: through the real mailbox, with the real prompt. */
  pair: (stage, refs) => pair(stage, { policy: { allow: allowing(refs) } }),
  "pair-relay": (stage, refs) => pair(stage, { modes: ["relay"], policy: { allow: allowing(refs) } }),
  "pair-asking": (stage, refs) => pair(stage, { policy: { allow: allowing(refs), ask: ["*"] } }),
  "pair-asking-unattended": (stage, refs) =>
    pair(stage, { policy: { allow: allowing(refs), ask: ["*"], unattended: true } }),
  /** The browser is there, and its user says yes. */
  async "browser-opens"(stage) {
    stage.browser = await openBrowserSide(stage.world, stage.user!);
  },
  async "browser-closes"(stage) {
    await stage.browser?.close();
  },
  /** `aws OPERATION FAULT`: AWS answers the next calls like this. */
  aws({ world }, [operation, kind]) {
    world.sim.faults.add({ operation: operation!, kind: kind as Fault["kind"] });
  },
  "aws-mends": ({ world }) => world.sim.faults.clear(),
  /** The portal session ends at AWS; nobody has told the broker. */
  "session-ends"({ world, user }) {
    world.sim.endSession(user!.token.reveal());
  },
  /** A new sign-in, which the extension hands over. */
  async "sign-in"({ world, user, partner }) {
    world.signIn(user!, {});
    await partner!.deposit();
  },
  revoke: ({ partner }) => partner!.revoke(),
  "broker-says": (stage, [code]) => brokerSays(stage, code!),
  /** In the file `code`, as it is copied from the extension. */
  async "pairing-code"(stage) {
    stage.user ??= await stage.world.enrolledUser();
    const { code } = await Partner.open(stage.world, stage.user);
    await writeFile(join(stage.terminal.home, "code"), `${code}\n`);
  },
  "broker-stops": ({ world }) => world.broker.stop(),
  "broker-starts": ({ world }) => world.broker.restart(),
};
