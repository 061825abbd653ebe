import { isPasteable, isPlain, lines } from "./text.ts";
import { type Format, variables } from "./values.ts";

/** In fish's single quotes only `\` and `'` are special. @source fish documentation, "Quotes" */
export const fish: Format = (values, context) =>
  lines(variables(values, context), (name, value) =>
    isPasteable(value) ? `set -gx ${name} ${quote(value)}` : undefined,
  );

const quote = (value: string): string =>
  isPlain(value) ? `"${value}"` : `'${value.replaceAll(/[\\']/g, "\\$&")}'`;
