import { basename } from "node:path";
import type { FormatName } from "@jcfetch/shared/formats/index";
import type { Host } from "./host.ts";

type Place = Pick<Host, "env" | "platform">;

/** The format that the user's shell reads. On Windows only cmd sets PROMPT. */
export function shellFormat({ env, platform }: Place): FormatName {
  if (platform === "win32") return env.PROMPT === undefined ? "powershell" : "cmd";
  const shell = basename(env.SHELL ?? "sh");
  if (shell === "fish") return "fish";
  return shell === "pwsh" ? "powershell" : "sh";
}

/** What to type so that this very shell has the credentials; `undefined` where there is no such line. */
export function evalHint(format: FormatName, profile: string): string | undefined {
  switch (format) {
    case "sh":
      return `eval "$(jcfetch env ${profile})"`;
    case "fish":
      return `jcfetch env ${profile} | source`;
    case "powershell":
      return `jcfetch env ${profile} | Out-String | Invoke-Expression`;
    default:
      return undefined;
  }
}
