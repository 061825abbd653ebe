import type { RoleRef } from "@jcfetch/shared/domain/role";
import { HOUR_MS, SECOND_MS } from "@jcfetch/shared/time";
import type { PairingTerms } from "../messaging/terms.ts";
import { defaultLifetimeSeconds, readChoice } from "./choices.ts";

/* What the user has chosen so far for a terminal, and how it becomes the terms that are signed. */

export interface Rule {
  /** `*` for all. */
  readonly account: string;
  readonly role: string;
}

export interface Draft {
  readonly name: string;
  readonly lifetimeSeconds: number;
  readonly ticked: ReadonlySet<string>;
  readonly rules: readonly Rule[];
  readonly mode: PairingTerms["mode"];
  /** Names of roles. */
  readonly ask: ReadonlySet<string>;
  readonly sensitive: ReadonlySet<string>;
  readonly unattended: boolean;
  readonly maxCredentialSeconds: number;
  readonly maxPerMinute: number;
  /** As typed: separated by spaces or commas. */
  readonly countries: string;
  readonly systems: string;
  readonly prefixes: string;
}

const hours = (count: number): number => (count * HOUR_MS) / SECOND_MS;

/** AWS lets a permission set's sessions last twelve hours at the most, and it alone decides; longer ones are refused. */
export const MOST_CREDENTIAL_HOURS = 12;
export const CREDENTIAL_LIVES = [1, 2, 4, 8, MOST_CREDENTIAL_HOURS].map((count) => ({
  seconds: hours(count),
  count,
}));
export const PACES = [10, 30, 120, 600];
export const MAX_NAMES = 16;
const DEFAULT_PACE = 120;

/** Nothing is chosen beforehand. A broker on this computer may open the session by itself; one elsewhere sees nothing. */
export const newDraft = (terminal: { host: string; ssh: boolean; local: boolean }): Draft => ({
  name: terminal.host,
  lifetimeSeconds: defaultLifetimeSeconds(terminal),
  ticked: new Set(),
  rules: [],
  mode: terminal.local ? "sealed" : "relay",
  ask: new Set(),
  sensitive: new Set(),
  unattended: false,
  maxCredentialSeconds: hours(MOST_CREDENTIAL_HOURS),
  maxPerMinute: DEFAULT_PACE,
  countries: "",
  systems: "",
  prefixes: "",
});

const GLOB = /^[\w+=,.@*-]{1,64}$/;
export const isRoleGlob = (text: string): boolean => GLOB.test(text);

const items = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);
const COUNTRY = /^[A-Z]{2}$/;
const PREFIX = /^[\da-fA-F.:]{2,39}\/\d{1,3}$/;

/** What was typed under networks. @returns `undefined` when a word of it is none. */
export function readNetworks({ countries, systems, prefixes }: Draft): PairingTerms["networks"] | undefined {
  const named = items(countries.toUpperCase());
  const asns = items(systems).map((text) => Number(text.replace(/^AS/i, "")));
  const cidrs = items(prefixes);
  const good =
    named.every((text) => COUNTRY.test(text)) &&
    asns.every((asn) => Number.isSafeInteger(asn) && asn > 0 && asn <= 4_294_967_295) &&
    cidrs.every((text) => PREFIX.test(text));
  return good ? { countries: named, asns, cidrs } : undefined;
}

/** @returns `undefined` while something that was typed cannot be read. */
export function termsOf(draft: Draft, portal: string): PairingTerms | undefined {
  const networks = readNetworks(draft);
  const name = draft.name.trim();
  if (!networks || name === "") return undefined;
  return {
    portal,
    roles: [...draft.ticked].map(readChoice) as RoleRef[],
    rules: [...draft.rules],
    mode: draft.mode,
    ask: [...draft.ask],
    sensitive: draft.mode === "sealed" ? [...draft.sensitive] : [],
    unattended: draft.unattended,
    maxCredentialSeconds: draft.maxCredentialSeconds,
    maxPerMinute: draft.maxPerMinute,
    networks,
    lifetimeSeconds: draft.lifetimeSeconds,
    name,
  };
}

/** Add or take out a name; over the limit nothing changes. */
export function toggleName(names: ReadonlySet<string>, name: string): ReadonlySet<string> {
  const next = new Set(names);
  if (next.delete(name)) return next;
  return names.size >= MAX_NAMES ? names : next.add(name);
}
