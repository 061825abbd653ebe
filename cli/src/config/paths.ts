import { isAbsolute, join, resolve } from "node:path";
import type { Host } from "../host.ts";
import { printable } from "../quoted.ts";

type Place = Pick<Host, "env" | "home">;

/** Our own folder. @source XDG Base Directory Specification: a relative path in the variable is ignored. */
export function ownFolder({ env, home }: Place): string {
  const base = env.XDG_CONFIG_HOME;
  return join(base && isAbsolute(base) ? base : join(home, ".config"), "jcfetch");
}

/** Keys and grant of this terminal. */
export const devicePath = (place: Place): string => join(ownFolder(place), "device.json");

/** `~/.aws/config`, or where AWS_CONFIG_FILE says. @source botocore expands `~` in it. */
export const awsConfigPath = (place: Place): string => awsFile(place, "AWS_CONFIG_FILE", "config");

export const awsCredentialsPath = (place: Place): string =>
  awsFile(place, "AWS_SHARED_CREDENTIALS_FILE", "credentials");

function awsFile({ env, home }: Place, variable: string, name: string): string {
  const said = env[variable];
  if (!said) return join(home, ".aws", name);
  return said === "~" || said.startsWith("~/") ? join(home, said.slice(1)) : resolve(said);
}

/** For people: the home folder as `~` in a text, wherever it stands. */
export function withTilde(text: string, home: string): string {
  if (home === "/") return text;
  const literally = home.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  // Not in the middle of another path.
  return text.replace(new RegExp(`(?<![\\w/.~-])${literally}/`, "g"), "~/");
}

/** For people: the home folder as `~`, and nothing that a terminal acts on, as folders of others' making may have in their names. */
export const shown = (path: string, home: string): string =>
  printable(home !== "/" && `${path}/`.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path);
