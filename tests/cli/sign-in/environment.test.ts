import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { chooseFlow, type Surroundings, surroundings } from "../../../cli/src/sign-in/environment.ts";
import { openersFor } from "../../../cli/src/sign-in/opener.ts";

const URL_OF_AWS = "https://oidc.us-east-1.amazonaws.com/authorize?response_type=code&state=a%2Fb&scopes=c";

const desktop: Surroundings = {
  env: { DISPLAY: ":0" },
  platform: "linux",
  container: false,
  wsl: false,
  has: (program) => program === "xdg-open",
};
const wsl: Surroundings = { ...desktop, env: {}, wsl: true, has: (program) => program === "cmd.exe" };
const flowIn = (around: Partial<Surroundings>, flags = {}) =>
  chooseFlow({ ...desktop, ...around }, { deviceCode: false, ...flags });

describe("the way to sign in", () => {
  it.each<[string, Partial<Surroundings>]>([
    ["a desktop of X", {}],
    ["one of Wayland", { env: { WAYLAND_DISPLAY: "wayland-0" } }],
    ["a Mac", { platform: "darwin", env: {} }],
    ["Windows", { platform: "win32", env: {} }],
    ["a WSL that can open a browser of Windows", wsl],
    ["a host without a screen whose BROWSER says how to open one", { env: { BROWSER: "forward" } }],
  ])("[DM3] is the browser on %s", (_what, around) => {
    expect(flowIn(around)).toEqual({ flow: "pkce" });
  });

  it.each<[string, Partial<Surroundings>, RegExp]>([
    ["over SSH", { env: { DISPLAY: ":0", SSH_CONNECTION: "10.1.2.3 1 10.1.2.4 22" } }, /SSH/],
    ["over SSH with a terminal alone", { env: { SSH_TTY: "/dev/pts/1" } }, /SSH/],
    ["over SSH into a Mac", { platform: "darwin", env: { SSH_CLIENT: "10.1.2.3 1 22" } }, /SSH/],
    ["in a container", { container: true }, /container/],
    ["in a codespace, which also sets BROWSER", { env: { CODESPACES: "true", BROWSER: "x" } }, /codespace/],
    ["in Gitpod", { env: { GITPOD_WORKSPACE_ID: "x" } }, /Gitpod/],
    ["in a cloud shell", { env: { AWS_EXECUTION_ENV: "CloudShell" } }, /AWS/],
    ["in another cloud shell", { env: { CLOUD_SHELL: "true" } }, /cloud shell/],
    ["in a WSL without a way out", { ...wsl, has: () => false }, /WSL/],
    ["without a screen", { env: {} }, /screen/],
    ["with an empty DISPLAY", { env: { DISPLAY: "" } }, /screen/],
  ])("[DM3] is the device code %s, and the reason is said", (_what, around, why) => {
    const choice = flowIn(around);
    expect(choice.flow).toBe("device-code");
    expect(choice.why).toMatch(why);
  });

  it("[DM3] is what the person says", () => {
    expect(flowIn({}, { deviceCode: true })).toEqual({ flow: "device-code" });
    expect(flowIn({ env: { SSH_TTY: "/dev/pts/1" } }, { browser: "firefox" })).toEqual({ flow: "pkce" });
  });
});

const openers = (around: Partial<Surroundings>, browser?: string) =>
  openersFor({ ...desktop, ...around }, URL_OF_AWS, browser);

describe("where this program runs", () => {
  const at = (env: Record<string, string>, platform = "linux") => surroundings({ env, platform });

  it("[DM3] is a WSL where Windows says so, and only on Linux", () => {
    expect(at({ WSL_DISTRO_NAME: "Debian" }).wsl).toBe(true);
    expect(at({ WSL_DISTRO_NAME: "Debian" }, "win32").wsl).toBe(false);
    expect(at({ WSL_DISTRO_NAME: "Debian" }, "darwin").wsl).toBe(false);
  });

  it.each([{ REMOTE_CONTAINERS: "true" }, { container: "podman" }, { KUBERNETES_SERVICE_HOST: "10.0.0.1" }])(
    "[DM3] is a container with %j",
    (env) => {
      expect(at(env).container).toBe(true);
      expect(at(env, "win32").container).toBe(false);
    },
  );

  it("[DM3] finds Windows's programs on the path, of which WSL makes its own a part", () => {
    const folder = mkdtempSync(join(tmpdir(), "jcfetch-programs-"));
    try {
      writeFileSync(join(folder, "cmd.exe"), "", { mode: 0o755 });
      writeFileSync(join(folder, "wslview"), "", { mode: 0o644 });
      const { has } = at({ PATH: `/nowhere${delimiter}${folder}` });
      expect([has("cmd.exe"), has("wslview"), has("rundll32.exe")]).toEqual([true, false, false]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("what opens the browser", () => {
  it("[DM4] is the system's own, with the address as one argument", () => {
    expect(openers({})).toEqual([["xdg-open", URL_OF_AWS]]);
    expect(openers({ has: (program) => program === "gio" })).toEqual([["gio", "open", URL_OF_AWS]]);
    expect(openers({ has: () => false })).toEqual([]);
    expect(openers({ platform: "darwin" })).toEqual([["/usr/bin/open", URL_OF_AWS]]);
    expect(openers({ platform: "win32" })).toEqual([
      ["rundll32.exe", "url.dll,FileProtocolHandler", URL_OF_AWS],
    ]);
  });

  it("[DM4] is Windows's in a WSL, best first, and its shell gets nothing it would take for a second command", () => {
    const all = openers({ ...wsl, has: () => true });
    expect(all.map(([program]) => program)).toEqual(["wslview", "cmd.exe", "rundll32.exe"]);
    expect(all[0]).toEqual(["wslview", URL_OF_AWS]);
    expect(all[1]).toEqual(["cmd.exe", "/c", "start", "", URL_OF_AWS.replaceAll("&", "^&")]);
    expect(all[1]!.at(-1)).not.toMatch(/(?<!\^)&/);
  });

  it("[DM4] is what --browser says, or what BROWSER lists before the system's own", () => {
    expect(openers({ env: { BROWSER: "other" } }, "firefox -P work")).toEqual([
      ["firefox", "-P", "work", URL_OF_AWS],
    ]);
    expect(openers({}, "chromium --new-window %s --incognito")).toEqual([
      ["chromium", "--new-window", URL_OF_AWS, "--incognito"],
    ]);
    const path = "C:\\Program Files\\Firefox\\firefox.exe";
    const windows = { platform: "win32", env: { BROWSER: `"${path}" -P work;other.exe` } };
    expect(openers(windows)).toEqual([
      [path, "-P", "work", URL_OF_AWS],
      ["other.exe", URL_OF_AWS],
      ["rundll32.exe", "url.dll,FileProtocolHandler", URL_OF_AWS],
    ]);
    expect(openers({ env: { BROWSER: "first:second %s" } })).toEqual([
      ["first", URL_OF_AWS],
      ["second", URL_OF_AWS],
      ["xdg-open", URL_OF_AWS],
    ]);
  });
});
