import { isPasteable, lines } from "./text.ts";
import { type Format, variables } from "./values.ts";

/** In Elvish's single quotes only `'` is special, and is written twice. @source elv.sh, "Language Specification", String */
export const elvish: Format = (values, context) =>
  lines(variables(values, context), (name, value) =>
    isPasteable(value) ? `set-env ${name} '${value.replaceAll("'", "''")}'` : undefined,
  );
