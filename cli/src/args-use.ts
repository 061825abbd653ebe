import { err, ok, type Result } from "@jcfetch/shared/result";
import { portOf } from "./args-broker.ts";
import { minTtlOf } from "./args-ttl.ts";
import { type Failure, fail } from "./exit.ts";
import { suggestion } from "./nearest.ts";
import { quoted } from "./quoted.ts";

/** The commands that use credentials instead of printing them. */
export type UseCommand =
  | ({ readonly name: "exec"; readonly profile?: string } & CommandLine)
  | ({
      readonly name: "run";
      /** Names of profiles, with `*` and `?`. */
      readonly profiles: readonly string[];
      readonly jobs: number;
      readonly failFast: boolean;
    } & CommandLine)
  | ({
      readonly name: "serve";
      readonly profiles: readonly string[];
      readonly port?: number;
      /** Where the token is put, in place of printing it. */
      readonly tokenFile?: string;
    } & Life)
  | ({
      readonly name: "console";
      readonly profile?: string;
      /** A service's name, an ARN, or an address of the console. */
      readonly destination?: string;
      readonly region?: string;
      /** Print the address instead of opening it. */
      readonly url: boolean;
    } & Life)
  | { readonly name: "shell-init"; readonly shell: InitShell }
  | ({ readonly name: "use"; readonly profile?: string; readonly format?: string } & Life)
  | { readonly name: "unset" };

interface Life {
  readonly minTtlMs?: number;
  /** Straight from the portal, by this sign-in, whatever the profile says. */
  readonly session?: string;
}

interface CommandLine extends Life {
  /** Program and arguments; empty for a shell. */
  readonly command: readonly string[];
  /** Keys in the environment, in place of an address to ask for them. */
  readonly static: boolean;
}

export const INIT_SHELLS = ["bash", "zsh", "fish", "powershell"] as const;
export type InitShell = (typeof INIT_SHELLS)[number];

export const USE_OPTIONS = {
  static: { type: "boolean" },
  jobs: { type: "string", short: "j" },
  "fail-fast": { type: "boolean" },
  "token-file": { type: "string" },
  url: { type: "boolean" },
} as const;

export interface UseValues {
  readonly profile?: string;
  readonly format?: string;
  readonly port?: string;
  readonly "min-ttl"?: string;
  readonly session?: string;
  readonly static?: boolean;
  readonly jobs?: string;
  readonly "fail-fast"?: boolean;
  readonly "token-file"?: string;
  readonly region?: string;
  readonly url?: boolean;
}

/** What was typed, taken apart. */
export interface UseWords {
  /** After the command. */
  readonly words: readonly string[];
  /** Every `--profile`, in order. */
  readonly profiles: readonly string[];
  /** After `--`. */
  readonly after: readonly string[] | undefined;
}

const MANY = 64;

interface UseSpec {
  readonly options: readonly (keyof UseValues)[];
  readonly words: number;
  readonly acts?: readonly string[];
  readonly profiles?: number;
}

export const USE_COMMANDS = {
  exec: { options: ["profile", "min-ttl", "session", "static"], words: 1, profiles: 1 },
  run: {
    options: ["profile", "min-ttl", "session", "static", "jobs", "fail-fast"],
    words: MANY,
    profiles: MANY,
  },
  serve: { options: ["profile", "min-ttl", "session", "port", "token-file"], words: MANY, profiles: MANY },
  console: { options: ["profile", "min-ttl", "session", "region", "url"], words: 1 },
  "shell-init": { options: [], words: 1, acts: INIT_SHELLS },
  use: { options: ["profile", "min-ttl", "session", "format"], words: 1, profiles: 1 },
  unset: { options: [], words: 0 },
} as const satisfies Record<UseCommand["name"], UseSpec>;

export const isUseName = (word: string | undefined): word is UseCommand["name"] =>
  word !== undefined && Object.hasOwn(USE_COMMANDS, word);

/** The commands that start another one: what stands after `--` is not ours to read. */
export const startsCommand = (word: string | undefined): boolean => word === "exec" || word === "run";

const DEFAULT_JOBS = 8;

const usage = (title: string, command: UseCommand["name"]): Result<never, Failure> =>
  err(fail("usage", title, `see what it takes: jcfetch help ${command}`));

export function useCommand(
  name: UseCommand["name"],
  values: UseValues,
  { words, profiles, after }: UseWords,
): Result<UseCommand, Failure> {
  const minTtl = minTtlOf(values);
  if (!minTtl.ok) return minTtl;
  const { session: by } = values;
  const life = { ...minTtl.value, ...(by === undefined ? {} : { session: by }) };
  switch (name) {
    case "exec": {
      const named = oneProfile(words[0], profiles, name);
      if (!named.ok) return named;
      if (after?.length === 0) return usage("no command stands after --", name);
      const keys = values.static === true;
      return ok({ name, ...named.value, ...life, command: after ?? [], static: keys });
    }
    case "run":
      return runOf(values, { words, profiles, after }, life);
    case "serve": {
      const port = portOf(values, name);
      const { "token-file": file } = values;
      const kept = file === undefined ? {} : { tokenFile: file };
      const named = { profiles: [...profiles, ...words] };
      return port.ok ? ok({ name, ...named, ...port.value, ...kept, ...life }) : port;
    }
    case "console": {
      const named = oneProfile(undefined, profiles, name);
      if (!named.ok) return named;
      const [destination] = words;
      const { region, url = false } = values;
      const where = { ...(destination ? { destination } : {}), ...(region === undefined ? {} : { region }) };
      return ok({ name, ...named.value, ...where, url, ...life });
    }
    case "shell-init": {
      const [shell = ""] = words;
      const known = INIT_SHELLS.find((one) => one === shell);
      if (known) return ok({ name, shell: known });
      const wrong = shell === "" ? "" : `, not ${quoted(shell)}${suggestion(shell, INIT_SHELLS)}`;
      return usage(`shell-init takes one of ${INIT_SHELLS.join(", ")}${wrong}`, name);
    }
    case "use": {
      const named = oneProfile(words[0], profiles, name);
      const { format } = values;
      return named.ok ? ok({ name, ...named.value, ...(format ? { format } : {}), ...life }) : named;
    }
    case "unset":
      return ok({ name });
  }
}

function runOf(
  values: UseValues,
  { words, profiles, after }: UseWords,
  life: Life,
): Result<UseCommand, Failure> {
  const named = [...profiles, ...words];
  if (named.length === 0) return usage("run takes profiles, such as -p 'prod-*'", "run");
  if (after === undefined || after.length === 0) return usage("run takes a command after --", "run");
  const { jobs = String(DEFAULT_JOBS), "fail-fast": failFast = false } = values;
  if (!/^\d{1,2}$/.test(jobs) || Number(jobs) < 1 || Number(jobs) > MANY) {
    return usage(`--jobs takes a number from 1 to ${MANY}`, "run");
  }
  const keys = values.static === true;
  return ok({
    name: "run",
    profiles: named,
    command: after,
    jobs: Number(jobs),
    failFast,
    static: keys,
    ...life,
  });
}

function oneProfile(
  word: string | undefined,
  profiles: readonly string[],
  command: UseCommand["name"],
): Result<{ readonly profile?: string }, Failure> {
  const names = new Set([...profiles, ...(word === undefined ? [] : [word])]);
  if (names.size > 1) return usage("two profiles were named; it can be one", command);
  const [profile] = names;
  return ok(profile === undefined ? {} : { profile });
}
