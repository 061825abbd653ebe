import { describe, expect, it } from "vitest";
import { evalHint, shellFormat } from "../../cli/src/shell.ts";

describe("the user's shell", () => {
  it.each([
    ["linux", { SHELL: "/bin/bash" }, "sh"],
    ["linux", { SHELL: "/usr/bin/zsh" }, "sh"],
    ["linux", { SHELL: "/usr/bin/fish" }, "fish"],
    ["darwin", { SHELL: "/opt/homebrew/bin/pwsh" }, "powershell"],
    ["linux", { SHELL: "/usr/bin/nu" }, "nushell"],
    ["linux", { SHELL: "/bin/csh" }, "tcsh"],
    ["linux", { SHELL: "/bin/constructor" }, "sh"],
    ["linux", {}, "sh"],
    ["win32", { PROMPT: "$P$G" }, "cmd"],
    ["win32", {}, "powershell"],
  ] as const)("[CL2] on %s with %j reads %s", (platform, env, format) => {
    expect(shellFormat({ platform, env })).toBe(format);
  });

  it("[CL2] is told the line that takes the credentials over, where there is one", () => {
    expect(evalHint("fish", "dev")).toBe("jcfetch env dev | source");
    expect(evalHint("cmd", "dev")).toBeUndefined();
    expect(evalHint("fish", "dev", "sh")).toBe("jcfetch env dev --format fish | source");
  });
});
