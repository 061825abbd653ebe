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

const readers = { powershell: readPowershell, cmd: readCmd };

describe.each(["powershell", "cmd"] as const)("%s, by its grammar", (format) => {
  it("[FO1] reads back every value it was given, or refuses it", () => {
    let carried = 0;
    fc.assert(
      fc.property(hostileText, hostileText, (secret, token) => {
        const result = formatCredentials(format, sample({ secret, token }), CONTEXT);
        if (!result.ok) return;
        carried++;
        const read = Object.fromEntries(result.value.trimEnd().split("\n").map(readers[format]));
        expect(read).toMatchObject({
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
