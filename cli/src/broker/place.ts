import { isAbsolute, join } from "node:path";
import type { Host } from "../host.ts";

type Place = Pick<Host, "env" | "home" | "platform">;

const absolute = (path: string | undefined): string | undefined =>
  path && isAbsolute(path) ? path : undefined;

/**
 * Folder of the local broker's state: what belongs to this computer and to no backup.
 *
 * @source XDG Base Directory Specification (state); Apple's File System Programming Guide; Windows known folders.
 */
export function brokerStateDir({ env, home, platform }: Place): string {
  if (platform === "darwin") return join(home, "Library/Application Support/jcfetch/broker");
  if (platform === "win32") {
    return join(env.LOCALAPPDATA ?? join(home, "AppData/Local"), "jcfetch/broker");
  }
  return join(absolute(env.XDG_STATE_HOME) ?? join(home, ".local/state"), "jcfetch/broker");
}

/** Where the system looks for what it starts when this user signs in. */
export function servicePath({ env, home, platform }: Place): string {
  if (platform === "darwin") return join(home, "Library/LaunchAgents/dev.jcfetch.broker.plist");
  if (platform === "win32") return join(brokerStateDir({ env, home, platform }), "at-login.xml");
  const config = absolute(env.XDG_CONFIG_HOME) ?? join(home, ".config");
  return join(config, "systemd/user/jcfetch-broker.service");
}
