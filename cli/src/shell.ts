import { basename } from "node:path";
import type { FormatName } from "@jcfetch/shared/formats/index";
import type { Host } from "./host.ts";

type Place = Pick<Host, "env" | "platform">;

/** The format that the user's shell reads. On Windows only cmd sets PROMPT. */
export function shellFormat({ env, platform }: Place): FormatName {
  if (platform === "win32") return env.PROMPT === undefined ? "powershell" : "cmd";
  return BY_SHELL.get(basename(env.SHELL ?? "sh")) ?? "sh";
}

/** Programs whose own language is not that of sh. */
const BY_SHELL: ReadonlyMap<string, FormatName> = new Map([
  ["fish", "fish"],
  ["pwsh", "powershell"],
  ["nu", "nushell"],
  ["elvish", "elvish"],
  ["tcsh", "tcsh"],
  ["csh", "tcsh"],
  ["xonsh", "xonsh"],
]);

/**
 * What to type so that this very shell has the credentials; `undefined` where there is no such line.
 *
 * @param own the format of the shell in $SHELL: for another one, the line has to name it.
 */
export function evalHint(format: FormatName, profile: string, own = format): string | undefined {
  const lines = `jcfetch env ${profile}${format === own ? "" : ` --format ${format}`}`;
  switch (format) {
    case "sh":
      return `eval "$(${lines})"`;
    case "fish":
      return `${lines} | source`;
    case "powershell":
      return `${lines} | Out-String | Invoke-Expression`;
    case "nushell":
      return `${lines} | from json | load-env`;
    case "elvish":
      return `eval (${lines} | slurp)`;
    case "tcsh":
      return `eval "\`${lines}\`"`;
    case "xonsh":
      return `execx($(${lines}))`;
    default:
      return undefined;
  }
}
