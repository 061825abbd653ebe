import { spawn } from "node:child_process";
import { SECOND_MS } from "@jcfetch/shared/time";
import { isSet, type Surroundings, WSL_OPENERS } from "./environment.ts";

/** A program and its arguments, one of which is the address. */
export type Opener = readonly [string, ...string[]];

/**
 * What can open a browser here, best first. The address is one argument and holds no secret. No shell reads it, but for
 * Windows's own, which is given nothing it would read as more than a word.
 *
 * @source `BROWSER`: xdg-open(1), Python `webbrowser`. WSL: wslu; `start` and `url.dll` are Windows's.
 */
export function openersFor(
  { env, platform, wsl, has }: Surroundings,
  url: string,
  browser?: string,
): readonly Opener[] {
  if (browser !== undefined) return [commandOf(browser, url)];
  const named = (env.BROWSER ?? "")
    .split(platform === "win32" ? ";" : ":")
    .filter((one) => one.trim() !== "");
  const system = (): readonly Opener[] => {
    if (platform === "darwin") return [["/usr/bin/open", url]];
    if (platform === "win32") return [["rundll32.exe", "url.dll,FileProtocolHandler", url]];
    return (wsl ? WSL_OPENERS : LINUX_OPENERS).filter(has).map((program) => launched(program, url));
  };
  return [...named.map((one) => commandOf(one, url)), ...system()];
}

const LINUX_OPENERS = ["xdg-open", "gio", "x-www-browser"] as const;

function launched(program: (typeof LINUX_OPENERS | typeof WSL_OPENERS)[number], url: string): Opener {
  switch (program) {
    case "cmd.exe":
      return [program, "/c", "start", "", url.replaceAll("&", "^&")];
    case "rundll32.exe":
      return [program, "url.dll,FileProtocolHandler", url];
    case "gio":
      return [program, "open", url];
    default:
      return [program, url];
  }
}

/** `firefox -P work %s`, `"C:\Program Files\Browser\browser.exe"`; without `%s` the address comes last. */
function commandOf(command: string, url: string): Opener {
  const words = (command.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^"(.*)"$/, "$1"));
  const [program = "", ...rest] = words;
  const args = rest.includes("%s") ? rest.map((word) => (word === "%s" ? url : word)) : [...rest, url];
  return [program, ...args];
}

/** Whoever is still there by then is the browser itself. */
const SETTLED_MS = 2 * SECOND_MS;

/** [DM4] Try one after the other. @returns whether one of them seems to have done it. */
export async function openBrowser(openers: readonly Opener[], env: Surroundings["env"]): Promise<boolean> {
  for (const opener of openers) if (await launch(opener, env)) return true;
  return false;
}

function launch([program, ...args]: Opener, env: Surroundings["env"]): Promise<boolean> {
  // A browser needs no credentials, and may hand its environment on to whatever it starts.
  const clean = Object.fromEntries(Object.entries(env).filter(([name]) => !/^(AWS|JCFETCH)_/.test(name)));
  return new Promise((resolve) => {
    const child = spawn(program, args, { env: clean, stdio: "ignore", detached: true, windowsHide: true });
    const timer = setTimeout(() => resolve(true), SETTLED_MS);
    const settle = (opened: boolean): void => {
      clearTimeout(timer);
      resolve(opened);
    };
    child.once("error", () => settle(false));
    child.once("exit", (code) => settle(code === 0));
    child.unref();
  });
}

/** Whether somebody has said which browser. */
export const isNamed = ({ env }: Surroundings, browser: string | undefined): boolean =>
  browser !== undefined || isSet(env, "BROWSER");
