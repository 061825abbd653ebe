import { err, ok, type Result } from "@jcfetch/shared/result";
import type { LogFlags } from "./broker/log.ts";
import { type Failure, fail } from "./exit.ts";
import { suggestion } from "./nearest.ts";
import { quoted } from "./quoted.ts";

export type BrokerCommand =
  | {
      readonly name: "broker";
      readonly act: "start";
      readonly port?: number;
      readonly keyring: boolean;
      readonly atLogin?: boolean;
    }
  | { readonly name: "broker"; readonly act: "stop"; readonly atLogin?: boolean }
  | { readonly name: "broker"; readonly act: "status" | "enrol" }
  | ({ readonly name: "broker"; readonly act: "logs" } & LogFlags);

export interface BrokerValues {
  readonly port?: string;
  readonly keyring?: boolean;
  readonly "at-login"?: boolean;
  readonly "no-at-login"?: boolean;
  readonly follow?: boolean;
  readonly lines?: string;
}

/** What each act takes. */
const ACTS = {
  start: ["port", "keyring", "at-login", "no-at-login"],
  stop: ["at-login"],
  status: [],
  enrol: [],
  logs: ["follow", "lines"],
} as const satisfies Record<string, readonly (keyof BrokerValues)[]>;
type Act = keyof typeof ACTS;

export const BROKER_ACTS: readonly string[] = Object.keys(ACTS);
const DEFAULT_LINES = 20;

const usage = (title: string, command = "broker"): Result<never, Failure> =>
  err(fail("usage", title, `see what it takes: jcfetch help ${command}`));

export function brokerCommand(
  values: BrokerValues,
  word: string | undefined,
): Result<BrokerCommand, Failure> {
  if (word === undefined) return usage(`broker takes one of ${BROKER_ACTS.join(", ")}`);
  if (!Object.hasOwn(ACTS, word)) {
    return usage(`broker knows no ${quoted(word)}${suggestion(word, BROKER_ACTS)}`);
  }
  const act = word as Act;
  const stray = Object.keys(values).find(
    (name) => name !== "json" && !(ACTS[act] as readonly string[]).includes(name),
  );
  if (stray !== undefined) return usage(`broker ${act} takes no --${stray}`);
  return build(act, values);
}

function build(act: Act, values: BrokerValues): Result<BrokerCommand, Failure> {
  const name = "broker";
  switch (act) {
    case "start": {
      const port = portOf(values, name);
      if (!port.ok) return port;
      const { "at-login": on, "no-at-login": off, keyring = false } = values;
      if (on && off) return usage("--at-login and --no-at-login do not go together");
      const atLogin = on ? { atLogin: true } : off ? { atLogin: false } : {};
      return ok({ name, act, keyring, ...port.value, ...atLogin });
    }
    case "stop":
      return ok({ name, act, ...(values["at-login"] ? { atLogin: true } : {}) });
    case "logs": {
      const { follow = false, lines = String(DEFAULT_LINES) } = values;
      if (!/^\d{1,6}$/.test(lines)) return usage("-n takes a number");
      return ok({ name, act, follow, lines: Number(lines) });
    }
    default:
      return ok({ name, act });
  }
}

/** @returns `{}` when no port was named. */
export function portOf(
  { port }: Pick<BrokerValues, "port">,
  command: "broker" | "setup" | "serve",
): Result<{ readonly port?: number }, Failure> {
  if (port === undefined) return ok({});
  const number = Number(port);
  const fits = /^\d{1,5}$/.test(port) && number >= 1_024 && number <= 65_535;
  return fits ? ok({ port: number }) : usage(notPort(port), command);
}

export const notPort = (text: string): string =>
  `--port takes a number from 1024 to 65535, not ${quoted(text)}`;
