/** Cloudflare, by way of its own program. Secrets go to it through a pipe: never as an argument, never in a file. */
import { join } from "node:path";
import { type Finished, program, ROOT, run } from "../lib/process.ts";
import { type Settings, variablesOf, Wrong } from "./settings.ts";

const QUIET = {
  CI: "true", // no questions: whatever it would ask has been decided before
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_LOG: "log",
  WRANGLER_LOG_SANITIZE: "true",
  WRANGLER_LOG_PATH: join(ROOT, ".wrangler/logs"),
  CLOUDFLARE_INCLUDE_PROCESS_ENV: "false", // no variable of this shell becomes a setting of the Worker
};

const CONFIG = join(ROOT, "wrangler.toml");
const NOT_FOUND = /Worker "[^"]*" not found/;

export class Wrangler {
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Names of the secrets the Worker has; none when there is no such Worker yet. @throws Wrong */
  async secretNames(): Promise<string[]> {
    const done = await this.#run(["secret", "list", "--format", "json"]);
    if (done.code !== 0 && NOT_FOUND.test(done.output)) return [];
    const list = /\[\s*(?:\{[\s\S]*\}\s*)?\]\s*$/.exec(this.#expect(done, "secret list"))?.[0];
    if (list === undefined) throw new Wrong(`wrangler secret list gave no list:\n${done.output}`);
    return (JSON.parse(list) as { name: string }[]).map(({ name }) => name);
  }

  /** @param dryRun builds and checks everything and talks to nobody. @throws Wrong */
  async deploy({ dryRun }: { readonly dryRun: boolean }): Promise<string> {
    const variables = Object.entries(await variablesOf(this.#settings)).flatMap(([name, value]) => [
      "--var",
      `${name}:${value}`,
    ]);
    const where = dryRun ? ["--dry-run", "--outdir", join(ROOT, ".cache/deploy")] : [];
    const { host } = this.#settings;
    const done = await this.#run(["deploy", "--domain", host, ...variables, ...where]);
    return this.#expect(done, "deploy");
  }

  /** Create or overwrite secrets, all in one request. @param json by name. @throws Wrong, without a word of them. */
  async putSecrets(json: string): Promise<void> {
    const { code } = await this.#run(["secret", "bulk"], json);
    if (code !== 0) throw new Wrong("wrangler secret bulk failed: nothing is half done, run this again");
  }

  #run(args: readonly string[], input?: string): Promise<Finished> {
    const { account, name } = this.#settings;
    const whole = [...args, "--config", CONFIG, "--name", name];
    return run(program("wrangler"), whole, { ...QUIET, CLOUDFLARE_ACCOUNT_ID: account }, input);
  }

  #expect(done: Finished, what: string): string {
    if (done.code !== 0) throw new Wrong(`wrangler ${what} ended with ${done.code}:\n${done.output}`);
    return done.output;
  }
}
