import { isPlain, lines } from "./text.ts";
import { type Format, variables } from "./values.ts";

/**
 * A `.env` file. Its readers (Docker, Compose, Node, Python, `. ./.env`) agree on unquoted plain values and on nothing else:
 * Docker takes quotes literally, others treat `\`, `#` and `$` each in its own way.
 */
export const dotenv: Format = (values, context) =>
  lines(variables(values, context), (name, value) => (isPlain(value) ? `${name}=${value}` : undefined));
