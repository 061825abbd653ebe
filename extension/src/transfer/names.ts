import type { AccountId } from "@jcfetch/shared/domain/ids";
import { type ImportedLabel, MAX_LABEL_CHARS, type Skipped, shown } from "./plan.ts";

/** A profile of somebody's, which stands for a role of an account. */
export interface NamedProfile {
  readonly name: string;
  readonly line: number;
  readonly portal: string | null;
  readonly account: AccountId;
  readonly role: string | null;
}

/** Of a longer one nothing more would be shown; and its edges are looked for at each of its letters. */
const MAX_NAME_CHARS = 200;
const EDGES = /^[\s\-_./:@]+|[\s\-_./:@]+$/g;

/** `payments-prod.ReadOnly` of the role ReadOnly → `payments-prod`. */
function withoutRole({ name: whole, role }: NamedProfile): string {
  const name = whole.slice(0, MAX_NAME_CHARS);
  if (role === null || role === "") return name;
  const at = name.toLowerCase().lastIndexOf(role.toLowerCase());
  if (at < 0) return name;
  const rest = (name.slice(0, at) + name.slice(at + role.length)).replace(EDGES, "");
  return rest === "" ? name : rest;
}

/** What an account is called by the names of its profiles: what is left of them without their roles, if they agree. */
export function labelsOf(profiles: readonly NamedProfile[]): {
  labels: ImportedLabel[];
  skipped: Skipped[];
} {
  const byAccount = Map.groupBy(profiles, ({ portal, account }) => `${portal ?? ""} ${account}`);
  const labels: ImportedLabel[] = [];
  const skipped: Skipped[] = [];
  for (const of of byAccount.values()) {
    const [first] = of;
    const names = new Set(of.map((profile) => shown(withoutRole(profile), MAX_LABEL_CHARS)));
    const [label = ""] = names;
    if (names.size === 1 && label.trim() !== "") {
      labels.push({ portal: first!.portal, account: first!.account, label });
    } else {
      const text = shown(`${first!.account}: ${[...names].join(", ")}`);
      skipped.push({ line: first!.line, text, why: "several-names" });
    }
  }
  return { labels, skipped };
}
