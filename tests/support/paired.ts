import { Partner } from "../scripts/partner.ts";
import { openBrowserSide } from "./browser-side.ts";
import { Terminal, type TerminalOptions } from "./terminal.ts";
import type { PairOptions, TestUser, TestWorld } from "./world.ts";

export interface PairedTerminal extends AsyncDisposable {
  readonly terminal: Terminal;
  readonly user: TestUser;
  readonly partner: Partner;
}

type Options = TerminalOptions & Pick<PairOptions, "policy" | "modes"> & { readonly keyring?: boolean };

/** A terminal of a person of its own, paired through the real mailbox; in relay mode their browser is there. */
export async function pairedTerminal(world: TestWorld, options: Options = {}): Promise<PairedTerminal> {
  const { policy, modes, keyring, ...rest } = options;
  const terminal = await Terminal.open(rest);
  const user = await world.enrolledUser();
  const partner = await Partner.open(world, user);
  const pairing = terminal.jcfetch("pair", ...(keyring ? ["--keyring"] : []));
  pairing.type(partner.code);
  await partner.meet();
  await partner.approve({ ...(policy ? { policy } : {}), ...(modes ? { modes } : {}) });
  const { code, stderr } = await pairing.ended;
  if (code !== 0) throw new Error(`the pairing failed: ${stderr}`);
  const browser = modes?.includes("relay") ? await openBrowserSide(world, user) : undefined;
  const end = async (): Promise<void> => {
    await browser?.close();
    await terminal.close();
  };
  return { terminal, user, partner, [Symbol.asyncDispose]: end };
}
