import type { Result } from "@jcfetch/shared/result";
import { type Command, parse } from "./args.ts";
import { fetchCredentials } from "./commands/fetch.ts";
import { withTilde } from "./config/paths.ts";
import { type Ending, EXIT, type Failure } from "./exit.ts";
import type { Host } from "./host.ts";
import { explained } from "./net/network.ts";

/** One invocation, from arguments to an exit code. */
export async function run(argv: readonly string[], host: Host): Promise<number> {
  const invocation = parse(argv);
  const result = invocation.ok
    ? await dispatch(invocation.value.command, invocation.value.json, host)
    : invocation;
  if (result.ok) return result.value ?? EXIT.ok;
  const asJson = invocation.ok ? invocation.value.json : argv.includes("--json");
  const failure = explained(result.error, host);
  host.io.fail(atHome(failure, host.home), asJson);
  return failure.exit;
}

/** Paths as people write them. */
const atHome = (failure: Failure, home: string): Failure => ({
  ...failure,
  title: withTilde(failure.title, home),
});

/** [AG14] Each command is loaded when it is asked for, but for the one that everything waits for. */
async function dispatch(command: Command, json: boolean, host: Host): Promise<Result<Ending, Failure>> {
  switch (command.name) {
    case "fetch":
      return fetchCredentials(command, host);
    case "pair":
      return (await import("./commands/pair.ts")).pair(command, host);
    case "setup":
      return (await import("./commands/setup.ts")).setup(command, json, host);
    case "broker":
      return (await import("./commands/broker.ts")).broker(command, json, host);
    case "agent":
      return (await import("./commands/agent.ts")).agent(command, json, host);
    case "exec":
      return (await import("./commands/exec.ts")).exec(command, host);
    case "run":
      return (await import("./commands/run.ts")).runOverMany(command, json, host);
    case "serve":
      return (await import("./commands/serve.ts")).serve(command, json, host);
    case "console":
      return (await import("./commands/console.ts")).openConsole(command, host);
    case "shell-init":
      return (await import("./commands/shell-init.ts")).shellInit(command, host);
    case "use":
    case "unset":
      return (await import("./commands/use.ts")).use(command, host);
    case "profiles":
      return (await import("./commands/profiles.ts")).profiles(command, json, host);
    case "trust":
    case "untrust":
      return (await import("./commands/trust.ts")).trust(command, json, host);
    case "configure":
      return (await import("./commands/configure.ts")).configure(command, host);
    case "status":
      return (await import("./commands/status.ts")).status(json, host);
    case "prompt":
      return (await import("./commands/prompt.ts")).prompt(json, host);
    case "doctor":
      return (await import("./commands/doctor.ts")).doctor(command, json, host);
    case "audit":
      return (await import("./commands/audit.ts")).audit(command, json, host);
    case "login":
      return (await import("./commands/login.ts")).login(command, json, host);
    case "logout":
      return (await import("./commands/logout.ts")).logout(command, host);
    case "completion":
    case "complete":
      return (await import("./commands/completion.ts")).completion(command, host);
    case "help":
      return (await import("./commands/help.ts")).help(command.topic, host);
    case "version":
      return (await import("./commands/version.ts")).version(host);
  }
}
