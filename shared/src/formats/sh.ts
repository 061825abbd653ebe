import { isPasteable, isPlain, lines } from "./text.ts";
import { type Format, variables } from "./values.ts";

/**
 * bash, zsh, dash, ksh. Plain values stand in double quotes, as AWS's portal writes them; others in single quotes, because
 * interactive shells expand `!` even in double quotes and cannot be told not to.
 */
export const sh: Format = (values, context) =>
  lines(variables(values, context), (name, value) =>
    isPasteable(value) ? `export ${name}=${quote(value)}` : undefined,
  );

const quote = (value: string): string =>
  isPlain(value) ? `"${value}"` : `'${value.replaceAll("'", `'\\''`)}'`;
