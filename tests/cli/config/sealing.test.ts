import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keyringBeside, openSealing } from "../../../cli/src/config/sealing.ts";

let prefix: string;
let home: string;
beforeEach(async () => {
  prefix = await realpath(await mkdtemp(join(tmpdir(), "jcfetch-prefix-")));
  home = join(prefix, "lib/node_modules/jcfetch");
  await mkdir(join(home, "node_modules/@napi-rs/keyring"), { recursive: true });
  await mkdir(join(prefix, "bin"));
  await writeFile(join(home, "jcfetch.mjs"), "");
  await symlink(join(home, "jcfetch.mjs"), join(prefix, "bin/jcfetch"));
});
afterEach(() => rm(prefix, { recursive: true }));

const keyring = (): Promise<void> =>
  writeFile(
    join(home, "node_modules/@napi-rs/keyring/index.js"),
    `let kept = null;
     exports.Entry = class { getPassword() { return kept; } setPassword(text) { kept = text; } };`,
  );

describe("the system's keyring", () => {
  it("[DM5] is found where npm puts it, from the link that npm puts on the PATH", async () => {
    await keyring();
    const sealing = (await openSealing("x", keyringBeside(join(prefix, "bin/jcfetch"))))!;
    expect(await sealing.open(Buffer.from(await sealing.seal("tokens")))).toBe("tokens");
  });

  it("[DM5] may be missing, and so may the program itself", async () => {
    expect(await openSealing("x", keyringBeside(join(prefix, "bin/jcfetch")))).toBeUndefined();
    expect(await openSealing("x", keyringBeside(""))).toBeUndefined();
  });
});
