import { parseArgs } from "node:util";
import { FORMAT_NAMES, type FormatName, isFormatName } from "@jcfetch/shared/formats/index";
import { err, ok, type Result } from "@jcfetch/shared/result";
import { type AgentCommand, agentCommand } from "./args-agent.ts";
import { type BrokerCommand, brokerCommand, notPort, portOf } from "./args-broker.ts";
import { type CompletionCommand, completionCommand, lineToComplete } from "./args-completion.ts";
import { type HelpCommand, helpCommand } from "./args-help.ts";
import { configureCommand, type ProfilesCommand, profilesCommand, trustCommand } from "./args-profiles.ts";
import { loginCommand, logoutCommand, type SessionCommand } from "./args-session.ts";
import { COMMAND_NAMES, COMMANDS, OPTIONS, type Option, type Values } from "./args-table.ts";
import { minTtlOf } from "./args-ttl.ts";
import { isUseName, startsCommand, type UseCommand, useCommand } from "./args-use.ts";
import { type Failure, fail } from "./exit.ts";
import { nearest, suggestion } from "./nearest.ts";
import { quoted } from "./quoted.ts";

export type { AgentCommand } from "./args-agent.ts";
export type { BrokerCommand } from "./args-broker.ts";

/** What to print, where the user did not name a format: `auto` looks whether stdout is a terminal, `shell` does not. */
export type WantedFormat = FormatName | "auto" | "shell";

export type Command =
  | {
      readonly name: "fetch";
      readonly profile?: string;
      readonly format: WantedFormat;
      readonly minTtlMs?: number;
      readonly session?: string;
    }
  | { readonly name: "pair"; readonly broker?: string; readonly keyring: boolean }
  | { readonly name: "setup"; readonly port?: number; readonly keyring: boolean }
  | BrokerCommand
  | ProfilesCommand
  | AgentCommand
  | UseCommand
  | CompletionCommand
  | { readonly name: "status" | "prompt" }
  | { readonly name: "doctor"; readonly fix: boolean }
  | { readonly name: "audit"; readonly verify: boolean }
  | SessionCommand
  | HelpCommand
  | { readonly name: "version" };

export interface Invocation {
  readonly command: Command;
  /** Data instead of text: on stdout what was asked for, on stderr why not. */
  readonly json: boolean;
}

const usage = (title: string, next = "see what there is: jcfetch --help"): Result<never, Failure> =>
  err(fail("usage", title, next));

/** From arguments to a command, or to what is wrong with them. Knows nothing of this host. */
export function parse(argv: readonly string[]): Result<Invocation, Failure> {
  // [PA11] Before anything else, so that no message can repeat it.
  if (argv.some((word) => /jc[pbs]1_/.test(word))) {
    return err(
      fail(
        "code-in-arguments",
        "a code on the command line stands in the process list and in your shell's history, so it was not used",
        "make a new one; a pairing code is pasted at the prompt of jcfetch pair, the others into the extension",
      ),
    );
  }
  const line = lineToComplete(argv);
  if (line) return ok({ command: line, json: false });
  const read = readWords(argv);
  if (!read.ok) return read;
  const command = commandOf(read.value);
  return command.ok ? ok({ command: command.value, json: read.value.values.json === true }) : command;
}

interface Typed {
  readonly values: Values;
  readonly words: readonly string[];
  /** Every `--profile`, in order; of the other options the last one counts. */
  readonly profiles: readonly string[];
  /** What stands after `--`. */
  readonly after: readonly string[] | undefined;
}

function readWords(argv: readonly string[]): Result<Typed, Failure> {
  const end = tokensOf(argv).find(({ kind }) => kind === "option-terminator")?.index;
  const own = argv.slice(0, end);
  const tokens = tokensOf(own);
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const { name, rawName, value } = token;
    if (!Object.hasOwn(OPTIONS, name)) return unknownOption(rawName, tokens);
    const needsValue = OPTIONS[name as Option].type === "string";
    if (needsValue && (value === undefined || (value.startsWith("-") && !token.inlineValue))) {
      if (name === "port" && /^-\d/.test(value ?? "")) return usage(notPort(value!));
      return usage(`${rawName} needs a value`);
    }
    if (!needsValue && value !== undefined) return usage(`${rawName} takes no value`);
  }
  const { values, positionals } = parseArgs({ args: own, options: OPTIONS, allowPositionals: true });
  const profiles = tokens.flatMap((token) =>
    token.kind === "option" && token.name === "profile" ? [String(token.value)] : [],
  );
  const after = end === undefined ? undefined : argv.slice(end + 1);
  return ok({ values: values as Values, words: positionals, profiles, after });
}

