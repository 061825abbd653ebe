import { chmod, cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { newDeviceKeys } from "../../support/clients.ts";
import { Terminal } from "../../support/terminal.ts";
import type { PairedDevice } from "../../support/world.ts";

const OWN = ".config/jcfetch";

/** Keys of a device whose terminal is the real command line: what it keeps in its file must leave the memory. */
export const newTerminalKeys = () => newDeviceKeys(true);

/** The real command line with the folder that pairing would have left. */
export async function terminalOf({ url, grant, signing, agreement }: PairedDevice): Promise<Terminal> {
  const terminal = await Terminal.open();
  const folder = join(terminal.home, OWN);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const device = { v: 1, url, grant, signing: await jwkOf(signing), agreement: await jwkOf(agreement) };
  await writeFile(join(folder, "device.json"), JSON.stringify(device), { mode: 0o600 });
  return terminal;
}

/** What somebody does who gets hold of the folder: a second home with all of it. */
export async function cloneOf(terminal: Terminal): Promise<Terminal> {
  const clone = await Terminal.open();
  await cp(join(terminal.home, OWN), join(clone.home, OWN), { recursive: true });
  await chmod(join(clone.home, OWN), 0o700);
  return clone;
}

async function jwkOf({ privateKey }: CryptoKeyPair): Promise<object> {
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey("jwk", privateKey);
  return { kty, crv, x, y, d };
}
