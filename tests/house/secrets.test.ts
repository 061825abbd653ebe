import { describe, expect, it } from "vitest";
import { codeUnder, files, programCode, read } from "./tree.ts";

/** Files that may write to a terminal or a log; everything else hands its words to one of them. */
const WRITERS = [
  "cli/src/io.ts",
  "cli/src/main.ts",
  "tools/lib/report.ts",
  "tools/run.mjs",
  "tools/setup.mjs",
  "worker/src/index.ts",
];

const TEXT = /\.(ts|tsx|mjs|js|json|txt|md|html|css|py|sh|toml|capnp|svg|ini|conf|pem|key)$/;
const texts = files.filter((path) => TEXT.test(path) && path !== "package-lock.json");

const count = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;

describe("secrets", () => {
  it("leave their wrapper only where the list says", async () => {
    const callers = programCode
      .map((path) => [path, count(read(path), /\.reveal\(/g)] as const)
      .filter(([, calls]) => calls > 0)
      .map(([path, calls]) => `${path}: ${calls}`);
    await expect(`${callers.join("\n")}\n`).toMatchFileSnapshot("reveal-call-sites.txt");
  });

  it("are read from the cookie store in one file of the extension", () => {
    const asking = codeUnder("extension/src").filter((path) =>
      /\bcookies\s*\.\s*get(?:All)?\s*\(/.test(read(path)),
    );
    expect(asking.filter((path) => !path.startsWith("extension/src/sessions/"))).toEqual([]);
    const seeing = codeUnder("extension/src").filter((path) =>
      /\bcookie\??\.value\b|new Secret\(/.test(read(path)),
    );
    expect(seeing).toEqual(["extension/src/sessions/token.ts"]);
  });

  it("cannot be printed: only the named files write to a terminal or a log", () => {
    const writes =
      /\bconsole\s*\.\s*(?:log|info|warn|error|debug|trace|dir|table)\b|process\s*\.\s*(?:stdout|stderr)\s*\.\s*write/;
    const writers = [...programCode, ...codeUnder("tools")].filter((path) => writes.test(read(path)));
    expect(
      writers.filter((path) => !WRITERS.includes(path) && !path.startsWith("worker/src/local/")),
    ).toEqual([]);
  });

  it("of AWS in fixtures and tests are the documented examples or plainly made up", () => {
    const real = texts.flatMap((path) =>
      [...read(path).matchAll(/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g)]
        .map(([key]) => key)
        .filter((key) => !/EXAMPLE/.test(key))
        .map((key) => `${path}: ${key.slice(0, 8)}…`),
    );
    expect(real).toEqual([]);
  });

  it("of other kinds stand in no file: no private key block, no token of a cloud or a forge", () => {
    const patterns = [
      new RegExp(`-----BEGIN (?:[A-Z]+ )?PRIVATE${" "}KEY-----\\s+[\\w+/=]{32}`),
      /\bgh[pousr]_\w{36}\b/,
      /\bxox[abprs]-\w{10,}/,
      /\bnpm_\w{36}\b/,
      /\beyJ[\w-]{20,}\.eyJ[\w-]{40,}\.[\w-]{40,}/,
    ];
    const found = texts
      .filter((path) => !path.startsWith("tests/vectors/"))
      .filter((path) => patterns.some((pattern) => pattern.test(read(path))));
    expect(found).toEqual([]);
  });
});
