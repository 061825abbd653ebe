import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ensureBuilt } from "../build.ts";
import { readLock } from "../lib/lockfile.ts";
import { ROOT } from "../lib/process.ts";
import { compile } from "./compile.ts";
import { kindOf } from "./formats.ts";
import { packageFor } from "./packages.ts";
import { isSigned, signAdHoc } from "./signature.ts";
import { ownTarget, programName, type Target } from "./targets.ts";

/** The command line as one script, as build-cli.ts leaves it. */
const SCRIPT = join(ROOT, "cli/dist/jcfetch.mjs");

/** The executable for a system. Nobody here can run those of others: what can be seen of them without that is looked at. */
export async function executableFor(target: Target): Promise<Buffer> {
  const { path: bundle } = await ensureBuilt("cli");
  if (target === ownTarget()) return checked(readFileSync(join(bundle, "..", programName(target))), target);
  const folder = join(await packageFor(target.runtime, readLock()), "bin");
  const runtime = join(folder, target.platform === "win32" ? "bun.exe" : "bun");
  const outfile = join(folder, programName(target));
  await compile(SCRIPT, outfile, { target, runtime });
  const program = readFileSync(outfile);
  rmSync(outfile);
  if (target.platform === "darwin" && !isSigned(program)) signAdHoc(program);
  return checked(program, target);
}

/** @throws for one that its system would not take. */
export function checked(program: Buffer, { name, platform, arch }: Target): Buffer {
  const kind = kindOf(program);
  if (kind?.platform !== platform || kind.arch !== arch)
    throw new Error(`the executable for ${name} is none: ${JSON.stringify(kind)}`);
  if (platform === "darwin" && !isSigned(program))
    throw new Error(`the executable for ${name} has no signature that is of it`);
  return program;
}
