import { AGENT_TOPICS } from "./usage-agent.ts";
import { COMFORT_TOPICS } from "./usage-comfort.ts";
import { PROFILE_TOPICS } from "./usage-profiles.ts";
import { SESSION_TOPICS } from "./usage-session.ts";
import { USE_TOPICS } from "./usage-use.ts";

/** What `jcfetch --help` says: three examples, then commands by job. */
export const USAGE = `jcfetch: AWS role credentials from your access-portal session, in this terminal

  jcfetch setup                broker, extension and terminal on this computer
  jcfetch pair                 or join this terminal to your browser's extension
  jcfetch configure            make a profile that AWS's tools can use
  aws s3 ls --profile 111122223333_PowerUser     use it

Sign in
  pair                    take a code at a prompt, show three words to compare
  login [--session NAME]  without the extension: by browser, or by a code
  logout [--profiles]     take this terminal out of use (and its profiles)

Use
  --profile NAME          lines for your shell; in a pipe, a credential_process
  env NAME [--format F]   lines for your shell, or in another format
  process NAME            the JSON of a credential_process
  json NAME               JSON for programs
  dotenv NAME             lines of a .env file
  exec NAME -- COMMAND    run a command as a role, renewed as long as it runs
  run GLOB… -- COMMAND    the same as many roles at one time, with a summary
  serve NAME…             an address here where AWS's SDKs get credentials
  console [SERVICE]       the AWS console as a role: a service, ARN or address
  use NAME, unset         change this shell, and back; needs shell-init first

Set up
  setup                   all of it on this computer, with one paste
  broker ACT              a broker here: start, stop, status, enrol, logs
  configure               write a profile into ~/.aws/config
  profiles [ACT]          what is configured; sync writes one for every role
  trust, untrust          whether a folder's .jcfetch.json chooses its profile

Look
  status                  portal session, token and roles, each with its clock
  doctor [--fix]          what is wrong, and what to do about it
  prompt                  profile and minutes left, for your shell's prompt
  agent ACT               what holds credentials in memory: status, lock, share
  audit [verify]          what was asked for; verify: that nothing is missing
  shell-init SHELL        functions for your shell, which use and unset need
  completion SHELL        completion for bash, zsh, fish or PowerShell
  help [COMMAND]          this text, or more; also on picker, network and exit

Options
  --json                  answers and errors as JSON
  --version, --help

NAME is a profile, or a role written as ACCOUNT/ROLE.
Exit codes: jcfetch help exit
`;

const FORMATS = `sh, fish, powershell, cmd, nushell, elvish, tcsh, xonsh, dotenv, json, process,
credentials (or ini), github`;

