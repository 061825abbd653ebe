import { err, ok } from "../result.ts";
import { isPasteable } from "./text.ts";
import { type Format, variables } from "./values.ts";

const SECRET = ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

/**
 * A step of GitHub Actions: first commands that mask the secrets in its log, which belong on stdout, then lines of the file
 * that GITHUB_ENV names. A value is one line, so it needs no delimiter: everything after the first `=` is the value.
 *
 * @source GitHub Actions, "Workflow commands": `add-mask` takes `%` as `%25`; actions/runner, EnvFileKeyValuePairs.
 */
export const github: Format = (values, context) => {
  const all = variables(values, context);
  const unfit = all.find(([, value]) => value === "" || !isPasteable(value));
  if (unfit) return err({ code: "cannot-carry", field: unfit[0] });
  const masks = all
    .filter(([name]) => SECRET.includes(name))
    .map(([, value]) => `::add-mask::${value.replaceAll("%", "%25")}\n`);
  return ok([...masks, ...all.map(([name, value]) => `${name}=${value}\n`)].join(""));
};
