/**
 * Builds the command line: a small file for Node with the parts it loads when they are needed, in `parts/`, and one
 * executable for this system, and the manual page; and beside them, in `broker/`, the local broker: its host program and
 * the Worker.
 */
import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { ensureBuilt } from "./build.ts";
import { leanSdk } from "./lib/lean-sdk.ts";
import { manPage } from "./lib/man-page.ts";
import { compile } from "./release/compile.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "cli/dist");
const bundle = join(dist, "jcfetch.mjs");
mkdirSync(join(dist, "broker"), { recursive: true });

const forNode = {
  bundle: true,
  minify: true,
  format: "esm",
  platform: "node",
  target: "node20",
  mainFields: ["module", "main"],
  plugins: [leanSdk],
  legalComments: "none",
  logLevel: "warning",
  absWorkingDir: root,
} as const satisfies BuildOptions;

const sources = join(root, "cli/src");
const entry = join(sources, "main.ts");

/** [AG12] One for each state of the sources: the same in the bundle and in the executable. */
async function buildId(): Promise<string> {
  const { metafile } = await build({ ...forNode, entryPoints: [entry], metafile: true, write: false });
  const hash = createHash("sha256");
  for (const path of Object.keys(metafile.inputs).sort())
    hash.update(path).update(readFileSync(join(root, path)));
  return hash.digest("hex").slice(0, 16);
}

/**
 * A module of Node's is asked for when one of its functions is called, and not by `import`: that looks at each of its exports,
 * and so loads what they would load when they are needed, which takes longer than all else in a short command. In the
 * executable, which is not told them apart from ours, it would load every one of Node's that any of them uses.
 */
const builtins: Plugin = {
  name: "builtins",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path, kind, importer }) => {
      const isOurs = kind === "import-statement" && !importer.includes("node_modules");
      return isOurs ? { path, namespace: "builtin" } : undefined;
    });
    onLoad({ filter: /^/, namespace: "builtin" }, async ({ path }) => {
      const exported = Object.entries((await import(path)) as object).filter(([name]) => name !== "default");
      const from = `process.getBuiltinModule(${JSON.stringify(path)})`;
      const lines = exported.map(([name, value]) =>
        typeof value === "function" && /^[a-z]/.test(name)
          ? `export const ${name} = (...args) => ${from}.${name}(...args);`
          : `export const ${name} = /* @__PURE__ */ (() => ${from}.${name})();`,
      );
      return { contents: lines.join("\n") };
    });
  },
};

const define = { JCFETCH_BUILD: JSON.stringify(await buildId()) };
const ofCli = {
  ...forNode,
  define,
  plugins: [leanSdk, builtins],
  // Tells browsers apart: the SDK has it loaded by code that is left out here, and it would be a part that nothing loads.
  external: ["bowser"],
} satisfies BuildOptions;
rmSync(join(dist, "parts"), { recursive: true, force: true });

/**
 * What is imported when it is needed is a file of its own, and what every start needs is one file: to find and read a file
 * costs more than to skip some kilobytes in it. A module that both sides use is in both: one that remembers something
 * keeps it where both find it, as config/leftovers.ts does.
 */
const parts = new Map<string, string>();
const apart: Plugin = {
  name: "parts",
  setup({ onResolve }) {
    onResolve({ filter: /^\.{1,2}\// }, ({ kind, path, resolveDir }) => {
      if (kind !== "dynamic-import") return undefined;
      const file = join(resolveDir, path);
      const name = relative(sources, file).replace(/\.ts$/, "").replaceAll(/[\\/]/g, "-");
      parts.set(name, file);
      return { path: `./parts/${name}.mjs`, external: true };
    });
  },
};
await build({ ...ofCli, entryPoints: [entry], outfile: bundle, plugins: [leanSdk, apart, builtins] });
await build({
  ...ofCli,
  entryPoints: Object.fromEntries([...parts].sort()),
  outdir: join(dist, "parts"),
  outExtension: { ".js": ".mjs" },
  splitting: true,
});
await build({
  ...forNode,
  entryPoints: [join(root, "worker/src/local/main.ts")],
  outfile: join(dist, "broker/host.mjs"),
});
copyFileSync((await ensureBuilt("worker")).path, join(dist, "broker/worker.js"));
chmodSync(bundle, 0o755);
writeFileSync(join(dist, "jcfetch.1"), manPage());

await compile(bundle, join(dist, "jcfetch"));
