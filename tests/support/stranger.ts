import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const ROOT = 0;
const NOBODY = 65_534;

/** Two users of this computer: only root can be another one, and everybody else can say that what they open is another's. */
export function asStranger() {
  const self = process.getuid!();
  const isRoot = self === ROOT;
  return {
    owner: isRoot ? ROOT : self + 1,
    /** Ask as the other user, without going where the answer leads. @returns the answer's status. */
    async fetchStatus(url: string): Promise<number> {
      const script = `fetch(${JSON.stringify(url)},{redirect:"manual"}).then(({status})=>console.log(status))`;
      const identity = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
      const { stdout } = await run(process.execPath, ["-e", script], { ...identity, cwd: "/" });
      return Number(stdout);
    },
  };
}
