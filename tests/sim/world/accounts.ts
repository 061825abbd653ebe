import type { AccountSpec, RoleSpec } from "./spec.ts";

const HOUR = 3600;

/** Roles that AWS would refuse the list of buckets. */
const WITHOUT_S3 = new Set(["Billing", "NetworkOperator", "AuditTrail_Viewer"]);

/** Permission sets whose session is not the usual hour. */
const SESSION_SECONDS: Readonly<Record<string, number>> = {
  S3Admin: HOUR,
  PowerUser: 12 * HOUR,
  Billing: 15 * 60,
  "Break.Glass@Prod": 15 * 60,
};

export function role(name: string): RoleSpec {
  return {
    name,
    sessionSeconds: SESSION_SECONDS[name] ?? HOUR,
    mayListBuckets: !WITHOUT_S3.has(name),
  };
}

export function account(
  id: string,
  name: string | undefined,
  email: string | undefined,
  roles: readonly string[],
  buckets: readonly string[] = [],
): AccountSpec {
  return {
    id,
    ...(name === undefined ? {} : { name }),
    ...(email === undefined ? {} : { email }),
    roles: roles.map(role),
    buckets,
  };
}

const STAGES = ["dev", "test", "staging", "prod"];
const TEAMS = ["Billing", "Catalog", "Fraud", "Ledger", "Mobile", "Platform", "Search", "Shipping", "Web"];
const ROLE_SETS = [
  ["ReadOnly"],
  ["Admin", "ReadOnly"],
  ["PowerUser", "ReadOnly"],
  ["Admin", "Billing", "PowerUser", "ReadOnly"],
  ["NetworkOperator", "ReadOnly"],
];

/**
 * `count` plain accounts. The rule: account n has id `base + n × 7919`, the n-th pair of team and stage as its
 * name, one bucket, and the n-th set of roles.
 */
export function generatedAccounts(count: number, base: number, domain: string): AccountSpec[] {
  return Array.from({ length: count }, (_, index) => {
    const team = TEAMS[index % TEAMS.length] ?? "Team";
    const stage = STAGES[index % STAGES.length] ?? "dev";
    const number = String(index + 1).padStart(3, "0");
    const id = String(base + index * 7919).padStart(12, "0");
    const slug = `${team.toLowerCase()}-${stage}-${number}`;
    return account(id, `${team} ${stage} ${number}`, `aws+${slug}@${domain}`, ROLE_SETS[index % 5] ?? [], [
      `${slug}-artifacts`,
    ]);
  });
}
