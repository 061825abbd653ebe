/** Help on the commands that use credentials. */
export const USE_TOPICS: Readonly<Record<string, string>> = {
  exec: `jcfetch exec NAME [--static] [--min-ttl TIME] [-- COMMAND …]

  jcfetch exec dev -- terraform apply
  jcfetch exec dev                                a shell

Runs a command as the role, and ends as it does. Nothing is started before the
credentials are there. What was in the environment of other AWS credentials is
taken out; the region is the profile's.
The command gets no keys but an address on this computer's loopback, and a
token, where AWS's SDKs ask for keys as long as it runs: they are renewed before
they end. With --static it gets keys, which end with their expiry.
JCFETCH_PROFILE says to the command, or to the prompt of a shell, which role it
is. Where you have signed in here with jcfetch login, --session NAME takes that
sign-in for a role by its name; so it does in run, serve, console and use.
Signals go on to the command, and jcfetch ends as it does: jcfetch help exit
`,
  run: `jcfetch run PROFILE… [--jobs NUMBER] [--fail-fast] [--static] [--json]
            -- COMMAND …

  jcfetch run 'prod-*' -- aws s3 ls
  jcfetch run -p 'prod-*' -p staging --jobs 4 -- terraform plan

Runs a command once as each role, eight at one time unless --jobs says
otherwise. PROFILE is a name, or has * and ? in it; put it into quotes. What a
command has written comes in one piece when it has ended, under its profile's
name; how all of them ended comes last, on stderr. Ends with 0 if all did, with
12 if one did not.
With --fail-fast the first that fails ends the others. With --json all of it
comes as data.
`,
  serve: `jcfetch serve NAME… [--port NUMBER] [--token-file PATH] [--min-ttl TIME]
              [--json]

  jcfetch serve dev prod

Serves credentials to programs that jcfetch has not started, as AWS's SDKs ask
for them in a container: on this computer's loopback alone, each role under an
address and a token of its own. Prints for each role the two variables that a
program needs. Whoever has them has the role for as long as this command runs.
For one role, --token-file puts the token into a file for you alone, which goes
with this command, in place of printing it: SDKs take its path as
AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE. A file that holds anything else stays,
and the command is refused.
From a container that shares this computer's network, or through
ssh -R 9911:127.0.0.1:PORT, the same works there.
`,
  console: `jcfetch console [SERVICE | ARN | ADDRESS] [--profile NAME] [--region REGION]
                [--url]

  jcfetch console --profile dev
  jcfetch console s3 -p dev
  jcfetch console arn:aws:lambda:eu-west-1:111122223333:function:orders -p dev

Opens the AWS console in your browser as the role: its home, the page of a
service, of one resource, or an address of the console. The address that signs
you in is a secret; your browser gets it by way of this computer's loopback,
once. With --url it is printed instead, for a browser elsewhere: whoever opens
it within 15 minutes is signed in.
`,
  "shell-init": `jcfetch shell-init bash | zsh | fish | powershell

  eval "$(jcfetch shell-init bash)"          in ~/.bashrc; for zsh in ~/.zshrc
  jcfetch shell-init fish | source           in ~/.config/fish/config.fish
  jcfetch shell-init powershell | Out-String | Invoke-Expression

Prints functions for your shell, by which jcfetch use and jcfetch unset reach
it. Your prompt stays as it is.
`,
  use: `jcfetch use NAME [--min-ttl TIME]

  jcfetch use dev
  jcfetch unset

Puts the role's keys and region into this very shell, and takes out what would
contradict them. jcfetch unset puts everything back as it was before.
Needs once: jcfetch help shell-init
`,
  unset: `jcfetch unset

Puts back what jcfetch use has changed in this shell: every variable as it was,
also those there were not.
`,
};
