import type { Host } from "./host.ts";
import { VERSION } from "./version.ts";

/** What this terminal says of itself in pairing; the extension shows it to the user, who decides by it. */
export const terminalInfo = ({
  hostName,
  userName,
  system,
  env,
}: Pick<Host, "hostName" | "userName" | "system" | "env">) => ({
  host: fitting(hostName) || "this host",
  osUser: fitting(userName) || "unknown",
  os: fitting(system),
  ssh: env.SSH_CONNECTION !== undefined || env.SSH_TTY !== undefined,
  version: VERSION,
});

/** Without characters that hide or turn around what is read, which the protocol refuses; twice, as a cut can leave half of one. */
const fitting = (text: string): string => plain(plain(text).slice(0, 64));

const plain = (text: string): string => text.replaceAll(/\p{C}/gu, "");
