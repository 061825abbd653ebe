import { err, ok, type Result } from "@jcfetch/shared/result";
import { isAccountId, isRegionName, isRoleName, profileProblem } from "./config/names.ts";
import { OUTPUTS, STYLES, type Style } from "./config/own-profile.ts";
import { templateProblem } from "./config/template.ts";
import { type Failure, fail } from "./exit.ts";
import { suggestion } from "./nearest.ts";
import { quoted } from "./quoted.ts";

/** What profiles are to be like. */
export interface ProfileLook {
  readonly style?: Style;
  readonly region?: string;
  readonly output?: string;
  readonly session?: string;
}

export interface ConfigureFlags extends ProfileLook {
  readonly profile?: string;
  readonly account?: string;
  readonly role?: string;
}

export interface SyncFlags extends ProfileLook {
  readonly template?: string;
  /** Nothing is asked. */
  readonly yes: boolean;
}

export type ProfilesCommand =
  | { readonly name: "profiles"; readonly act: "list" }
  | ({ readonly name: "profiles"; readonly act: "sync" | "diff" } & SyncFlags)
  | { readonly name: "profiles"; readonly act: "prune"; readonly session?: string; readonly yes: boolean }
  | { readonly name: "profiles"; readonly act: "undo"; readonly yes: boolean }
  | ({ readonly name: "configure" } & ConfigureFlags)
  | { readonly name: "trust" | "untrust"; readonly folder?: string };

export const PROFILE_OPTIONS = {
  style: { type: "string" },
  output: { type: "string" },
  template: { type: "string" },
  yes: { type: "boolean", short: "y" },
} as const;

const LOOK = ["style", "region", "output", "session"] as const;

/** What each act of `profiles` takes. */
const ACTS = {
  list: [],
  sync: [...LOOK, "template", "yes"],
  diff: [...LOOK, "template"],
  prune: ["session", "yes"],
  undo: ["yes"],
} as const satisfies Record<string, readonly (keyof ProfileValues)[]>;
type Act = keyof typeof ACTS;

export const PROFILE_ACTS: readonly string[] = Object.keys(ACTS);

export const PROFILE_COMMANDS = {
  profiles: { options: [...LOOK, "template", "yes"], words: 1, acts: PROFILE_ACTS },
  configure: { options: ["profile", "account", "role", ...LOOK], words: 0 },
  trust: { options: [], words: 1 },
  untrust: { options: [], words: 1 },
} as const;

export interface ProfileValues {
  readonly profile?: string;
  readonly account?: string;
  readonly role?: string;
  readonly region?: string;
  readonly output?: string;
  readonly style?: string;
  readonly session?: string;
  readonly template?: string;
  readonly yes?: boolean;
}

const usage = (title: string, command: string): Result<never, Failure> =>
  err(fail("usage", title, `see what it takes: jcfetch help ${command}`));

export function profilesCommand(
  values: ProfileValues,
  word: string | undefined,
): Result<ProfilesCommand, Failure> {
  const name = "profiles";
  const act = (word ?? "list") as Act;
  if (!Object.hasOwn(ACTS, act)) {
    return usage(`profiles knows no ${quoted(act)}${suggestion(act, PROFILE_ACTS)}`, name);
  }
  const stray = Object.keys(values).find(
    (key) => key !== "json" && !(ACTS[act] as readonly string[]).includes(key),
  );
  if (stray !== undefined) {
    return usage(
      word === undefined ? `profiles takes no --${stray}` : `profiles ${act} takes no --${stray}`,
      name,
    );
  }
  const { session, template, yes = false } = values;
  if (act === "list") return ok({ name, act });
  if (act === "undo") return ok({ name, act, yes });
  if (act === "prune") return ok({ name, act, yes, ...(session === undefined ? {} : { session }) });
  const wrong = template === undefined ? undefined : templateProblem(template, false);
  if (wrong !== undefined) return usage(wrong, name);
  const look = lookOf(values, name);
  if (!look.ok) return look;
  return ok({ name, act, yes, ...look.value, ...(template === undefined ? {} : { template }) });
}

export function configureCommand(values: ProfileValues): Result<ProfilesCommand, Failure> {
  const { profile, account, role } = values;
  const wrong =
    (profile === undefined ? undefined : profileProblem(profile)) ??
    (account === undefined || isAccountId(account) ? undefined : "an AWS account id has 12 digits") ??
    (role === undefined || isRoleName(role) ? undefined : `${quoted(role)} is no name a role can have`);
  if (wrong !== undefined) return usage(wrong, "configure");
  const look = lookOf(values, "configure");
  if (!look.ok) return look;
  return ok({
    name: "configure",
    ...look.value,
    ...(profile === undefined ? {} : { profile }),
    ...(account === undefined ? {} : { account }),
    ...(role === undefined ? {} : { role }),
  });
}

function lookOf(
  { style, region, output, session }: ProfileValues,
  command: string,
): Result<ProfileLook, Failure> {
  if (region !== undefined && !isRegionName(region)) {
    return usage(`${quoted(region)} is no name of a region`, command);
  }
  if (output !== undefined && !OUTPUTS.includes(output)) {
    return usage(`--output is one of ${OUTPUTS.join(", ")}`, command);
  }
  if (session !== undefined && !/^[\w.-]{1,64}$/.test(session)) {
    return usage("a session's name has letters, digits and . _ -", command);
  }
  const known = STYLES.find((one) => one === style);
  if (style !== undefined && known === undefined) {
    return usage(`--style is ${STYLES.join(" or ")}${suggestion(style, STYLES)}`, command);
  }
  return ok({
    ...(known === undefined ? {} : { style: known }),
    ...(region === undefined ? {} : { region }),
    ...(output === undefined ? {} : { output }),
    ...(session === undefined ? {} : { session }),
  });
}

export const trustCommand = (name: "trust" | "untrust", folder: string | undefined): ProfilesCommand => ({
  name,
  ...(folder === undefined ? {} : { folder }),
});
