import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { onWindows } from "../../cli/src/windows-command.ts";
import { hostileText } from "../shared/formats/samples.ts";

const FILES = [
  "C:\\node\\npm.cmd",
  "C:\\tools\\terraform.exe",
  "C:\\tools\\both.exe",
  "C:\\tools\\both.cmd",
  "C:\\work dir\\build.bat",
  "C:\\work dir\\here.exe",
];
const place = {
  env: { Path: "C:\\node;C:\\tools", PATHEXT: ".EXE;.CMD;.BAT", ComSpec: "C:\\Windows\\cmd.exe" },
  directory: "C:\\work dir",
  exists: (path: string) => FILES.some((file) => file.toLowerCase() === path.toLowerCase()),
};

/** One reading of a line by cmd.exe: a caret makes the next character plain. No other may have a meaning. */
function readOnce(line: string): string {
  let read = "";
  for (let at = 0; at < line.length; at++) {
    if (line[at] === "^") at++;
    else expect('()[]%!"`<>&|;, *?').not.toContain(line[at]);
    read += line[at];
  }
  return read;
}

/** One quoted argument as programs read it. @source "Parsing C command-line arguments", Microsoft */
function readArgument(text: string): string {
  expect(text).toMatch(/^".*"$/s);
  let value = "";
  for (let at = 1; at < text.length - 1; at++) {
    const [slashes = ""] = /^\\*/.exec(text.slice(at)) ?? [];
    const next = text[at + slashes.length];
    if (next === '"') {
      value += "\\".repeat(Math.floor(slashes.length / 2));
      at += slashes.length;
      if (slashes.length % 2 === 1) value += '"';
      else expect(at).toBe(text.length - 1);
      continue;
    }
    value += slashes === "" ? text[at] : slashes;
    at += Math.max(0, slashes.length - 1);
  }
  return value;
}

describe("a command on Windows", () => {
  it("[US5] that is a program is started as it is", () => {
    expect(onWindows(["terraform", "plan", "a b"], place)).toEqual({
      program: "C:\\tools\\terraform.EXE",
      args: ["plan", "a b"],
      verbatim: false,
    });
    expect(onWindows(["both"], place).program).toBe("C:\\tools\\both.EXE");
  });

  it("[US5] is not taken from the directory unless a path says so", () => {
    expect(onWindows(["here"], place)).toEqual({ program: "here", args: [], verbatim: false });
    expect(onWindows([".\\here.exe"], place).program).toBe("C:\\work dir\\here.exe");
  });

  it("[US5] that is a script goes to the shell", () => {
    const { program, args, verbatim } = onWindows([".\\build", "x"], place);
    expect([program, verbatim]).toEqual(["C:\\Windows\\cmd.exe", true]);
    expect(args).toEqual(["/d", "/s", "/c", '"C:\\work^ dir\\build.BAT ^^^"x^^^""']);
  });

  it("[US5] that is a script gets its very arguments, read twice by cmd and once by a program", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const line = onWindows(["npm", text], place).args[3]!.slice(1, -1);
        const [path = ""] = line.split(" ");
        expect(readOnce(path)).toBe("C:\\node\\npm.CMD");
        expect(readArgument(readOnce(readOnce(line.slice(path.length + 1))))).toBe(text);
      }),
      { numRuns: 500 },
    );
  });
});
