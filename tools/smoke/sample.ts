/** Bodies that fit an endpoint's schema and mean nothing, so that a refusal is about who asks and not about form. */
import { ENDPOINTS } from "@jcfetch/shared/protocol/endpoints";
import * as v from "valibot";

/** What a field can hold; the first that fits is taken. */
const CANDIDATES: readonly unknown[] = [
  "e.e.e",
  { e: "A".repeat(87), c: "A".repeat(64) },
  "A".repeat(43),
  "A".repeat(22),
  "AAAA",
  "invite",
  "commit",
  "pairing-refused",
  1,
  false,
  [],
];

type Name = keyof typeof ENDPOINTS;

/** @throws Error when a field takes none of the candidates: add one that it takes. */
export function sampleBody(name: Name): Record<string, unknown> {
  const { entries } = ENDPOINTS[name].request as v.StrictObjectSchema<v.ObjectEntries, undefined>;
  const fields = Object.entries(entries).flatMap(([field, schema]) => {
    if (schema.type === "optional") return [];
    const fitting = CANDIDATES.find((candidate) => v.is(schema, candidate));
    if (fitting === undefined) throw new Error(`no sample fits ${name}.${field}`);
    return [[field, fitting] as const];
  });
  return Object.fromEntries(fields);
}
