import { AccountId } from "@jcfetch/shared/domain/ids";
import * as v from "valibot";
import { GuardPrefs } from "../messaging/guard-view.ts";
import { AccountRule, PortalRole, Prefs, type ViewState } from "../messaging/view.ts";
import { emptyPlan, type ImportPlan, MAX_LABEL_CHARS, type Skipped, shown } from "./plan.ts";

export const OWN_FORMAT = "jcfetch-settings-1";

const Label = v.strictObject({
  portal: PortalRole.entries.portal,
  account: AccountId,
  label: v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_LABEL_CHARS)),
});
/** Each member and what is read of it; a list is read entry by entry, so that one bad entry costs no other. */
const LISTS = { labels: Label, favorites: PortalRole, rules: AccountRule } as const;

/** Settings, labels, rules and favorites. No key, no code, no session, nothing of the broker, and not what was copied. */
export function writeOwn({ prefs, guard, favorites, switcher }: ViewState): string {
  const labels = Object.entries(switcher.labels).flatMap(([portal, accounts]) =>
    Object.entries(accounts).map(([account, label]) => ({ portal, account, label })),
  );
  const own = { format: OWN_FORMAT, prefs, guard: guard.prefs, rules: switcher.rules.own, labels, favorites };
  return `${JSON.stringify(own, null, 2)}\n`;
}

/** The members of `values` that are what the schema has under their name. */
function members<S extends v.ObjectEntries>(entries: S, values: unknown, name: string, skipped: Skipped[]) {
  const isRecord = typeof values === "object" && values !== null && !Array.isArray(values);
  if (values !== undefined && !isRecord) skipped.push({ line: null, text: name, why: "unreadable" });
  const good: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(isRecord ? values : {})) {
    const schema = Object.hasOwn(entries, key) ? (entries[key] as v.GenericSchema) : undefined;
    const read = schema && v.safeParse(schema, value);
    if (read?.success) good[key] = read.output;
    else skipped.push({ line: null, text: shown(`${name}.${key}`), why: schema ? "unreadable" : "not-used" });
  }
  return good;
}

function list<S extends v.GenericSchema>(schema: S, values: unknown, name: string, skipped: Skipped[]) {
  if (values !== undefined && !Array.isArray(values))
    skipped.push({ line: null, text: name, why: "unreadable" });
  return (Array.isArray(values) ? values : []).flatMap((value, at) => {
    const read = v.safeParse(schema, value);
    if (!read.success) skipped.push({ line: null, text: `${name}[${at}]`, why: "unreadable" });
    return read.success ? [read.output as v.InferOutput<S>] : [];
  });
}

export function readOwn(data: Readonly<Record<string, unknown>>): ImportPlan {
  const skipped: Skipped[] = [];
  const known = new Set(["format", "prefs", "guard", ...Object.keys(LISTS)]);
  for (const name of Object.keys(data))
    if (!known.has(name)) skipped.push({ line: null, text: shown(name), why: "not-used" });
  return {
    ...emptyPlan("jcfetch"),
    prefs: members(Prefs.entries, data.prefs, "prefs", skipped),
    guard: members(GuardPrefs.entries, data.guard, "guard", skipped),
    labels: list(LISTS.labels, data.labels, "labels", skipped),
    favorites: list(LISTS.favorites, data.favorites, "favorites", skipped),
    rules: list(LISTS.rules, data.rules, "rules", skipped),
    skipped,
  };
}
