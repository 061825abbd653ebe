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

/** What to type so that this very shell has the credentials; `undefined` where there is no such line. */
export function evalHint(format: FormatName, profile: string): string | undefined {
  switch (format) {
    case "sh":
      return `eval "$(jcfetch env ${profile})"`;
    case "fish":
      return `jcfetch env ${profile} | source`;
    case "powershell":
      return `jcfetch env ${profile} | Out-String | Invoke-Expression`;
    case "nushell":
      return `jcfetch env ${profile} | from json | load-env`;
    case "elvish":
      return `eval (jcfetch env ${profile} | slurp)`;
    case "tcsh":
      return `eval "\`jcfetch env ${profile}\`"`;
    case "xonsh":
      return `execx($(jcfetch env ${profile}))`;
    default:
      return undefined;
  }
}
