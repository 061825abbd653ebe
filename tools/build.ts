/**
 * `npm run build`: everything we ship. A part whose inputs have not changed is left alone. Tests and the demo call
 * `ensureBuilt`, from as many processes at once as they like.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hashOf, sizeOf } from "./lib/inputs.ts";
import { withLock } from "./lib/lock.ts";
import { program, ROOT, run } from "./lib/process.ts";
import { kilobytes, row, say, seconds } from "./lib/report.ts";

interface Part {
  /** What the part is made of; paths from the root. */
  readonly inputs: readonly string[];
  /** What is there when it is built. The first is the main one. */
  readonly outputs: readonly [string, ...string[]];
  readonly command: string;
  readonly args: readonly string[];
}

const COMMON = [
  "shared/src",
  "shared/package.json",
  "package-lock.json",
  "tsconfig.base.json",
  "tools/build.ts",
];
const EXTENSION = [
  ...COMMON,
  "extension/src",
  "extension/public",
  "extension/package.json",
  "extension/wxt.config.ts",
  "extension/tsconfig.json",
];
const WORKER = [...COMMON, "worker/src", "worker/package.json", "worker/tsconfig.json", "wrangler.toml"];

const PARTS = {
  "extension-chromium": {
    inputs: EXTENSION,
    outputs: ["extension/.output/chrome-mv3"],
    command: program("wxt"),
    args: ["build", "extension"],
  },
  "extension-firefox": {
    inputs: EXTENSION,
    outputs: ["extension/.output/firefox-mv3"],
    command: program("wxt"),
    args: ["build", "extension", "--browser", "firefox"],
  },
  "extension-chromium-tested": {
    inputs: [...EXTENSION, "tools/tested-extension.ts"],
    outputs: ["extension/.output/chrome-mv3-tested"],
    command: process.execPath,
    args: ["tools/tested-extension.ts", "chromium"],
  },
  "extension-firefox-tested": {
    inputs: [...EXTENSION, "tools/tested-extension.ts"],
    outputs: ["extension/.output/firefox-mv3-tested"],
    command: process.execPath,
    args: ["tools/tested-extension.ts", "firefox"],
  },
  worker: {
    inputs: WORKER,
    outputs: ["worker/dist/index.js"],
    command: program("wrangler"),
    args: ["deploy", "--config", "wrangler.toml", "--dry-run", "--outdir", "worker/dist"],
  },
  cli: {
    inputs: [
      ...WORKER,
      "cli/src",
      "cli/package.json",
      "cli/tsconfig.json",
      "tools/build-cli.ts",
      "tools/lib/lean-sdk.ts",
      "tools/lib/man-page.ts",
      "tools/release/compile.ts",
    ],
    outputs: [
      "cli/dist/jcfetch.mjs",
      "cli/dist/jcfetch",
      "cli/dist/broker/host.mjs",
      "cli/dist/broker/worker.js",
      "cli/dist/jcfetch.1",
    ],
    command: process.execPath,
    args: ["tools/build-cli.ts"],
  },
} as const satisfies Record<string, Part>;

export type PartName = keyof typeof PARTS;
export const PART_NAMES = Object.keys(PARTS) as PartName[];

/**
 * No question, no usage report, no look for a newer version: a build talks to nobody. And it is the same build whoever
 * starts it: under the test runner, pages would else carry the names and lines of their sources.
 */
const QUIET = {
  NODE_ENV: "production",
  CI: "true",
  NO_COLOR: "1",
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_LOG_PATH: join(ROOT, ".wrangler/logs"),
};

export interface Built {
  /** Absolute path of the part's main file or folder. */
  readonly path: string;
  /** False: nothing had changed. */
  readonly wasStale: boolean;
  readonly tookMs: number;
}

const stampPath = (name: string): string => join(ROOT, ".cache/build", `${name}.sha256`);

function isUpToDate(name: string, part: Part, hash: string): boolean {
  const stamp = stampPath(name);
  return (
    existsSync(stamp) &&
    readFileSync(stamp, "utf8") === hash &&
    part.outputs.every((path) => existsSync(join(ROOT, path)))
  );
}

/** Builds `name` unless it is up to date. Throws with the tool's own output when it fails. */
export async function ensureBuilt(name: PartName): Promise<Built> {
  const part: Part = PARTS[name];
  const path = join(ROOT, part.outputs[0]);
  if (isUpToDate(name, part, hashOf(part.inputs))) return { path, wasStale: false, tookMs: 0 };
  return withLock(join(ROOT, ".cache/build", `${name}.lock`), async () => {
    // Another process may have built it while this one waited; and the hash must be of what is built now.
    const hash = hashOf(part.inputs);
    if (isUpToDate(name, part, hash)) return { path, wasStale: false, tookMs: 0 };
    const { code, output, tookMs } = await run(part.command, part.args, QUIET);
    const missing = part.outputs.filter((file) => !existsSync(join(ROOT, file)));
    if (code !== 0 || missing.length > 0) {
      const why = code === 0 ? `wrote no ${missing.join(", ")}` : `ended with ${code}`;
      throw new Error(`building ${name}: ${why}\n${output}`);
    }
    mkdirSync(join(ROOT, ".cache/build"), { recursive: true });
    writeFileSync(stampPath(name), hash);
    return { path, wasStale: true, tookMs };
  });
}

/** Builds every part, those of the extension after each other (they share a folder), the rest beside them. */
export async function buildAll(onPart: (name: PartName, built: Built) => void): Promise<void> {
  const inTurn = async (names: readonly PartName[]): Promise<void> => {
    for (const name of names) onPart(name, await ensureBuilt(name));
  };
  const lanes = await Promise.allSettled([
    inTurn([
      "extension-chromium",
      "extension-firefox",
      "extension-chromium-tested",
      "extension-firefox-tested",
    ]),
    inTurn(["worker", "cli"]),
  ]);
  const failures = lanes.filter((lane) => lane.status === "rejected").map((lane) => lane.reason as Error);
  if (failures.length > 0) throw new Error(failures.map((failure) => failure.message).join("\n"));
}

export const describePart = (name: PartName, built: Built): string => {
  const size = PARTS[name].outputs.map((path) => kilobytes(sizeOf(path))).join(" + ");
  return row(
    name,
    built.wasStale ? "built" : "up to date",
    built.wasStale ? `${size}  ${seconds(built.tookMs)}` : size,
  );
};

if (import.meta.main) {
  try {
    await buildAll((name, built) => say(describePart(name, built)));
  } catch (error) {
    say((error as Error).message);
    process.exitCode = 1;
  }
}
