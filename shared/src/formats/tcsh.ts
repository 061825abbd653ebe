import { isPasteable, isPlain, lines } from "./text.ts";
import { type Format, variables } from "./values.ts";

/**
 * tcsh and csh. They replace `!` even in single quotes, where a backslash before it is taken away and one before anything
 * else is not. A line ends in `;`, so that it stays one command where the lines are joined, as `eval` joins them.
 *
 * @source tcsh(1), "Lexical structure" and "History substitution".
 */
export const tcsh: Format = (values, context) =>
  lines(variables(values, context), (name, value) =>
    isPasteable(value) ? `setenv ${name} ${quote(value)};` : undefined,
  );

const quote = (value: string): string =>
  isPlain(value) ? `"${value}"` : `'${value.replaceAll("'", `'\\''`).replaceAll("!", "\\!")}'`;
