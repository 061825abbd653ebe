import { describe, expect, it } from "vitest";
import { type Command, parse } from "../../cli/src/args.ts";

const commandOf = (line: string): Command | string => {
  const parsed = parse(line.split(" ").filter(Boolean));
  return parsed.ok ? parsed.value.command : parsed.error.title;
};

describe("arguments", () => {
  it.each<[string, Command]>([
    ["", { name: "help" }],
    ["--profile dev", { name: "fetch", profile: "dev", format: "auto" }],
    ["-p dev -f fish", { name: "fetch", profile: "dev", format: "fish" }],
    ["process dev", { name: "fetch", profile: "dev", format: "process" }],
    ["process --profile dev", { name: "fetch", profile: "dev", format: "process" }],
    ["json dev", { name: "fetch", profile: "dev", format: "json" }],
    ["dotenv dev", { name: "fetch", profile: "dev", format: "dotenv" }],
    ["process dev --min-ttl 45m", { name: "fetch", profile: "dev", format: "process", minTtlMs: 2_700_000 }],
    ["-p dev --min-ttl 30s", { name: "fetch", profile: "dev", format: "auto", minTtlMs: 30_000 }],
    [
      "exec dev -- aws s3 ls --profile x",
      { name: "exec", profile: "dev", command: ["aws", "s3", "ls", "--profile", "x"], static: false },
    ],
    [
      "exec --static -p dev --min-ttl 1h -- env",
      { name: "exec", profile: "dev", command: ["env"], static: true, minTtlMs: 3_600_000 },
    ],
    ["exec dev", { name: "exec", profile: "dev", command: [], static: false }],
    [
      "run -p prod-* -p dev a --jobs 3 --fail-fast -- x -- y",
      {
        name: "run",
        profiles: ["prod-*", "dev", "a"],
        command: ["x", "--", "y"],
        jobs: 3,
        failFast: true,
        static: false,
      },
    ],
    ["serve -p dev prod --port 9000", { name: "serve", profiles: ["dev", "prod"], port: 9000 }],
    ["use dev", { name: "use", profile: "dev" }],
    ["use a/b --session acme", { name: "use", profile: "a/b", session: "acme" }],
    ["console s3 -p dev --url", { name: "console", profile: "dev", destination: "s3", url: true }],
    ["unset", { name: "unset" }],
    ["shell-init zsh", { name: "shell-init", shell: "zsh" }],
    ["env -- dev", { name: "fetch", profile: "dev", format: "shell" }],
    ["env", { name: "fetch", format: "shell" }],
    ["env dev --format cmd", { name: "fetch", profile: "dev", format: "cmd" }],
    ["env dev --profile dev", { name: "fetch", profile: "dev", format: "shell" }],
    ["pair", { name: "pair", keyring: false }],
    [
      "pair --broker http://127.0.0.1:8788",
      { name: "pair", keyring: false, broker: "http://127.0.0.1:8788" },
    ],
    ["pair --keyring", { name: "pair", keyring: true }],
    ["setup", { name: "setup", keyring: false }],
    ["setup --port 9000 --keyring", { name: "setup", port: 9000, keyring: true }],
    ["broker start", { name: "broker", act: "start", keyring: false }],
    [
      "broker start --port 9000 --keyring --at-login",
      { name: "broker", act: "start", port: 9000, keyring: true, atLogin: true },
    ],
    ["broker start --no-at-login", { name: "broker", act: "start", keyring: false, atLogin: false }],
    ["broker stop", { name: "broker", act: "stop" }],
    ["broker stop --at-login", { name: "broker", act: "stop", atLogin: true }],
    ["broker status", { name: "broker", act: "status" }],
    ["broker enrol", { name: "broker", act: "enrol" }],
    ["broker logs", { name: "broker", act: "logs", follow: false, lines: 20 }],
    ["broker logs --follow -n 0", { name: "broker", act: "logs", follow: true, lines: 0 }],
    [
      "agent share dev -p a/b --for 30m --path x --session acme",
      {
        name: "agent",
        act: "share",
        what: "share",
        profiles: ["a/b", "dev"],
        forMs: 1_800_000,
        path: "x",
        session: "acme",
      },
    ],
    ["agent share --end", { name: "agent", act: "share", what: "end", profiles: [], forMs: 28_800_000 }],
    ["agent start --idle 30m", { name: "agent", act: "start", idleMs: 1_800_000 }],
    ["agent socket", { name: "agent", act: "socket" }],
    ["serve dev --token-file /run/t", { name: "serve", profiles: ["dev"], tokenFile: "/run/t" }],
    ["logout --profiles", { name: "logout", profiles: true, awsCaches: false, portal: false }],
    ["configure --region eu-west-1", { name: "configure", region: "eu-west-1" }],
    [
      "configure --style sso-session --session acme-2 --output yaml",
      { name: "configure", style: "sso-session", session: "acme-2", output: "yaml" },
    ],
    ["profiles", { name: "profiles", act: "list" }],
    ["profiles list", { name: "profiles", act: "list" }],
    ["profiles diff --template {role}", { name: "profiles", act: "diff", yes: false, template: "{role}" }],
    [
      "profiles sync -y --region eu-west-1",
      { name: "profiles", act: "sync", yes: true, region: "eu-west-1" },
    ],
    ["profiles prune --session acme", { name: "profiles", act: "prune", yes: false, session: "acme" }],
    ["profiles undo --yes", { name: "profiles", act: "undo", yes: true }],
    ["trust", { name: "trust" }],
    ["untrust work", { name: "untrust", folder: "work" }],
    ["env --help", { name: "help", topic: "env" }],
    ["help", { name: "help" }],
    ["-V", { name: "version" }],
  ])("[CL2] %j is understood", (line, command) => {
    expect(commandOf(line)).toEqual(command);
  });

  it.each([
    ["logut", 'there is no command "logut"; did you mean logout?'],
    ["quite-other", 'there is no command "quite-other"'],
    ["constructor", 'there is no command "constructor"'],
    ["exec dev aws s3 ls", "exec takes its command after --"],
    ["exec dev --", "no command stands after --"],
    ["exec dev -p prod -- ls", "two profiles were named; it can be one"],
    ["env -p dev -p prod", "two profiles were named; it can be one"],
    ["run -- ls", "run takes profiles, such as -p 'prod-*'"],
    ["run a --jobs 0 -- ls", "--jobs takes a number from 1 to 64"],
    ["run a --jobs 65 -- ls", "--jobs takes a number from 1 to 64"],
    ["shell-init bsh", 'shell-init takes one of bash, zsh, fish, powershell, not "bsh"; did you mean bash?'],
    ["env --fromat sh", 'there is no option "--fromat"; did you mean --format?'],
    ["--constructor", 'there is no option "--constructor"'],
    ["--profile", "--profile needs a value"],
    ["--profile --json", "--profile needs a value"],
    ["status --json=yes", "--json takes no value"],
    ["--profile dev --region x", "--region needs a command"],
    ["env dev --min-ttl 45", "--min-ttl takes a time such as 30s, 45m or 1h, up to 12h"],
    ["env dev --min-ttl 13h", "--min-ttl takes a time such as 30s, 45m or 1h, up to 12h"],
    ["status --min-ttl 1h", "status takes no --min-ttl"],
    ["process dev --format sh", "process takes no --format"],
    ["status --broker http://127.0.0.1:8788", "status takes no --broker"],
    ["pair --broker", "--broker needs a value"],
    ["pair now", "pair takes no words after it"],
    ["broker", "broker takes one of start, stop, status, enrol, logs"],
    ["broker strat", 'broker knows no "strat"; did you mean start?'],
    ["broker constructor", 'broker knows no "constructor"'],
    ["broker stop --port 9000", "broker stop takes no --port"],
    ["broker start now", "broker takes one word after it"],
    ["broker start --port", "--port needs a value"],
    ["broker start --port 80", '--port takes a number from 1024 to 65535, not "80"'],
    ["broker start --port 70000", '--port takes a number from 1024 to 65535, not "70000"'],
    ["broker start --port -1", '--port takes a number from 1024 to 65535, not "-1"'],
    ["broker start --port=-1", '--port takes a number from 1024 to 65535, not "-1"'],
    ["setup --port 0x400", '--port takes a number from 1024 to 65535, not "0x400"'],
    ["broker start --at-login --no-at-login", "--at-login and --no-at-login do not go together"],
    ["agent stop --for 8h", "agent stop takes no --for"],
    ["agent share dev --idle 8h", "agent share takes no --idle"],
    ["agent share --end --for 8h", "agent share --end takes --path, or nothing beside it"],
    ["agent share --end --list", "--list and --end do not go together"],
    ["agent share dev --for 0s", "--for takes a time such as 30m or 8h, up to 24h"],
    ["broker logs -n many", "-n takes a number"],
    ["profiles snyc", 'profiles knows no "snyc"; did you mean sync?'],
    ["profiles constructor", 'profiles knows no "constructor"'],
    ["profiles --yes", "profiles takes no --yes"],
    ["profiles undo --template x", "profiles undo takes no --template"],
    ["profiles sync --template {rol}", 'a template knows no "{rol}"; did you mean role?'],
    ["profiles sync --style sso", "--style is credential_process or sso-session"],
    ["profiles sync --region Frankfurt", '"Frankfurt" is no name of a region'],
    ["configure --output xml", "--output is one of json, yaml, yaml-stream, text, table"],
    ["configure --session a/b", "a session's name has letters, digits and . _ -"],
    ["configure --yes", "configure takes no --yes"],
    ["env dev --profile test", "two profiles were named; it can be one"],
    ["env dev --format auto", 'there is no format "auto"'],
  ])("[CL5] %j is refused with its reason", (line, title) => {
    expect(commandOf(line)).toBe(title);
    const parsed = parse(line.split(" "));
    expect(parsed.ok || parsed.error.exit).toBe(2);
  });

  it.each(["pair jcp1_abc", "pair --code=jcp1_abc", "jcb1_abc", "setup jcs1_abc", "--profile jcp1_abc"])(
    "[PA11] %j holds a code: refused without a word of it",
    (line) => {
      const parsed = parse(line.split(" "));
      expect(parsed).toMatchObject({ ok: false, error: { code: "code-in-arguments", exit: 2 } });
      expect(JSON.stringify(parsed)).not.toContain("abc");
    },
  );

  it("[CL1] what is repeated of the input cannot move the cursor", () => {
    const parsed = parse(["\u001b[2Jx\nrm -rf"]);
    expect(parsed.ok || parsed.error.title).not.toMatch(/\p{Cc}/u);
  });
});
