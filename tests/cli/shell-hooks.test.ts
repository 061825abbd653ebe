import { describe, expect, it } from "vitest";
import { CHANGED } from "../../cli/src/shell-hooks/names.ts";
import { POWERSHELL } from "../../cli/src/shell-hooks/powershell.ts";

describe("the functions for a shell", () => {
  it("[US12] of PowerShell, which does not run here, close what they open, and know every name", () => {
    const bare = POWERSHELL.replaceAll(/'[^'\n]*'|"[^"\n]*"/g, "''");
    expect(bare).not.toMatch(/["`]/);
    const open: string[] = [];
    for (const [character] of bare.matchAll(/[(){}[\]]/g)) {
      if ("({[".includes(character)) open.push({ "(": ")", "{": "}", "[": "]" }[character]!);
      else expect(open.pop()).toBe(character);
    }
    expect(open).toEqual([]);
    for (const name of CHANGED) expect(POWERSHELL).toContain(`'${name}'`);
  });
});
