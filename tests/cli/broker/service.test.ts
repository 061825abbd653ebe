import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { brokerStateDir, servicePath } from "../../../cli/src/broker/place.ts";
import {
  installCommands,
  launchdPlist,
  removeCommands,
  serviceText,
  systemdUnit,
  windowsTask,
} from "../../../cli/src/broker/service.ts";

/** Everything that one of the three formats has to quote. */
const ODD = `/opt/a b/50% "of" $HOME\\x & <y>`;
const asNode = {
  host: { words: ["/usr/bin/node", "/opt/jc/broker/host.mjs"], env: {} },
  stateDir: "/home/ana/.local/state/jcfetch/broker",
} as const;
const odd = {
  host: { words: [ODD, "--no-install", "/opt/host.mjs"], env: { BUN_BE_BUN: "1" } },
  stateDir: ODD,
  workerd: ODD,
} as const;

const ANALYZE = "/usr/bin/systemd-analyze";

describe("the service for systemd", () => {
  it("is one that systemd takes without a word", (context) => {
    if (!existsSync(ANALYZE)) context.skip("there is no systemd to ask");
    const folder = mkdtempSync(join(tmpdir(), "jcfetch-unit-"));
    try {
      const path = join(folder, "jcfetch-broker.service");
      const real = {
        ...asNode,
        host: { ...asNode.host, words: [process.execPath, import.meta.filename] as const },
      };
      writeFileSync(path, systemdUnit(real));
      const verify = [ANALYZE, "verify", "--user", path] as const;
      const said = execFileSync("/bin/sh", ["-c", '"$0" "$@" 2>&1', ...verify], {
        encoding: "utf8",
        env: { ...process.env, XDG_RUNTIME_DIR: folder },
      });
      expect(said).toBe("");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("quotes what systemd would read as its own", () => {
    const unit = systemdUnit(odd);
    const quoted = String.raw`"/opt/a b/50%% \"of\" $$HOME\\x & <y>"`;
    expect(unit).toContain(`ExecStart=${quoted} "--no-install" "/opt/host.mjs" "run" "--state" ${quoted}`);
    expect(unit).toContain(String.raw`Environment="JCFETCH_WORKERD=/opt/a b/50%% \"of\" $HOME\\x & <y>"`);
    expect(unit).toContain('Environment="BUN_BE_BUN=1"');
  });

  it("[LB2] leaves no file and no core to others, and gains no right", () => {
    const lines = systemdUnit(asNode).split("\n");
    for (const line of ["UMask=0077", "LimitCORE=0", "NoNewPrivileges=yes", "Restart=on-failure"]) {
      expect(lines).toContain(line);
    }
  });
});

describe("the services for launchd and Windows", () => {
  it.each([
    ["launchd", launchdPlist(odd)],
    ["Windows", windowsTask(odd)],
  ])("%s: are well-formed, with every word as it was", (_, text) => {
    const read = `import sys, xml.etree.ElementTree as t; print("\\x00".join(e.text or "" for e in t.fromstring(sys.stdin.read().split("?>",1)[1]).iter()))`;
    const words = execFileSync("/usr/bin/python3", ["-c", read], { input: text, encoding: "utf8" });
    expect(words).toContain(
      _ === "launchd" ? ODD : `--no-install /opt/host.mjs run --state "/opt/a b/50% \\"of\\"`,
    );
  });

  it("[LB2] launchd starts it with files for its owner alone, and again after a crash only", () => {
    const plist = launchdPlist(asNode);
    expect(plist).toMatch(/<key>Umask<\/key>\s*<integer>63<\/integer>/);
    expect(plist).toMatch(/<key>KeepAlive<\/key>\s*<dict>\s*<key>SuccessfulExit<\/key>\s*<false\/>/);
  });

  it("Windows is told in its own encoding", () => {
    expect([...serviceText("win32", asNode).subarray(0, 4)]).toEqual([0xff, 0xfe, 0x3c, 0x00]);
    expect(windowsTask(asNode)).toContain("<Command>/usr/bin/node</Command>");
    expect(windowsTask(odd)).toContain("<Command>cmd.exe</Command>");
  });
});

describe("the system's commands", () => {
  it.each(["linux", "darwin", "win32"])(
    "%s: name this user's service and never the whole system's",
    (platform) => {
      const all = [...installCommands(platform, "/path", 501), ...removeCommands(platform)];
      for (const words of all) {
        expect(words.join(" ")).toMatch(/--user|gui\/501|schtasks/);
        expect(words.join(" ")).not.toMatch(/sudo|--system|\/ru\b/);
      }
    },
  );
});

describe("the place of the state", () => {
  const place = { home: "/home/ana", env: {} };
  it.each([
    ["linux", {}, "/home/ana/.local/state/jcfetch/broker"],
    ["linux", { XDG_STATE_HOME: "/var/ana" }, "/var/ana/jcfetch/broker"],
    ["linux", { XDG_STATE_HOME: "relative" }, "/home/ana/.local/state/jcfetch/broker"],
    ["darwin", { XDG_STATE_HOME: "/var/ana" }, "/home/ana/Library/Application Support/jcfetch/broker"],
    ["win32", { LOCALAPPDATA: "/c/ana" }, "/c/ana/jcfetch/broker"],
  ])("[LB2] on %s with %j is %s", (platform, env, path) => {
    expect(brokerStateDir({ ...place, env, platform })).toBe(path);
  });

  it("has the service where the system looks", () => {
    expect(servicePath({ ...place, platform: "linux" })).toBe(
      "/home/ana/.config/systemd/user/jcfetch-broker.service",
    );
    expect(servicePath({ ...place, platform: "darwin" })).toMatch(
      /LaunchAgents\/dev\.jcfetch\.broker\.plist$/,
    );
  });
});
