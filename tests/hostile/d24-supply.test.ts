import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { VERSION } from "../../cli/src/version.ts";
import { filesIn } from "../../tools/lib/files.ts";
import { chosenBy, nameAt, readLock, runtimePlaces } from "../../tools/lib/lockfile.ts";
import { ROOT } from "../../tools/lib/process.ts";
import { sbom } from "../../tools/lib/sbom.ts";
import { ownTarget, TARGETS } from "../../tools/release/targets.ts";
import { buildTwice, type Compared, differingFiles } from "../../tools/reproduce.ts";
import { measured } from "./scale.ts";

/** Each program: the workspace it is of, and the files that its bundles start from. */
const PROGRAMS = {
  broker: { workspace: "worker", entries: ["worker/src/index.ts"] },
  "local broker's host": { workspace: "worker", entries: ["worker/src/local/main.ts"] },
  extension: {
    workspace: "extension",
    entries: [
      "background.ts",
      "popup/main.tsx",
      "options/main.tsx",
      "portal.content.ts",
      "offscreen/main.ts",
    ].map((name) => `extension/src/entrypoints/${name}`),
  },
  "command line": { workspace: "cli", entries: ["cli/src/main.ts"] },
} as const;
type Program = keyof typeof PROGRAMS;
const NAMES = Object.keys(PROGRAMS) as Program[];

/** Names of the packages that put code into a program. */
async function packagesIn(program: Program): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [...PROGRAMS[program].entries],
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    outdir: "unused",
    external: ["cloudflare:*", "node:*"],
    jsx: "automatic",
    jsxImportSource: "preact",
    logLevel: "error",
  });
  const inputs = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
  const names = inputs
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([path]) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
  return [...new Set(names)].sort();
}

