import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** `npm run sim`, with all that it starts in a process group of its own. */
async function startByNpm() {
  const env = { ...process.env, SIM_PORT: "0", SIM_TLS_PORT: "0" };
  const npm = spawn("npm", ["run", "sim"], {
    cwd: ROOT,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
  });
  let said = "";
  for await (const chunk of npm.stdout) {
    said += String(chunk);
    const [origin] = /http:\/\/127\.0\.0\.1:\d+/.exec(said) ?? [];
    if (origin !== undefined) return { npm, origin };
  }
  throw new Error(`it never said where it is:\n${said}`);
}

const answers = (origin: string): Promise<boolean> =>
  fetch(origin).then(
    () => true,
    () => false,
  );

describe("npm run sim", () => {
  it.each([
    ["is told to end", "SIGTERM", "npm"],
    ["is killed", "SIGKILL", "npm"],
    ["is interrupted, as by Ctrl-C", "SIGINT", "all"],
  ] as const)("ends where the npm that started it %s", async (_what, signal, who) => {
    const { npm, origin } = await startByNpm();
    const group = -npm.pid!;
    try {
      expect(await answers(origin)).toBe(true);
      process.kill(who === "all" ? group : npm.pid!, signal);
      await expect.poll(() => answers(origin), { timeout: 10_000 }).toBe(false);
    } finally {
      try {
        process.kill(group, "SIGKILL");
      } catch {
        // All of them have ended, as they should.
      }
    }
  });
});
