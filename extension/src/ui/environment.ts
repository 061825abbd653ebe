export type Environment = "prod" | "staging" | "dev";

const WORDS: Readonly<Record<Environment, ReadonlySet<string>>> = {
  prod: new Set(["prod", "production", "prd"]),
  staging: new Set(["staging", "stage", "stg", "uat", "preprod", "preproduction"]),
  dev: new Set(["dev", "development", "sandbox", "nonprod", "nonproduction"]),
};

/** `acme-PaymentsProd2` → acme, payments, prod: names are glued together in every way people can think of. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .replace(/(?<![a-z])(non|pre)[^a-z0-9]+(prod)/g, "$1$2")
    .split(/[^a-z]+/)
    .filter(Boolean);
}

/**
 * What kind of place an account is, by its name. "nonprod" is never prod, in whichever spelling; a name that says both prod
 * and something else counts as prod, because that is the mistake that costs.
 */
export function environmentOf(accountName: string | null): Environment | null {
  if (!accountName) return null;
  const words = wordsOf(accountName);
  const kinds = ["prod", "staging", "dev"] as const;
  return kinds.find((kind) => words.some((word) => WORDS[kind].has(word))) ?? null;
}

/** Shown beside the bar, so that color alone never carries it. */
export const ENVIRONMENT_WORD: Readonly<Record<Environment, string>> = {
  prod: "PROD",
  staging: "STG",
  dev: "",
};

/** Spoken. */
export const ENVIRONMENT_NAME: Readonly<Record<Environment, string>> = {
  prod: "production",
  staging: "staging",
  dev: "development",
};
