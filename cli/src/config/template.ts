import { err, ok, type Result } from "@jcfetch/shared/result";
import { suggestion } from "../nearest.ts";
import { quoted } from "../quoted.ts";

/** What a profile's name is made of. */
export interface Named {
  readonly account: string;
  readonly role: string;
  readonly accountName?: string;
  /** Of the portal: its alias. */
  readonly portal: string;
}

export const PRESET = "{account}_{role}";

const PARTS: Record<string, (named: Named) => string | undefined> = {
  account: ({ account }) => account,
  account_id: ({ account }) => account,
  account_name: ({ accountName }) => accountName,
  role: ({ role }) => role,
  portal: ({ portal }) => portal,
};

const PART = /\{([^{}]*)\}/g;

/** What is wrong with a template, if anything is; `withoutNames` where account names are not to be had. */
export function templateProblem(template: string, withoutNames: boolean): string | undefined {
  for (const [, text = ""] of template.matchAll(PART)) {
    const [part = "", change, ...rest] = text.split(":");
    if (!Object.hasOwn(PARTS, part)) {
      return `a template knows no ${quoted(`{${text}}`)}${suggestion(part, Object.keys(PARTS))}`;
    }
    if (rest.length > 0 || (change !== undefined && change !== "lower")) {
      return `after the colon in ${quoted(`{${text}}`)} stands lower, or nothing`;
    }
    if (part === "account_name" && withoutNames) {
      return "the names of accounts are not known here: a pairing tells account ids alone";
    }
  }
  if (/[{}]/.test(template.replaceAll(PART, ""))) return "a brace in the template has no partner";
  const plain = template.replaceAll(PART, "");
  return /^[\w.@:/+=,-]*$/.test(plain)
    ? undefined
    : "a template has, beside {…}, letters, digits and . _ @ : / + = , -";
}

/**
 * The name of one role's profile. What a profile's name cannot have, as the spaces in many accounts' names, becomes a hyphen.
 *
 * @errors that the role's account has no name.
 */
export function nameBy(template: string, named: Named): Result<string, string> {
  let missing = false;
  const name = template.replaceAll(PART, (_, text: string) => {
    const [part = "", change] = text.split(":");
    const value = PARTS[part]!(named);
    if (value === undefined) missing = true;
    const fit = (value ?? "").replaceAll(/[^\w.@:/+=,-]+/g, "-").replaceAll(/^-+|-+$/g, "");
    return change === "lower" ? fit.toLowerCase() : fit;
  });
  return missing ? err(`account ${named.account} has no name`) : ok(name);
}
