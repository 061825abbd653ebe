import type { CopyFormat } from "../messaging/view.ts";

export interface FormatName {
  /** Fits a button. */
  readonly short: string;
  /** Says in a menu what one gets; null where that takes words of a language. */
  readonly long: string | null;
}

/** In the order menus show them: what most people paste comes first. */
export const FORMAT_NAMES: Readonly<Record<CopyFormat, FormatName>> = {
  sh: { short: "bash", long: "bash, zsh, sh" },
  fish: { short: "fish", long: "fish" },
  powershell: { short: "PowerShell", long: "PowerShell" },
  cmd: { short: "cmd", long: "Windows cmd" },
  nushell: { short: "nu", long: "Nushell" },
  dotenv: { short: ".env", long: null },
  json: { short: "JSON", long: "JSON" },
  credentials: { short: "profile", long: null },
};

export const FORMATS = Object.keys(FORMAT_NAMES) as readonly CopyFormat[];