const TOPICS: Record<string, string> = {
  env: `jcfetch env NAME [--format F] [--min-ttl TIME]

  eval "$(jcfetch env dev)"                      bash, zsh, sh
  jcfetch env dev | source                       fish
  jcfetch env dev | Out-String | Invoke-Expression
  jcfetch env dev | from json | load-env         Nushell
  eval (jcfetch env dev | slurp)                 Elvish
  eval "\`jcfetch env dev\`"                       tcsh
  execx($(jcfetch env dev))                      xonsh

Prints lines that put the role's credentials into the environment. Without
--format they are for the shell in $SHELL. F is one of
${FORMATS}.
With --min-ttl 45m (or 30s, 1h) you get credentials that live at least so long,
or an error. It goes with every command that fetches credentials.

In a step of GitHub Actions, masks come first and are for its log, the rest is
for the file of its environment:
  jcfetch env dev --format github |
    awk '/^::add-mask::/ { print; next } { print >> ENVIRON["GITHUB_ENV"] }'
`,
  process: `jcfetch process NAME [--min-ttl TIME]

  credential_process = /usr/local/bin/jcfetch process dev

Prints what AWS's tools and SDKs expect of a credential_process. jcfetch
configure writes that line.
It ends within 20 seconds, or within a minute where a sign-in of jcfetch login
is refreshed first. A role that needs your browser may take a minute and a half:
one that asks for your approval shows two digits on the terminal, for you to
type into the extension.
`,
  json: `jcfetch json NAME

  jcfetch json dev | jq -r .accessKeyId

Prints the credentials and the role they are for as JSON.
`,
  dotenv: `jcfetch dotenv NAME

  jcfetch dotenv dev > .env

Prints lines of a .env file. What you write to a disk is yours to remove; it
ends with its expiry.
`,
  pair: `jcfetch pair [--broker ADDRESS] [--keyring]

  jcfetch pair
  ssh build-42 -t jcfetch pair

Asks for the code that the extension shows under Terminals, Pair a terminal; the
code is good for two minutes and one try. Then shows three words, which you type
into the extension, where you also choose the roles. The code is never an
argument: it can come from standard input.

The code says where the broker is. Where this host reaches it at another
address, add that one, https or loopback; as through
ssh -R 8788:127.0.0.1:8787 build-42
  jcfetch pair --broker http://127.0.0.1:8788
It stays the same broker: one that the code does not name is refused.

The terminal's keys are in a file for you alone (~/.config/jcfetch/device.json).
With --keyring that file is sealed under a key of the system's keyring, and a
copy of it opens nothing.
`,
  ...PROFILE_TOPICS,
  setup: `jcfetch setup [--port NUMBER] [--keyring] [--json]

  jcfetch setup

Starts the local broker, prints one code and waits for up to ten minutes. Paste
the code into the extension (Terminals): it connects there, shows this terminal,
and you choose the roles it may use. Then writes a profile for each of them and
fetches once. For browser, broker and terminal on one computer; a terminal
elsewhere is paired with jcfetch pair. With --keyring the system's keyring
guards the keys of both.
`,
  broker: `jcfetch broker start | stop | status | enrol | logs

  jcfetch broker start [--port NUMBER] [--keyring] [--at-login | --no-at-login]
  jcfetch broker stop [--at-login]
  jcfetch broker status [--json]
  jcfetch broker enrol
  jcfetch broker logs [--follow] [-n NUMBER]

A broker on this computer, for your user alone. It listens on 127.0.0.1 (port
8787 unless you say otherwise, and the same one from then on) and nowhere else,
and starts again by itself after a crash.
start      does nothing where it runs already. With another --port it is at
           another address: who is connected to it must connect anew. Its keys
           are in a file for you alone; with --keyring, in the system's keyring.
           With --at-login it starts whenever you sign in, until --no-at-login.
stop       ends it; with --at-login it starts no more at sign-in, too
status     whether it runs, since when, where its keys and its state are, and
           who can open them; exit code 3 when it does not run
enrol      prints a one-use code that connects one extension
logs       one line for each request: path, status, code, milliseconds, trace.
           Never who, what or which role.
`,
  status: `jcfetch status [--json]

  jcfetch status
  jcfetch status >/dev/null || jcfetch login

Shows three clocks: of the portal session, of a sign-in's token, and of each
role the agent holds; and how long this terminal's permission lasts, and whether
the broker answers.
Ends with 0 where credentials can be had right now, else with the exit code that
commands have for what stands in the way. With --json, "ready" says the same,
and "problem" has its code, what is wrong and what to do.
`,
  audit: `jcfetch audit [verify] [--json]

  jcfetch audit
  jcfetch audit verify

Lists the newest of what this terminal has asked for, and how it ended. Of your
other terminals only the number of entries is shown; the extension shows those,
under Terminals, Activity.
verify reads everything the broker keeps and checks that it is one unbroken
chain, signed by the broker, that contains the place this terminal has seen
last: a broker that was set back or edited cannot show one.
`,
  ...SESSION_TOPICS,
  ...AGENT_TOPICS,
  help: USAGE,
  ...USE_TOPICS,
  ...COMFORT_TOPICS,
  exit: `Exit codes of jcfetch

   0  done
   1  a mistake in jcfetch or the broker
   2  the command, or what was sent, does not fit
   3  this terminal is not paired, or not any more; of broker status: none runs
   4  this terminal is locked, or the broker was set back
   5  the role is not allowed
   6  sign in at the access portal, or open the browser
   7  try again later: broker or AWS do not answer, or ask for patience
   8  pairing did not come about
   9  the broker's answer could not be trusted
  10  a profile or a file does not fit
  11  a file cannot be written
  12  of several commands that were run, one failed
 126  the command that was to be run is no program
 127  the command that was to be run is not there

jcfetch exec ends as its command does: with the same code, or with 128 and the
number of the signal that ended it.
`,
};

export const TOPIC_NAMES = Object.keys(TOPICS);

/** @returns `undefined` for a topic that is not there. */
export function helpOn(topic: string | undefined): string | undefined {
  if (topic === undefined) return USAGE;
  return Object.hasOwn(TOPICS, topic) ? TOPICS[topic] : undefined;
}
