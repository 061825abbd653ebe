import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FormatName, formatCredentials } from "@jcfetch/shared/formats/index";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { evalHint } from "../../cli/src/shell.ts";
import { CONTEXT, hostileText, sample } from "../shared/formats/samples.ts";

/* The line that people are told to type is typed here, into the shell it is for. */

const folder = mkdtempSync(join(tmpdir(), "jcfetch-hint-"));
afterAll(() => rmSync(folder, { recursive: true }));

const SHELLS: readonly [program: string, args: readonly string[], format: FormatName, times: number][] = [
  ["/bin/bash", ["--norc", "-c"], "sh", 25],
  ["/usr/bin/zsh", ["-f", "-c"], "sh", 25],
  ["/usr/bin/fish", ["--no-config", "-c"], "fish", 25],
  ["/usr/bin/tcsh", ["-f", "-c"], "tcsh", 25],
  ["/usr/bin/elvish", ["-norc", "-c"], "elvish", 25],
  ["/usr/bin/xonsh", ["--no-rc", "-c"], "xonsh", 6],
];

/** What a program started from the shell sees, after the line. */
function after(program: string, args: readonly string[], line: string): Record<string, string> {
  const env = { PATH: `${folder}:/usr/bin:/bin`, HOME: folder, LANG: "C.UTF-8" };
  const out = execFileSync(program, [...args, `${line}\nenv -0`], { env, encoding: "utf8" });
  return Object.fromEntries(out.split("\0").map((entry) => entry.split(/=(.*)/s).slice(0, 2)));
}

describe.each(SHELLS)("%s", (program, args, format, times) => {
  it("[US1] sets the very values by the line that it is told", () => {
    writeFileSync(join(folder, "jcfetch"), `#!/bin/sh\nexec cat '${folder}/lines'\n`, { mode: 0o755 });
    fc.assert(
      fc.property(hostileText, hostileText, (secret, token) => {
        const written = formatCredentials(format, sample({ secret, token }), CONTEXT);
        writeFileSync(join(folder, "lines"), written.ok ? written.value : "");
        expect(after(program, args, evalHint(format, "dev")!)).toMatchObject({
          AWS_ACCESS_KEY_ID: "ASIAEXAMPLE",
          AWS_SECRET_ACCESS_KEY: secret,
          AWS_SESSION_TOKEN: token,
        });
      }),
      { numRuns: times },
    );
  }, 30_000);
});
