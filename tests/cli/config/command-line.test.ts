import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { credentialProcess } from "../../../cli/src/config/command-line.ts";

const shellWords = (line: string): string[] =>
  execFileSync("/bin/sh", ["-c", `printf '%s\\n' ${line}`], { encoding: "utf8" })
    .trimEnd()
    .split("\n");

describe("the line of a credential_process", () => {
  it.each([
    [["/usr/local/bin/jcfetch"]],
    [["/usr/bin/node", "/opt/jc fetch (new)/jcfetch.mjs"]],
    [["/home/ana/.local/~x/jcfetch"]],
  ])("[CL2] for %j is split by a shell into the same words", (self) => {
    const line = credentialProcess(self, "dev");
    if (!line.ok) throw new Error(line.error.title);
    expect(shellWords(line.value)).toEqual([...self, "process", "dev"]);
  });

  it.each([
    "/opt/$HOME/jcfetch",
    '/opt/"/jcfetch',
    "/opt/#1/jcfetch",
    "/opt/`id`/jcfetch",
    "/opt/a\nb",
    "/opt/é",
  ])("[FO2] is not written for %j, which they read differently", (path) => {
    expect(credentialProcess([path], "dev")).toMatchObject({ ok: false, error: { code: "cannot-carry" } });
  });

  it("[CL2] quotes a path of Windows", () => {
    const line = credentialProcess(["C:\\Program Files\\jcfetch.exe"], "dev");
    expect(line).toEqual({ ok: true, value: '"C:\\Program Files\\jcfetch.exe" process dev' });
  });
});
