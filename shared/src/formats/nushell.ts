import { err, ok } from "../result.ts";
import { isPasteable } from "./text.ts";
import { type Format, variables } from "./values.ts";

/**
 * Nushell runs no code that a program has printed; it reads data: `jcfetch env dev --format nushell | from json | load-env`.
 *
 * @source Nushell book, "Environment": load-env takes a record.
 */
export const nushell: Format = (values, context) => {
  const record = variables(values, context);
  const unfit = record.find(([, value]) => !isPasteable(value));
  if (unfit) return err({ code: "cannot-carry", field: unfit[0] });
  return ok(`${JSON.stringify(Object.fromEntries(record))}\n`);
};
