import { isPasteable, isPlain, lines } from "./text.ts";
import { type Format, variables } from "./values.ts";

/**
 * PowerShell on every system. An empty value would delete the variable, so it is refused.
 *
 * @source about_Quoting_Rules; the language specification §2.3.5.2 counts the four typographic single quotes as quotes too.
 */
export const powershell: Format = (values, context) =>
  lines(variables(values, context), (name, value) =>
    value !== "" && isPasteable(value) ? `$Env:${name}=${quote(value)}` : undefined,
  );

const quote = (value: string): string =>
  isPlain(value) ? `"${value}"` : `'${value.replaceAll(/['\u2018-\u201b]/g, "$&$&")}'`;
