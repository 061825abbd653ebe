import { existsSync } from "node:fs";
import { win32 } from "node:path";

/** What to hand to spawn(), in place of what was typed. */
export interface Started {
  readonly program: string;
  readonly args: readonly string[];
  /** The arguments are one line, ready as Windows takes it. */
  readonly verbatim: boolean;
}

interface Place {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
  readonly exists?: (path: string) => boolean;
}

const EXTENSIONS = ".COM;.EXE;.BAT;.CMD";

/**
 * Windows starts programs, but not the scripts that stand for many of them (`npm.cmd`, `cdk.cmd`): those only its shell
 * runs. So a name is looked up as the shell does, and a script goes to the shell with every word quoted.
 */
export function onWindows([name = "", ...args]: readonly string[], place: Place): Started {
  const found = lookUp(name, place);
  if (found === undefined || !/\.(?:bat|cmd)$/i.test(found))
    return { program: found ?? name, args, verbatim: false };
  const line = [command(found), ...args.map(argument)].join(" ");
  const shell = variable(place.env, "COMSPEC") ?? "cmd.exe";
  return { program: shell, args: ["/d", "/s", "/c", `"${line}"`], verbatim: true };
}

/** @returns a path; `undefined` where there is no such file. */
function lookUp(name: string, { env, directory, exists = existsSync }: Place): string | undefined {
  const extensions = (variable(env, "PATHEXT") ?? EXTENSIONS).split(";").filter((one) => one !== "");
  const endings = win32.extname(name) === "" ? extensions : ["", ...extensions];
  const named = /[\\/:]/.test(name);
  // Not the directory of its own accord: whoever writes into it must not choose what runs.
  const folders = named ? [""] : (variable(env, "PATH") ?? "").split(";").filter((one) => one !== "");
  return folders
    .flatMap((folder) => endings.map((ending) => win32.resolve(directory, folder, name + ending)))
    .find((path) => exists(path));
}

/** Names of variables have no case on Windows. */
const variable = (env: Place["env"], name: string): string | undefined =>
  Object.entries(env).find(([one]) => one.toUpperCase() === name)?.[1];

/** All that cmd.exe acts on, made plain: also inside quotes, which it does not count as a script's arguments do. */
const plain = (text: string): string => text.replaceAll(/[()\][%!^"`<>&|;, *?]/g, "^$&");

const command = (path: string): string => plain(path);

/**
 * For a script that hands its arguments on with `%*`: it is read twice, by the shell and by the script's own line.
 *
 * @source "Everyone quotes command line arguments the wrong way", Microsoft; npm's cmd-shim.
 */
function argument(text: string): string {
  const quoted = `"${text.replaceAll(/(\\*)"/g, '$1$1\\"').replace(/(\\*)$/, "$1$1")}"`;
  return plain(plain(quoted));
}
