import { AGENT_COMMAND, AGENT_OPTIONS } from "./args-agent.ts";
import { BROKER_ACTS } from "./args-broker.ts";
import { COMPLETION_SHELLS } from "./args-completion.ts";
import { PROFILE_COMMANDS, PROFILE_OPTIONS } from "./args-profiles.ts";
import { SESSION_OPTIONS } from "./args-session.ts";
import { USE_COMMANDS, USE_OPTIONS } from "./args-use.ts";

export const OPTIONS = {
  profile: { type: "string", short: "p" },
  format: { type: "string", short: "f" },
  "min-ttl": { type: "string" },
  account: { type: "string" },
  role: { type: "string" },
  region: { type: "string" },
  broker: { type: "string" },
  browser: { type: "string" },
  "device-code": { type: "boolean" },
  "no-browser": { type: "boolean" },
  fresh: { type: "boolean" },
  share: { type: "boolean" },
  "aws-caches": { type: "boolean" },
  portal: { type: "boolean" },
  port: { type: "string" },
  keyring: { type: "boolean" },
  "at-login": { type: "boolean" },
  "no-at-login": { type: "boolean" },
  ...AGENT_OPTIONS,
  follow: { type: "boolean" },
  lines: { type: "string", short: "n" },
  profiles: { type: "boolean" },
  session: { type: "string" },
  ...PROFILE_OPTIONS,
  ...USE_OPTIONS,
  fix: { type: "boolean" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "V" },
} as const;

export type Option = keyof typeof OPTIONS;
export type Values = { [K in Option]?: (typeof OPTIONS)[K]["type"] extends "string" ? string : boolean };

/** What a command takes beside `--json` and `--help`; parser, help and completion go by it. */
interface CommandSpec {
  readonly options: readonly Option[];
  /** How many words, at most. */
  readonly words: number;
  /** The first word is one of these. */
  readonly acts?: readonly string[];
  /** So many of the words, from the first on, are profiles. */
  readonly profiles?: number;
}

export const COMMANDS: Record<string, CommandSpec> = {
  env: { options: ["profile", "format", "min-ttl", "session"], words: 1, profiles: 1 },
  process: { options: ["profile", "min-ttl", "session"], words: 1, profiles: 1 },
  json: { options: ["profile", "min-ttl", "session"], words: 1, profiles: 1 },
  dotenv: { options: ["profile", "min-ttl", "session"], words: 1, profiles: 1 },
  ...USE_COMMANDS,
  setup: { options: ["port", "keyring"], words: 0 },
  pair: { options: ["broker", "keyring"], words: 0 },
  broker: {
    options: ["port", "keyring", "at-login", "no-at-login", "follow", "lines"],
    words: 1,
    acts: BROKER_ACTS,
  },
  ...PROFILE_COMMANDS,
  agent: AGENT_COMMAND,
  status: { options: [], words: 0 },
  prompt: { options: [], words: 0 },
  doctor: { options: ["fix"], words: 0 },
  audit: { options: [], words: 1, acts: ["verify"] },
  login: { options: SESSION_OPTIONS.login, words: 0 },
  logout: { options: SESSION_OPTIONS.logout, words: 0 },
  completion: { options: [], words: 1, acts: COMPLETION_SHELLS },
  help: { options: [], words: 2 },
};

export const COMMAND_NAMES = Object.keys(COMMANDS);

/** Words that can stand after a command and are always the same. */
export const actsOf = (command: string): readonly string[] =>
  Object.hasOwn(COMMANDS, command) ? (COMMANDS[command]?.acts ?? []) : [];
