import { Fragment } from "preact";
import { t } from "../../words.ts";
import { rich } from "../rich.ts";

/** The hosts of patterns that a browser grants. */
export const hostsOf = (patterns: readonly string[]): string[] =>
  patterns.map((pattern) => pattern.replace(/^https:\/\/|\/\*$/g, ""));

/** [PM4] What the browser has to allow. A host's name is compared letter by letter: none is broken at a hyphen. */
export function AskedHosts({ missing }: { missing: readonly string[] }) {
  const hosts = hostsOf(missing).map((host, at) => (
    <Fragment key={host}>
      {at > 0 && t("common.comma")}
      <span class="host">{host}</span>
    </Fragment>
  ));
  return <p>{rich("access.askText", hosts)}</p>;
}
