import type { HostCommand } from "./host-program.ts";

/*
 * What the system is told, so that it starts the broker when this user signs in: a text and the commands that hand it over.
 * Pure: nothing here touches the system.
 */

export interface Service {
  readonly host: HostCommand;
  readonly stateDir: string;
  /** `JCFETCH_WORKERD`, if the broker was started with one. */
  readonly workerd?: string;
}

const wordsOf = ({ host, stateDir }: Service): readonly string[] => [
  ...host.words,
  "run",
  "--state",
  stateDir,
];

const envOf = ({ host, workerd }: Service): readonly (readonly [string, string])[] =>
  Object.entries({ ...host.env, ...(workerd === undefined ? {} : { JCFETCH_WORKERD: workerd }) });

/**
 * A unit of the user's own service manager. Only such hardening as works without namespaces, which a user manager often may
 * not make.
 *
 * @source systemd.service(5), systemd.exec(5), systemd.syntax(7) on quoting.
 */
export function systemdUnit(service: Service): string {
  const quoted = (text: string): string =>
    `"${text.replaceAll(/["\\]/g, "\\$&").replaceAll("%", "%%").replaceAll("$", "$$$$")}"`;
  const environment = envOf(service).map(
    ([name, value]) => `Environment=${quoted(`${name}=${value}`).replaceAll("$$", "$")}`,
  );
  return `[Unit]
Description=jcfetch: AWS role credentials for the terminals of this computer

[Service]
ExecStart=${wordsOf(service).map(quoted).join(" ")}
${environment.map((line) => `${line}\n`).join("")}Restart=on-failure
RestartSec=2
# It has said why it does not start, and would say it again.
RestartPreventExitStatus=1
TimeoutStopSec=15
UMask=0077
LimitCORE=0
NoNewPrivileges=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictNamespaces=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
SystemCallArchitectures=native

[Install]
WantedBy=default.target
`;
}

const xml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** @source launchd.plist(5) */
export function launchdPlist(service: Service): string {
  const strings = wordsOf(service).map((word) => `    <string>${xml(word)}</string>\n`);
  const variables = envOf(service).map(
    ([name, value]) => `    <key>${xml(name)}</key>\n    <string>${xml(value)}</string>\n`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>dev.jcfetch.broker</string>
  <key>ProgramArguments</key>
  <array>
${strings.join("")}  </array>
  <key>EnvironmentVariables</key>
  <dict>
${variables.join("")}  </dict>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>ProcessType</key>
  <string>Background</string>
  <key>Umask</key>
  <integer>${0o077}</integer>
  <key>HardResourceLimits</key>
  <dict>
    <key>Core</key>
    <integer>0</integer>
  </dict>
</dict>
</plist>
`;
}

/** @source Task Scheduler Schema 1.2; the quoting of CommandLineToArgvW. */
export function windowsTask(service: Service): string {
  const quoted = (word: string): string => (/[\s"]/.test(word) ? `"${word.replaceAll('"', '\\"')}"` : word);
  const [program, ...words] = wordsOf(service) as [string, ...string[]];
  const line = words.map(quoted).join(" ");
  const sets = envOf(service).map(([name, value]) => `set "${name}=${value}"&& `);
  const [command, args] =
    sets.length === 0
      ? [program, line]
      : ["cmd.exe", `/d /s /c "${sets.join("")}${quoted(program)} ${line}"`];
  return `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>jcfetch: AWS role credentials for the terminals of this computer</Description>
  </RegistrationInfo>
  <Triggers>
    <LogonTrigger>
      <Enabled>true</Enabled>
    </LogonTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Hidden>true</Hidden>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>3</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>${xml(command)}</Command>
      <Arguments>${xml(args)}</Arguments>
    </Exec>
  </Actions>
</Task>
`;
}

/** The text for a platform, in the bytes its manager reads. */
export function serviceText(platform: string, service: Service): Buffer {
  if (platform === "darwin") return Buffer.from(launchdPlist(service));
  if (platform === "win32") return Buffer.from(`\ufeff${windowsTask(service)}`, "utf16le");
  return Buffer.from(systemdUnit(service));
}

const UNIT = "jcfetch-broker.service";
const TASK = "jcfetch broker";

/** What to run, in turn, once the text lies at `path`: the broker then runs. */
export function installCommands(
  platform: string,
  path: string,
  uid: number | undefined,
): readonly string[][] {
  if (platform === "darwin") return [["launchctl", "bootstrap", `gui/${uid}`, path]];
  if (platform === "win32") {
    return [
      ["schtasks", "/create", "/tn", TASK, "/xml", path, "/f"],
      ["schtasks", "/run", "/tn", TASK],
    ];
  }
  return [
    ["systemctl", "--user", "daemon-reload"],
    ["systemctl", "--user", "enable", UNIT],
    ["systemctl", "--user", "start", UNIT],
  ];
}

/** What to run before the text at `path` goes; a broker that runs goes on. */
export function removeCommands(platform: string): readonly string[][] {
  if (platform === "darwin") return []; // the file is all there is; what it has started is ended as everywhere
  if (platform === "win32") return [["schtasks", "/delete", "/tn", TASK, "/f"]];
  return [["systemctl", "--user", "disable", UNIT]];
}
