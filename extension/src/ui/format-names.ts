import type { CopyFormat } from "../messaging/view.ts";

export interface FormatName {
  /** Fits a button. */
  readonly short: string;
  /** Says in a menu what one gets. */
  readonly long: string;
}

/** In the order menus show them: what most people paste comes first. */
export const FORMAT_NAMES: Readonly<Record<CopyFormat, FormatName>> = {
  sh: { short: "bash", long: "bash, zsh, sh" },
  fish: { short: "fish", long: "fish" },
  powershell: { short: "PowerShell", long: "PowerShell" },
  cmd: { short: "cmd", long: "Windows cmd" },
  nushell: { short: "nu", long: "Nushell" },
  dotenv: { short: ".env", long: ".env file" },
  json: { short: "JSON", long: "JSON" },
  credentials: { short: "profile", long: "Credentials-file block" },
};

export const FORMATS = Object.keys(FORMAT_NAMES) as readonly CopyFormat[];
