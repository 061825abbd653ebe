import { formatCredentials } from "@jcfetch/shared/formats/index";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CONTEXT, hostileText, sample } from "./samples.ts";

/*
 * Shells that do not run here are read back by their grammar, written down from their manuals and not from our writer.
 */

/** One PowerShell assignment. @source PowerShell language specification 3.0, §2.3.5.2 */
function readPowershell(line: string): readonly [string, string] {
  const [, name, rest] = /^\$Env:(\w+)=(.*)$/u.exec(line)!;
  const single = "'‘’‚‛";
  const opener = rest![0]!;
  let value = "";
  let at = 1;
  if (single.includes(opener)) {
    for (; !(single.includes(rest![at]!) && !single.includes(rest![at + 1] ?? " ")); at++) {
      if (single.includes(rest![at]!)) at++;
      value += rest![at]!;
    }
  } else {
    expect(opener).toBe('"');
    for (; rest![at] !== '"'; at++) {
      expect("$`“”„").not.toContain(rest![at]);
      value += rest![at]!;
    }
  }
  expect(at).toBe(rest!.length - 1);
  return [name!, value];
}

/** One line of cmd, as a prompt and as a batch file with delayed expansion read it. @source `set /?`, `cmd /?` */
function readCmd(line: string): readonly [string, string] {
  expect(line).not.toMatch(/[%!]/);
  const quoted = /^set "(\w+)=(.*)"$/.exec(line);
  if (quoted) return [quoted[1]!, quoted[2]!];
  expect(line.slice(4)).not.toMatch(/[&|<>^()" ]/);
  const plain = /^set (\w+)=(.*)$/.exec(line)!;
  return [plain[1]!, plain[2]!];
}

/** One line of the file of GITHUB_ENV. @source actions/runner, FileCommandManager: what comes first, `=` or `<<`, decides. */
function readGithub(line: string): readonly [string, string] {
  const equals = line.indexOf("=");
  const heredoc = line.indexOf("<<");
  expect(equals).toBeGreaterThan(0);
  expect(heredoc === -1 || heredoc > equals).toBe(true);
  return [line.slice(0, equals), line.slice(equals + 1)];
}

const byLine =
  (read: (line: string) => readonly [string, string]) =>
  (text: string): Record<string, string> =>
    Object.fromEntries(text.trimEnd().split("\n").map(read));

const readers = {
  powershell: byLine(readPowershell),
  cmd: byLine(readCmd),
  /** @source Nushell book: what `from json` reads, `load-env` takes as a record of texts. */
  nushell: (text: string) => JSON.parse(text) as Record<string, string>,
  github: (text: string) => byLine(readGithub)(text.replaceAll(/^::add-mask::.*\n/gm, "")),
};

describe.each(["powershell", "cmd", "nushell", "github"] as const)("%s, by its grammar", (format) => {
  it("[FO1] reads back every value it was given, or refuses it", () => {
    let carried = 0;
    fc.assert(
      fc.property(hostileText, hostileText, (secret, token) => {
        const result = formatCredentials(format, sample({ secret, token }), CONTEXT);
        if (!result.ok) return;
        carried++;
        expect(readers[format](result.value)).toMatchObject({
          AWS_ACCESS_KEY_ID: "ASIAEXAMPLE",
          AWS_SECRET_ACCESS_KEY: secret,
          AWS_SESSION_TOKEN: token,
        });
      }),
      { numRuns: 2_000 },
    );
    expect(carried).toBeGreaterThan(20);
  });
});

describe("the log of a GitHub workflow", () => {
  /** What the runner takes for the text to mask. @source actions/runner, ActionCommand: `%25`, `%0D` and `%0A` are undone. */
  const masked = (line: string): string =>
    line.slice("::add-mask::".length).replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");

  it("[US2] is told to mask both secrets before anything else is said", () => {
    fc.assert(
      fc.property(hostileText, hostileText, (secret, token) => {
        const result = formatCredentials("github", sample({ secret, token }), CONTEXT);
        const lines = result.ok ? result.value.split("\n") : [];
        expect(lines.slice(0, 2).map(masked)).toEqual([secret, token]);
        expect(lines.slice(2).some((line) => line.startsWith("::"))).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
