export const PROFILE_TOPICS = {
  profiles: `jcfetch profiles [list | sync | diff | prune | undo] [--json]

  jcfetch profiles
  jcfetch profiles diff
  jcfetch profiles sync --region eu-central-1
  jcfetch profiles sync --template 'acme-{account}-{role:lower}' --yes
  jcfetch profiles prune
  jcfetch profiles undo

list       the profiles that jcfetch wrote, and the roles that have none yet.
           Asks nobody.
diff       what sync would write
sync       a profile for every role this terminal may use, or that the portal
           lists: shows what is new and asks before it writes (--yes does not
           ask). Profiles made with jcfetch configure stay as they are; no name
           of anybody else's is taken, and two roles of one name get none and
           are named.
prune      removes profiles whose role is gone, once you have seen which
undo       takes the last change of jcfetch's profiles back; five of them, one
           after another

--template T    names of profiles, made of {account} {account_name} {role}
                {portal}; {role:lower} in lower case. Without it
                {account}_{role}, or what sync was told last. A pairing knows no
                names of accounts.
--region R, --output O, --style S
                for all profiles of sync, as jcfetch configure takes them
--session NAME  the roles of the portal that this terminal signs in at by itself
                (jcfetch login), read from AWS at its own pace; stopped, it goes
                on where it was. After a pairing, with --style sso-session: what
                AWS's tools call the sign-in at that portal

Before each change the file is copied to config.jcfetch-backup-NUMBER beside it;
the last five copies stay.
`,
  configure: `jcfetch configure [--profile NAME] [--account ID --role NAME]
                  [--region REGION] [--output FORMAT] [--session NAME]
                  [--style credential_process | sso-session]

  jcfetch configure
  jcfetch configure --account 111122223333 --role PowerUser
  jcfetch configure --profile dev --account 111122223333 --role PowerUser \\
    --region eu-central-1

Writes a profile into ~/.aws/config (or AWS_CONFIG_FILE), between two marker
lines at its end; every other byte of the file stays as it is. With --account
and --role it asks nothing. Where this terminal is not paired, it asks for the
start URL of your portal, signs in there (jcfetch login) and offers your
accounts and roles.
To take it back: jcfetch profiles undo
FORMAT is what AWS's tools print: json, yaml, yaml-stream, text or table.
With --session NAME, the profile goes by that sign-in of this terminal and not
by its pairing.
With --style sso-session, AWS's tools do not run jcfetch for the profile but
sign in by themselves (aws sso login).
`,
  trust: `jcfetch trust [FOLDER]

  echo '{"profile": "dev"}' > .jcfetch.json
  jcfetch trust

Where no profile is named and AWS_PROFILE is not set, the nearest .jcfetch.json,
in this folder or one above it, chooses it: {"profile": "NAME"} or
{"account": "ID", "role": "NAME"}. jcfetch asks before it follows one for the
first time, and again when it has changed; where nobody can be asked, it refuses
until you have said jcfetch trust.
`,
  untrust: `jcfetch untrust [FOLDER]

Takes back what jcfetch trust said of the nearest .jcfetch.json.
`,
};
