import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { codeUnder, type Import, importsIn, importsOf, PROGRAMS, ROOT, reachableFrom, read } from "./tree.ts";

/** Who may import whom: the table of CONTRIBUTING.md. The longest matching folder counts. */
interface Fence {
  /** Folders of ours whose files may be imported. */
  readonly ours: readonly string[];
  readonly packages: RegExp;
}

const FENCES: Record<string, Fence> = {
  "shared/src": {
    ours: ["shared/src"],
    packages:
      /^(valibot|jose|@hpke\/core|@noble\/hashes\/(hkdf|sha2)\.js|@scure\/bip39(\/.+)?|@aws-sdk\/client-sso(-oidc)?|@smithy\/.+)$/,
  },
  "worker/src": {
    ours: ["worker/src", "shared/src"],
    packages: /^(hono(\/.+)?|valibot|cloudflare:workers|@noble\/hashes\/(hmac|sha2)\.js|ipaddr\.js)$/,
  },
  "worker/src/local": { ours: ["worker/src", "shared/src"], packages: /^(node:.+|valibot)$/ },
  "extension/src": {
    ours: ["extension/src", "shared/src"],
    packages: /^(wxt(\/.+)?|@wxt-dev\/i18n|preact(\/.+)?|webextension-polyfill|valibot|#imports)$/,
  },
  "cli/src": { ours: ["cli/src", "shared/src"], packages: /^(node:.+|valibot|uqr)$/ },
  "tests/sim": { ours: ["tests/sim"], packages: /^(hono(\/.+)?|@hono\/node-server(\/.+)?|node:.+)$/ },
};

const under = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

function fenceOf(path: string): Fence {
  const folder = Object.keys(FENCES)
    .filter((candidate) => under(path, candidate))
    .sort((a, b) => b.length - a.length)[0];
  return FENCES[folder as string] as Fence;
}

function isAllowed({ from, specifier, target }: Import): boolean {
  const fence = fenceOf(from);
  // The AWS SDK comes in through one folder.
  if (specifier.startsWith("@aws-sdk/") && !under(from, "shared/src/aws")) return false;
  if (target === undefined) return fence.packages.test(specifier);
  return fence.ours.some((folder) => under(target, folder));
}

const describeImport = ({ from, specifier }: Import): string => `${from} imports ${specifier}`;
/** fences.test.ts holds wrong imports on purpose, as texts. */
const allCode = codeUnder(...PROGRAMS, "tests", "tools", "bench").filter(
  (path) => path !== "tests/house/fences.test.ts",
);

describe("imports", () => {
  it.each(Object.keys(FENCES))("of %s stay inside its fence", (folder) => {
    const imports = codeUnder(folder).flatMap(importsOf);
    expect(imports.length, "the folder has code that imports something").toBeGreaterThan(0);
    expect(imports.filter((one) => !isAllowed(one)).map(describeImport)).toEqual([]);
  });

  it("of the page's side of the extension have no way to the token, however long", () => {
    const entries = [...codeUnder("extension/src/portal"), "extension/src/entrypoints/portal.content.ts"];
    const reached = [...reachableFrom(entries)];
    expect(reached).toContain("extension/src/messaging/messages.ts");
    expect(reached.filter((path) => /^extension\/src\/(sessions|broker)\//.test(path))).toEqual([]);
    expect(reached.filter((path) => /^shared\/src\/(aws|crypto)\//.test(path))).toEqual([]);
  });

  it("name the file, with its ending, and the file is there", () => {
    const broken = allCode
      .flatMap(importsOf)
      .filter(({ target }) => target !== undefined)
      .filter(({ target }) => !existsSync(join(ROOT, target as string)) || !/\.\w+$/.test(target as string));
    expect(broken.map(describeImport)).toEqual([]);
  });

  it("reach shared by its subpaths, never around them", () => {
    const around = allCode
      .filter((path) => !under(path, "shared"))
      .flatMap(importsOf)
      .filter(({ specifier, target }) => specifier.startsWith(".") && target?.startsWith("shared/src/"));
    expect(around.map(describeImport)).toEqual([]);
  });

  it.each(PROGRAMS)("of %s are packages that its own package.json names", (program) => {
    const manifest = JSON.parse(read(`${program}/package.json`)) as Record<string, Record<string, string>>;
    // What has types alone is there for the compiler; the build would not find it.
    const named = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).map((name) =>
      name.replace(/^@types\//, ""),
    );
    const unnamed = codeUnder(`${program}/src`)
      .flatMap(importsOf)
      .filter(({ specifier }) => !/^(\.|node:|cloudflare:|#)/.test(specifier))
      .filter(({ specifier }) => !named.some((name) => under(specifier, name)));
    expect(unnamed.map(describeImport)).toEqual([]);
  });

  it("are found in every form they can be written in", () => {
    const text = [
      'import a from "one";',
      "import type { B } from 'two';",
      'import "three";',
      'const lazy = await import("four");',
      'export * from "five";',
      'import {\n  c,\n} from "six";',
      '// import d from "seven";',
      'const url = "https://x.example/"; export { e } from "eight";',
    ].join("\n");
    expect(importsIn(text)).toEqual(["one", "two", "three", "four", "five", "six", "eight"]);
  });
});
