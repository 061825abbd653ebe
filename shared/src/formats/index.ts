import type { RoleCredentials } from "../domain/role-credentials.ts";
import { err, type Result } from "../result.ts";
import { cmd } from "./cmd.ts";
import { credentials } from "./credentials.ts";
import { dotenv } from "./dotenv.ts";
import { elvish } from "./elvish.ts";
import { fish } from "./fish.ts";
import { github } from "./github.ts";
import { json } from "./json.ts";
import { nushell } from "./nushell.ts";
import { powershell } from "./powershell.ts";
import { processJson } from "./process.ts";
import { sh } from "./sh.ts";
import { tcsh } from "./tcsh.ts";
import { type Format, type FormatContext, plainValues, type Unfit } from "./values.ts";
import { xonsh } from "./xonsh.ts";

export type { FormatContext } from "./values.ts";

const FORMATS = {
  process: processJson,
  sh,
  fish,
  powershell,
  cmd,
  nushell,
  elvish,
  tcsh,
  xonsh,
  dotenv,
  json,
  credentials,
  /** What many call the same block. */
  ini: credentials,
  github,
} as const satisfies Record<string, Format>;

export type FormatName = keyof typeof FORMATS;
export const FORMAT_NAMES = Object.keys(FORMATS) as readonly FormatName[];

export const isFormatName = (text: string): text is FormatName => Object.hasOwn(FORMATS, text);

/** [FO2] A value that the format cannot carry. Holds the name of the field, never its value. */
export interface FormatProblem extends Unfit {
  readonly format: FormatName;
}

/**
 * Write role credentials as one of the formats. The text ends with a line feed, and holds the secrets in the clear: it is
 * for stdout or the clipboard, and for nothing in between.
 */
export function formatCredentials(
  format: FormatName,
  credentials: RoleCredentials,
  context: FormatContext,
): Result<string, FormatProblem> {
  const written = FORMATS[format](plainValues(credentials), context);
  return written.ok ? written : err({ ...written.error, format });
}

/** For people. */
export const describeFormatProblem = ({ format, field }: FormatProblem): string =>
  `${field} has characters that the format ${format} cannot carry`;