/** What was probably meant, of what the command takes: another one's option would be the next mistake. */
function unknownOption(
  typed: string,
  tokens: readonly { readonly kind: string; readonly value?: unknown }[],
): Result<never, Failure> {
  const word = String(tokens.find(({ kind }) => kind === "positional")?.value);
  const spec = Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
  const names = spec ? [...spec.options, "json", "help"] : Object.keys(OPTIONS);
  const meant = nearest(typed.replace(/^-+/, ""), names);
  const title = `there is no option ${quoted(typed)}${meant === undefined ? "" : `; did you mean --${meant}?`}`;
  if (word === "pair" && typed === "--code")
    return usage(title, "the code is pasted at its prompt: jcfetch pair");
  return spec ? usage(title, `see what it takes: jcfetch help ${word}`) : usage(title);
}

const tokensOf = (argv: readonly string[]) =>
  parseArgs({ args: [...argv], options: OPTIONS, strict: false, allowPositionals: true, tokens: true })
    .tokens;

function commandOf(typed: Typed): Result<Command, Failure> {
  const { values, profiles, after } = typed;
  if (values.version) return ok({ name: "version" });
  const [word, ...rest] = startsCommand(typed.words[0]) ? typed.words : [...typed.words, ...(after ?? [])];
  if (values.help) return ok({ name: "help", ...(word === undefined ? {} : { topic: word }) });
  if (word === undefined) {
    if (values.profile === undefined) return ok({ name: "help" });
    const stray = strayOption(values, ["profile", "format", "min-ttl", "session"]);
    if (stray) return usage(`--${stray} needs a command`);
    return fetchOf(values, [], "auto");
  }
  const spec = Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
  if (!spec) return usage(`there is no command ${quoted(word)}${suggestion(word, COMMAND_NAMES)}`);
  const stray = strayOption(values, spec.options);
  if (stray) return usage(`${word} takes no --${stray}`, `see what it takes: jcfetch help ${word}`);
  if (rest.length > spec.words) {
    const most = startsCommand(word)
      ? "its command after --"
      : `${["no words", "one word", "two words"][spec.words]} after it`;
    return usage(`${word} takes ${most}`, `see what it takes: jcfetch help ${word}`);
  }
  if (isUseName(word)) return useCommand(word, values, { words: rest, profiles, after });
  if (word === "agent") return agentCommand(values, rest, profiles);
  if (new Set(profiles).size > 1) return usage("two profiles were named; it can be one");
  return build(word, values, rest);
}

function build(word: string, values: Values, rest: readonly string[]): Result<Command, Failure> {
  switch (word) {
    case "env":
      return fetchOf(values, rest, "shell");
    case "process":
    case "json":
    case "dotenv":
      return fetchOf(values, rest, word);
    case "configure":
      return configureCommand(values);
    case "profiles":
      return profilesCommand(values, rest[0]);
    case "trust":
    case "untrust":
      return ok(trustCommand(word, rest[0]));
    case "pair":
      return ok({
        name: "pair",
        keyring: values.keyring === true,
        ...(values.broker === undefined ? {} : { broker: values.broker }),
      });
    case "audit":
      if (rest[0] !== undefined && rest[0] !== "verify") {
        return usage(
          `audit takes verify or nothing after it, not ${quoted(rest[0])}`,
          "see: jcfetch help audit",
        );
      }
      return ok({ name: "audit", verify: rest[0] === "verify" });
    case "setup": {
      const port = portOf(values, "setup");
      return port.ok ? ok({ name: "setup", keyring: values.keyring === true, ...port.value }) : port;
    }
    case "broker":
      return brokerCommand(values, rest[0]);
    case "login":
      return loginCommand(values);
    case "doctor":
      return ok({ name: "doctor", fix: values.fix === true });
    case "completion":
      return completionCommand(rest[0]);
    case "logout":
      return logoutCommand(values);
    case "help":
      return helpCommand(rest);
    default:
      return ok({ name: word as "status" });
  }
}

function fetchOf(values: Values, rest: readonly string[], otherwise: WantedFormat): Result<Command, Failure> {
  if (values.profile !== undefined && rest[0] !== undefined && rest[0] !== values.profile) {
    return usage("two profiles were named; it can be one");
  }
  const profile = rest[0] ?? values.profile;
  const { format = otherwise } = values;
  if (values.format !== undefined && !isFormatName(values.format)) {
    return usage(
      `there is no format ${quoted(values.format)}${suggestion(values.format, FORMAT_NAMES)}`,
      `it can be ${FORMAT_NAMES.join(", ")}`,
    );
  }
  const minTtl = minTtlOf(values);
  if (!minTtl.ok) return minTtl;
  const named = profile === undefined ? {} : { profile };
  const session = values.session === undefined ? {} : { session: values.session };
  return ok({ name: "fetch", format: format as WantedFormat, ...named, ...session, ...minTtl.value });
}

const strayOption = (values: Values, allowed: readonly Option[]): Option | undefined =>
  (Object.keys(values) as Option[]).find((name) => name !== "json" && !allowed.includes(name));
