import * as v from "valibot";

/** Where Cloudflare promises to keep and run objects. */
export const Jurisdiction = v.picklist(["eu", "fedramp"]);
export type Jurisdiction = v.InferOutput<typeof Jurisdiction>;

interface Restrictable {
  jurisdiction(name: Jurisdiction): unknown;
}

/**
 * Every kind of object, restricted to the jurisdiction if there is one. The same name in another jurisdiction is another
 * object: to change it later is to begin anew. workerd on one's own host knows no jurisdictions and throws.
 */
export function inJurisdiction<N extends Readonly<Record<string, Restrictable>>>(
  jurisdiction: Jurisdiction | null,
  namespaces: N,
): N {
  if (jurisdiction === null) return namespaces;
  const restricted = Object.entries(namespaces).map(([name, one]) => [name, one.jurisdiction(jurisdiction)]);
  return Object.fromEntries(restricted) as N;
}
