import { isPlain, lines } from "./text.ts";
import { type Format, variables } from "./values.ts";

/** @source "Command prompt line string limitation", Microsoft: 8,191 characters. */
const MAX_LINE = 8_191;

/**
 * Windows cmd. `"` and `%` cannot be written so that they survive both a prompt and a batch file, `!` goes when delayed
 * expansion is on, and what is not ASCII depends on the code page: all of these are refused. An empty value would delete the
 * variable. Inside `set "…"` the rest is literal.
 */
export const cmd: Format = (values, context) =>
  lines(variables(values, context), (name, value) => {
    if (!/^[ -~]+$/.test(value) || /["%!]/.test(value)) return undefined;
    const line = isPlain(value) ? `set ${name}=${value}` : `set "${name}=${value}"`;
    return line.length <= MAX_LINE ? line : undefined;
  });
