import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { parseEnv } from "node:util";
import { type FormatName, formatCredentials } from "@jcfetch/shared/formats/index";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CONTEXT, hostileText, sample } from "./samples.ts";

const NAMES = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] as const;

/** Run a script in a shell without any start-up file, and give back what a program started from it sees. */
function environmentAfter(shell: string, args: readonly string[], script: string): Record<string, string> {
  const out = execFileSync(shell, [...args, `${script}\nenv -0`], {
    env: { PATH: "/usr/bin:/bin", HOME: "/nonexistent", LANG: "C.UTF-8" },
    encoding: "utf8",
  });
  const pairs = out.split("\0").map((entry) => entry.split(/=(.*)/s).slice(0, 2));
  return Object.fromEntries(pairs.filter(([name]) => NAMES.includes(name as (typeof NAMES)[number])));
}

/** How often: some shells take a third of a second to start. */
const RUNS: Record<string, number> = { xonsh: 12, elvish: 30 };

const SHELLS: readonly [name: string, path: string, args: readonly string[], format: FormatName][] = [
  ["bash", "/bin/bash", ["--norc", "-c"], "sh"],
  ["bash with history expansion", "/bin/bash", ["--norc", "-H", "-c"], "sh"],
  ["dash", "/bin/dash", ["-c"], "sh"],
  ["zsh", "/usr/bin/zsh", ["-f", "-c"], "sh"],
  ["fish", "/usr/bin/fish", ["--no-config", "-c"], "fish"],
  ["tcsh", "/usr/bin/tcsh", ["-f", "-c"], "tcsh"],
  ["elvish", "/usr/bin/elvish", ["-norc", "-c"], "elvish"],
  ["xonsh", "/usr/bin/xonsh", ["--no-rc", "-c"], "xonsh"],
];

describe.each(SHELLS)("%s", (name, shell, args, format) => {
  it.runIf(existsSync(shell))(
    "[FO1] reads back the very values, hostile characters included",
    () => {
      fc.assert(
        fc.property(hostileText, hostileText, hostileText, (id, secret, token) => {
          const written = formatCredentials(format, sample({ id, secret, token }), CONTEXT);
          expect(written.ok && environmentAfter(shell, args, written.value)).toEqual({
            AWS_ACCESS_KEY_ID: id,
            AWS_SECRET_ACCESS_KEY: secret,
            AWS_SESSION_TOKEN: token,
          });
        }),
        { numRuns: RUNS[name] ?? 60 },
      );
    },
    30_000,
  );
});

describe("a .env file", () => {
  it("[FO1] is read alike by Node and by a shell, or not written", () => {
    const values = fc.oneof(hostileText, fc.base64String({ minLength: 1 }));
    let carried = 0;
    fc.assert(
      fc.property(values, fc.base64String({ minLength: 1 }), (secret, token) => {
        const written = formatCredentials("dotenv", sample({ secret, token }), CONTEXT);
        if (!written.ok) return;
        carried++;
        const expected = {
          AWS_ACCESS_KEY_ID: "ASIAEXAMPLE",
          AWS_SECRET_ACCESS_KEY: secret,
          AWS_SESSION_TOKEN: token,
        };
        expect(parseEnv(written.value)).toMatchObject(expected);
        expect(environmentAfter("/bin/sh", ["-c"], `set -a\n${written.value}`)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
    expect(carried).toBeGreaterThan(10);
  });
});
