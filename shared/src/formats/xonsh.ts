import { isPasteable, lines } from "./text.ts";
import { type Format, variables } from "./values.ts";

/**
 * xonsh takes Python's text literals. For text without control characters JSON writes `\"` and `\\` and nothing else with a
 * backslash, which Python reads alike.
 */
export const xonsh: Format = (values, context) =>
  lines(variables(values, context), (name, value) =>
    isPasteable(value) ? `$${name} = ${JSON.stringify(value)}` : undefined,
  );
