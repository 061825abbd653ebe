export const AGENT_TOPICS = {
  agent: `jcfetch agent start | stop | status | lock | unlock | share | socket

  jcfetch agent start [--idle TIME]
  jcfetch agent status [--json]
  jcfetch agent lock
  jcfetch agent share NAME… [--for TIME] [--path PATH] [--session NAME]
                      [--json]
  jcfetch agent share --list [--json]
  jcfetch agent share --end [--path PATH]

The agent holds role credentials in memory, never on a disk, and renews those in
use 15 minutes before they end. It is started by the first command that needs
credentials, is met by your user alone, serves every terminal of this computer
with one call to AWS for each role, and ends by itself when it is of no use.
start      with --idle 30m it locks by itself when nobody has asked for so long;
           --idle 0s ends that
stop       ends it, with what it holds and what it shares; the next command that
           needs one starts it again
status     since when, how much memory, which roles and for how long, what is
           shared; never a value. Ends with 7 where JCFETCH_AGENT names one
           that does not answer
lock       drops what it holds, and nothing more is given until you unlock it,
           not even after a logout
unlock     in a terminal only
share      opens another socket, for the roles you name and nothing else, and
           prints its path: for another host, by ssh -R, or for a container. It
           ends after 8 hours, or as --for says (30m, up to 24h); the same roles
           have the same path each time. --path puts it elsewhere, --list shows
           what is shared, --end ends it. Roles that ask for your approval are
           not shared.
socket     prints where its own socket is, which gives everything you have

  ssh -R /home/ana/.jcfetch.sock:"$(jcfetch agent share dev)" build-42
  build-42$ export JCFETCH_AGENT=~/.jcfetch.sock
  build-42$ jcfetch exec 111122223333/PowerUser -- aws s3 ls

JCFETCH_AGENT=off has every command do the work itself. JCFETCH_AGENT=PATH uses
the agent at that socket, as one that ssh -R has forwarded, and starts none.
Other programs can ask it too:
  curl -fsS --unix-socket PATH http://localhost/credentials/ACCOUNT/ROLE
`,
};
