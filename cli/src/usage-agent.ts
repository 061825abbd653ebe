export const AGENT_TOPICS = {
  agent: `jcfetch agent start | stop | status | lock | unlock

  jcfetch agent start [--idle TIME]
  jcfetch agent status [--json]
  jcfetch agent lock

The agent holds role credentials in memory, never on a disk, and renews those in use 15 minutes before they
end. It is started by the first command that needs credentials, is met by your user alone, serves every terminal
of this computer with one call to AWS for each role, and ends by itself when it is of no use.
start      with --idle 30m it locks by itself when nobody has asked for so long; --idle 0s ends that
stop       ends it, and with it what it holds; the next command that needs one starts it again
status     since when, how much memory, which roles and for how long; never a value
lock       drops what it holds, and nothing more is given until you unlock it, or log out
unlock     in a terminal only

JCFETCH_AGENT=off has every command do the work itself. JCFETCH_AGENT=PATH uses the agent at that socket, as one
that ssh -R has forwarded, and starts none. Other programs can ask it too:
  curl -fsS --unix-socket PATH http://localhost/credentials/ACCOUNT/ROLE
`,
};
