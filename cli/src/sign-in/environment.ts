import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Flow } from "@jcfetch/shared/aws/oidc-client";
import type { Host } from "../host.ts";

/** What decides where the person's browser is. */
export interface Surroundings {
  readonly env: Host["env"];
  readonly platform: string;
  readonly container: boolean;
  /** Linux inside Windows: the browser is Windows's. */
  readonly wsl: boolean;
  /** Whether a program of this name can be run. */
  readonly has: (program: string) => boolean;
}

export interface Choice {
  readonly flow: Flow;
  /** Why not the simpler one; for the person. */
  readonly why?: string;
}

export interface SignInFlags {
  readonly deviceCode: boolean;
  /** A browser that was named: it is there, wherever this is. */
  readonly browser?: string;
}

const REMOTE = ["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"];
const HOSTED: Readonly<Record<string, string>> = {
  CODESPACES: "this is a codespace",
  GITPOD_WORKSPACE_ID: "this is a Gitpod workspace",
  CLOUD_SHELL: "this is a cloud shell",
  AWS_EXECUTION_ENV: "this is one of AWS's own environments",
};

/**
 * [DM3] A browser can only come back to this program where both run on one computer and share its loopback address. Where that
 * is not sure the device code is used, which works from any browser.
 */
export function chooseFlow(around: Surroundings, { deviceCode, browser }: SignInFlags): Choice {
  const { env, platform, container, wsl } = around;
  const byCode = (why: string): Choice => ({ flow: "device-code", why });
  if (deviceCode) return { flow: "device-code" };
  if (browser !== undefined) return { flow: "pkce" };
  if (REMOTE.some((name) => isSet(env, name))) return byCode("this is an SSH session");
  const hosted = Object.keys(HOSTED).find((name) => isSet(env, name));
  if (hosted !== undefined) return byCode(HOSTED[hosted]!);
  if (container) return byCode("this is a container");
  if (isSet(env, "BROWSER")) return { flow: "pkce" };
  if (wsl) {
    return WSL_OPENERS.some(around.has)
      ? { flow: "pkce" }
      : byCode("this WSL has no way to open a browser of Windows");
  }
  const seesNoScreen = !isSet(env, "DISPLAY") && !isSet(env, "WAYLAND_DISPLAY");
  if (platform === "linux" && seesNoScreen) return byCode("there is no screen here");
  return { flow: "pkce" };
}

export const WSL_OPENERS = ["wslview", "cmd.exe", "rundll32.exe"] as const;

export const isSet = (env: Host["env"], name: string): boolean => (env[name] ?? "") !== "";

/** Where this program runs. */
export function surroundings({ env, platform }: Pick<Host, "env" | "platform">): Surroundings {
  const wsl =
    platform === "linux" && (isSet(env, "WSL_DISTRO_NAME") || /microsoft/i.test(textOf("/proc/version")));
  return {
    env,
    platform,
    wsl,
    container: platform === "linux" && isContainer(env),
    has: (program) => (env.PATH ?? "").split(delimiter).some((folder) => isProgram(join(folder, program))),
  };
}

const isContainer = (env: Host["env"]): boolean =>
  ["container", "KUBERNETES_SERVICE_HOST", "REMOTE_CONTAINERS"].some((name) => isSet(env, name)) ||
  ["/.dockerenv", "/run/.containerenv"].some((path) => existsSync(path));

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