/** Code from a text or from elsewhere, at run time. */
const CODE_AT_RUN_TIME =
  /(?<![\w$.])eval\(|\bnew Function\b|(?<![\w$.])Function\(|\bimportScripts\(|\bset(?:Timeout|Interval)\(["'`]|(?<![\w$.])import\((?!["'`])|import\(["'`](?:https?|data|blob):|<script[^>]+src=["']?(?:https?:)?\/\//;

describe("a release", () => {
  let twice: Compared;
  beforeAll(() => {
    twice = buildTwice();
  }, 180_000);
  afterAll(() => twice.dispose());

  it("D-24: has the same bytes when it is built again, in another folder, at another time", (context) => {
    expect(twice.differing).toEqual([]);
    const names = twice.sums.map((line) => line.split("  ")[1]);
    const own = ownTarget();
    expect(names).toEqual(
      [
        "completions/_jcfetch",
        "completions/jcfetch.bash",
        "completions/jcfetch.fish",
        "completions/jcfetch.ps1",
        `jcfetch-${VERSION}-chromium.zip`,
        `jcfetch-${VERSION}-firefox.zip`,
        ...(own ? [`jcfetch-${VERSION}-${own.name}.tar.gz`] : []),
        `jcfetch-${VERSION}.tgz`,
        "jcfetch.1",
        "sbom.cdx.json",
        "worker/index.js",
      ].sort(),
    );
    measured(context, `${names.length} files, built twice`);
  });

  it("D-24: comes with sums that other tools find right", () => {
    const checked = execFileSync("sha256sum", ["--check", "SHA256SUMS"], {
      cwd: twice.folders[0]!,
      encoding: "utf8",
    });
    expect(checked.trim().split("\n").sort()).toEqual(
      twice.sums.map((line) => `${line.split("  ")[1]}: OK`).sort(),
    );
  });

  it("D-24: has an archive with this system's executable, which runs where it is unpacked", ({ skip }) => {
    const own = ownTarget() ?? skip("no executable is made for this system");
    const folder = mkdtempSync(join(tmpdir(), "jcfetch-unpacked-"));
    try {
      const archive = join(twice.folders[0]!, `jcfetch-${VERSION}-${own!.name}.tar.gz`);
      execFileSync("tar", ["-xzf", archive, "-C", folder, "--strip-components=1"]);
      expect(filesIn(folder)).toEqual([
        "README.md",
        "THIRD-PARTY.txt",
        "broker/host.mjs",
        "broker/worker.js",
        "completions/_jcfetch",
        "completions/jcfetch.bash",
        "completions/jcfetch.fish",
        "completions/jcfetch.ps1",
        "jcfetch",
        "jcfetch.1",
        "node_modules/@napi-rs/keyring/LICENSE",
        "node_modules/@napi-rs/keyring/LICENSE.third-party.md",
        "node_modules/@napi-rs/keyring/index.js",
        `node_modules/@napi-rs/keyring/keyring.${own!.keyring}.node`,
        "node_modules/@napi-rs/keyring/package.json",
      ]);
      // From a link, as docs/install.md puts one on the PATH.
      const link = join(folder, "broker/link");
      symlinkSync(join(folder, "jcfetch"), link);
      const env = { HOME: folder, PATH: "/usr/bin:/bin" };
      const say = (...args: string[]): string => spawnSync(link, args, { encoding: "utf8", env }).stdout;
      expect(say("--version")).toBe(`jcfetch ${VERSION}\n`);
      expect(JSON.parse(say("broker", "status", "--json"))).toMatchObject({ running: false, keys: "none" });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("D-24: is seen to differ by one bit", () => {
    const [first, second] = twice.folders as [string, string];
    const path = join(second, "worker/index.js");
    const before = readFileSync(path);
    const changed = Buffer.from(before);
    changed[0]! ^= 1;
    writeFileSync(path, changed);
    expect(differingFiles(first, second)).toEqual(["worker/index.js"]);
    writeFileSync(path, before);
  });

  it("D-24: packs the extension as it is built, in an archive that other tools can read", () => {
    const release = twice.folders[0]!;
    const output = join(release, "../../extension/.output");
    for (const [browser, folder] of Object.entries({ chromium: "chrome-mv3", firefox: "firefox-mv3" })) {
      const archive = filesIn(release).find((name) => name.endsWith(`-${browser}.zip`))!;
      const script =
        "import json,sys,zipfile as z; a=z.ZipFile(sys.argv[1]); assert a.testzip() is None; print(json.dumps({i.filename: a.read(i).hex() for i in a.infolist()}))";
      const listed = execFileSync("python3", ["-c", script, join(release, archive)], {
        encoding: "utf8",
        maxBuffer: 64 * 1024 * 1024,
      });
      const built = filesIn(join(output, folder)).map((name) => [
        name,
        readFileSync(join(output, folder, name)).toString("hex"),
      ]);
      expect(JSON.parse(listed)).toEqual(Object.fromEntries(built));
    }
  });

  it("D-24: makes no code at run time, and loads none from elsewhere", () => {
    const top = join(twice.folders[0]!, "../..");
    const shipped = ["extension/.output", "worker/dist", "cli/dist"].flatMap((folder) =>
      filesIn(join(top, folder)).map((name) => join(top, folder, name)),
    );
    const scripts = shipped.filter((path) => /\.(js|mjs|html)$/.test(path));
    expect(scripts.length).toBeGreaterThan(10);
    expect(scripts.filter((path) => CODE_AT_RUN_TIME.test(readFileSync(path, "utf8")))).toEqual([]);
  });

  it.each([
    "x=eval(y)",
    "new Function('a')",
    "return Function('return this')()",
    "import(url)",
    'import("https://x.example/a.js")',
    'setTimeout("go()",1)',
    '<script src="//x.example/a.js">',
  ])("D-24: would find %s", (text) => expect(text).toMatch(CODE_AT_RUN_TIME));
});

describe("the packages of others", () => {
  const lock = readLock();

  it.each(NAMES)("D-24: at most eight are chosen for the %s, and only such are in it", async (program) => {
    const contained = await packagesIn(program);
    const chosen = chosenBy(lock, PROGRAMS[program].workspace).filter((name) => contained.includes(name));
    expect(chosen.length).toBeGreaterThan(0);
    expect(chosen.length, chosen.join(", ")).toBeLessThanOrEqual(8);
    const known = new Set(runtimePlaces(lock, PROGRAMS[program].workspace).map(nameAt));
    // wxt's own two lines around an entry point come with the tool that builds it.
    const shims = program === "extension" ? ["wxt", "@wxt-dev/browser"] : [];
    expect(contained.filter((name) => !known.has(name) && !shims.includes(name))).toEqual([]);
  });

  it.each(NAMES)("D-24: none that the %s runs with has a script that installing it runs", (program) => {
    const places = runtimePlaces(lock, PROGRAMS[program].workspace);
    expect(places.length).toBeGreaterThan(3);
    expect(places.filter((place) => lock[place]?.hasInstallScript === true)).toEqual([]);
    const scripts = places
      .map((place) => join(ROOT, place, "package.json"))
      .filter(existsSync)
      .flatMap((path) => {
        const { scripts = {} } = JSON.parse(readFileSync(path, "utf8")) as {
          scripts?: Record<string, string>;
        };
        return ["preinstall", "install", "postinstall"].filter((name) => name in scripts).map(() => path);
      });
    expect(scripts).toEqual([]);
  });

  it("D-24: are all in the list, with version, checksum and license", async () => {
    const { components } = sbom(lock);
    const locked = Object.entries(lock).filter(
      ([place, { link }]) => place.includes("node_modules/") && !link,
    );
    expect(components).toHaveLength(locked.length);
    const bare = components.filter(
      ({ version, hashes, licenses }) =>
        !/^\d+\.\d+\.\d+/.test(version) ||
        licenses.length === 0 ||
        !hashes.some(({ alg, content }) => alg === "SHA-512" && /^[0-9a-f]{128}$/.test(content)),
    );
    expect(bare.map(({ name }) => name)).toEqual([]);
    const carried = components.filter(({ properties }) =>
      properties.some(({ name }) => name === "jcfetch:executable"),
    );
    expect(carried.map(({ name }) => name).sort()).toEqual(TARGETS.map(({ runtime }) => runtime).sort());
    expect(new Set(carried.map(({ scope }) => scope))).toEqual(new Set(["required"]));
    for (const program of NAMES) {
      const required = components.filter(({ scope }) => scope === "required").map(({ name }) => name);
      const shims = ["wxt", "@wxt-dev/browser"];
      const inside = await packagesIn(program);
      expect(inside.filter((name) => !required.includes(name) && !shims.includes(name))).toEqual([]);
    }
  });
});
