import { spawn, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Running } from "./terminal.ts";

const APART = ["unshare", "--net", "--mount", "--propagation", "private"];
/** Nobody in particular, without any right of root's. */
export const NOBODY = [
  "setpriv",
  "--reuid",
  "65534",
  "--regid",
  "65534",
  "--clear-groups",
  "--bounding-set=-all",
];

/** Why there can be no container here, or `undefined`. */
export function whyNoContainer(): string | undefined {
  const tried = spawnSync(APART[0]!, [...APART.slice(1), "true"]);
  return tried.status === 0 ? undefined : "needs the right to make namespaces";
}

/** What is done before the program starts: an empty /run, what is mounted in it, and nothing of the folders that are hidden. */
const SET_UP = `
ip link set lo up
mount -t tmpfs tmpfs /run
for mount in $MOUNTS; do
  mkdir -p "/run/\${mount%%=*}"
  mount --bind "\${mount#*=}" "/run/\${mount%%=*}"
done
[ -z "$READ_ONLY" ] || mount -o remount,bind,ro "/run/$READ_ONLY"
mount --bind "$LOCAL" /usr/local
mount -t tmpfs tmpfs "$HIDDEN"
cd /
exec env -i HOME=/run PATH=/usr/local/bin:/usr/bin:/bin $SETTINGS "$@"
`;

/**
 * A container as far as the kernel goes, for there is no engine here: a network of its own with nothing in it but a loopback,
 * mounts of its own, nothing of the environment, and an image whose /usr/local somebody has installed into.
 */
export class Container {
  /** What is /usr/local in there; a Feature is installed into it with this as DESTDIR. */
  readonly destdir: string;
  readonly #hidden: string;

  private constructor(destdir: string, hidden: string) {
    this.destdir = destdir;
    this.#hidden = hidden;
  }

  /** @param home whose folder, with all that lies beside it, does not exist in there. */
  static async open(home: string): Promise<Container> {
    const destdir = await mkdtemp(join(tmpdir(), "jcfetch-image-"));
    mkdirSync(join(destdir, "usr/local"), { recursive: true });
    return new Container(destdir, dirname(home));
  }

  /** @param mounts name below /run → folder out here. @param readOnly one of them that is. */
  start(
    command: readonly string[],
    {
      mounts = {},
      readOnly = "",
      settings = {},
    }: {
      readonly mounts?: Record<string, string>;
      readonly readOnly?: string;
      readonly settings?: Record<string, string>;
    } = {},
  ): Running {
    const words = (pairs: Record<string, string>): string =>
      Object.entries(pairs)
        .map(([name, value]) => `${name}=${value}`)
        .join(" ");
    const env = {
      PATH: process.env.PATH ?? "",
      MOUNTS: words(mounts),
      READ_ONLY: readOnly,
      LOCAL: join(this.destdir, "usr/local"),
      HIDDEN: this.#hidden,
      SETTINGS: words(settings),
    };
    const [program, ...args] = [...APART, "sh", "-euc", SET_UP, "sh", ...command] as [string, ...string[]];
    return new Running(spawn(program, args, { env, stdio: "pipe" }));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.destdir, { recursive: true, force: true });
  }
}
