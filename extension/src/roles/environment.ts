import type { AccountRule } from "../messaging/view.ts";
import { patternTest } from "./pattern.ts";

export type Environment = "prod" | "staging" | "dev";

/** What is known of an account without asking anybody. */
export interface AccountFacts {
  readonly id: string;
  readonly name: string | null;
  readonly email?: string | null;
}

/** What an account is to its user. */
export interface Place {
  readonly environment: Environment | null;
  readonly tags: readonly string[];
}

const WORDS: Readonly<Record<Environment, ReadonlySet<string>>> = {
  prod: new Set(["prod", "production", "prd"]),
  staging: new Set(["staging", "stage", "stg", "uat", "preprod", "preproduction"]),
  dev: new Set(["dev", "development", "sandbox", "nonprod", "nonproduction"]),
};

const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

/** Letters of another width or face read the same, and what nobody sees would break a word in two. */
const readable = (name: string): string =>
  isAscii(name) ? name : name.normalize("NFKC").replace(/\p{Cf}/gu, "");

/** `acme-PaymentsProd2` → acme, payments, prod: names are glued together in every way people can think of. */
function wordsOf(name: string): string[] {
  return readable(name)
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
export function environmentByName(accountName: string | null): Environment | null {
  if (!accountName) return null;
  const words = wordsOf(accountName);
  const kinds = ["prod", "staging", "dev"] as const;
  return kinds.find((kind) => words.some((word) => WORDS[kind].has(word))) ?? null;
}

/** What a rule's text means: `/…/` a regular expression, anything else a whole name with `*` and `?`. Letters in either case. */
function compile(match: string): Fits | undefined {
  const given = /^\/(.+)\/$/.exec(match)?.[1];
  const source =
    given ??
    `^${match
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replace(/\*+/g, ".*")
      .replaceAll("?", ".")}$`;
  return patternTest(source);
}

type Fits = (text: string) => boolean;

/** Patterns are read once, not once for each of two thousand accounts. */
const compiled = new Map<string, Fits | undefined>();

function patternOf(match: string): Fits | undefined {
  if (!compiled.has(match)) compiled.set(match, compile(match));
  return compiled.get(match);
}

/** Whether a rule's text can be read at all; one that cannot matches nothing. */
export const isPattern = (match: string): boolean => match.trim() !== "" && patternOf(match) !== undefined;

function meets({ on, match }: AccountRule, { id, name, email }: AccountFacts): boolean {
  const text = { name, id, email }[on];
  return text !== null && text !== undefined && patternOf(match)?.(text) === true;
}

/**
 * [SW1] What an account is: the first rule that names an environment decides, then the name; tags come from every rule that
 * fits. The rules stand in their order, those of the company's policy before the user's own.
 */
export function placeOf(account: AccountFacts, rules: readonly AccountRule[]): Place {
  const fitting = rules.filter((rule) => meets(rule, account));
  const decided = fitting.find(({ environment }) => environment !== null)?.environment;
  return {
    environment: decided ?? environmentByName(account.name),
    tags: [...new Set(fitting.flatMap(({ tags }) => tags))],
  };
}
