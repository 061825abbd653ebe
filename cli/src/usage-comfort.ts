/** Help on what makes the work easier. */
export const COMFORT_TOPICS: Readonly<Record<string, string>> = {
  completion: `jcfetch completion bash | zsh | fish | powershell

  eval "$(jcfetch completion bash)"          in ~/.bashrc
  eval "$(jcfetch completion zsh)"           in ~/.zshrc, after compinit
  jcfetch completion fish > ~/.config/fish/completions/jcfetch.fish
  jcfetch completion powershell | Out-String | Invoke-Expression

Completes commands, options, profiles and roles, from the files of this terminal
alone: nobody is asked, and nothing waits for a network.
`,
  doctor: `jcfetch doctor [--fix] [--json]

  jcfetch doctor
  jcfetch doctor --fix

Looks at all that credentials depend on: ~/.aws/config, the agent, proxy and
certificates, this computer's clock, the access portal, its region and JumpCloud
behind it, the broker, the extension, sign-ins, and up to three of your roles,
for which it asks AWS. Roles that ask for your approval are left alone. Says of
each what is wrong and what to type. With --fix it does what it can itself:
start a broker that does not run, end an agent of another version. Ends with 0
if nothing is wrong, else with 10. With --json:
{"ok": …, "findings": [{"check", "state", "what", "next", "fixable"}]}
`,
  prompt: `jcfetch prompt [--json]

  PS1='$(jcfetch prompt) \\$ '               bash; for zsh: setopt PROMPT_SUBST
  [custom.jcfetch]                          Starship
  command = "jcfetch prompt"
  when = true

Prints who this shell is and for how long, as dev 58m, and nothing where nothing
lives. In the last five minutes it ends with an exclamation mark. Asks nobody
but the environment, the files, and an agent that runs already: it starts none,
uses no network, and never fails.
`,
  picker: `Choosing a profile

  eval "$(jcfetch env)"                           without NAME, on a terminal
  jcfetch env

Where a command needs a profile and none is named, you choose: type a few
letters of its name, role, account or tags, in any order, each word for itself.
What you take often stands first. It works without a network.
Keys: ↑ ↓ or Ctrl-P Ctrl-N or Tab to move, Page Up, Page Down, Home, End, Enter
to take, Esc clears and then leaves.
Tags are yours to write: a line "jcfetch_tags = prod, eu" in the profile, in
~/.aws/config.
AWS_PROFILE counts as named. A program that runs jcfetch process is never asked.
`,
  network: `Proxies and certificates

  HTTPS_PROXY=http://proxy.example:3128      also https_proxy, ALL_PROXY
  NO_PROXY=.corp.example                     hosts that are left out
  AWS_CA_BUNDLE=/etc/ssl/company.pem         also NODE_EXTRA_CA_CERTS, and
                                             ca_bundle in ~/.aws/config

Where your company looks into encrypted connections, jcfetch must know the
authority it does so with: one that this computer trusts is enough, or a file in
PEM that one of these names. They add to what is trusted anyhow. What is not
trusted is named in the error. Calls to this very computer, as to a local
broker, never go through a proxy.
An agent that runs keeps what it was started with: after a change,
jcfetch agent stop.
The broker of this computer asks AWS itself, and knows no proxy: where there is
no other way out, let the browser ask (relay mode), or sign in with jcfetch
login.
`,
};
