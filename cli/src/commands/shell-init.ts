import { ok, type Result } from "@jcfetch/shared/result";
import type { InitShell } from "../args-use.ts";
import type { Failure } from "../exit.ts";
import type { Host } from "../host.ts";
import { FISH } from "../shell-hooks/fish.ts";
import { BASH, ZSH } from "../shell-hooks/posix.ts";
import { POWERSHELL } from "../shell-hooks/powershell.ts";

const HOOKS: Readonly<Record<InitShell, string>> = {
  bash: BASH,
  zsh: ZSH,
  fish: FISH,
  powershell: POWERSHELL,
};

/** The functions by which `jcfetch use` and `jcfetch unset` reach the shell itself. Nothing else of the shell is changed. */
export async function shellInit(
  { shell }: { readonly shell: InitShell },
  host: Host,
): Promise<Result<null, Failure>> {
  await host.io.out(HOOKS[shell]);
  return ok(null);
}
