import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "../../../cli/src/args.ts";
import { COMPLETION_SHELLS } from "../../../cli/src/args-completion.ts";
import { COMMANDS } from "../../../cli/src/args-table.ts";
import { candidates } from "../../../cli/src/complete/candidates.ts";
import { knownOf } from "../../../cli/src/complete/known.ts";
import type { Host } from "../../../cli/src/host.ts";

/** A terminal without any file. */
const host = { env: { HOME: "/nowhere" }, home: "/nowhere" } as unknown as Host;
const known = {
  ...knownOf(host),
  valuesOf: async (place: Parameters<ReturnType<typeof knownOf>["valuesOf"]>[0]) => {
    const isProfile =
      place.kind === "option"
        ? ["--profile", "-p"].includes(place.option)
        : (place.command === "env" && place.index === 0) || place.first === "share";
    if (!isProfile) return knownOf(host).valuesOf(place);
    return ["dev", "payments", "payments-prod"].map((text) => ({ text, about: "" }));
  },
};
const after = async (...words: string[]) => (await candidates(words, known)).map(({ text }) => text);

describe("completion", () => {
  it.each([
    [["sta"], ["status"]],
    [
      ["env", "pay"],
      ["payments", "payments-prod"],
    ],
    [["env", "dev", ""], []],
    [["--profile", "d"], ["dev"]],
    [["-p", "d"], ["dev"]],
    [["--profile=d"], ["--profile=dev"]],
    [["--profile", "=", "d"], ["dev"]],
    [["env", "--format", "power"], ["powershell"]],
    [["env", "--format", "fish", "d"], ["dev"]],
    [["env", "--fo"], ["--format"]],
    [["env", "--format", "fish", "--fo"], []],
    [
      ["broker", "st"],
      ["start", "stop", "status"],
    ],
    [
      ["agent", "s"],
      ["start", "stop", "status", "share", "socket"],
    ],
    [
      ["agent", "share", "pay"],
      ["payments", "payments-prod"],
    ],
    [["agent", "stop", "d"], []],
    [["agent", "share", "--e"], ["--end"]],
    [["broker", "start", "--k"], ["--keyring"]],
    [["help", "exi"], ["exit"]],
    [["nonsense", "x"], []],
    [["env", "dev", "--", "l"], []],
    [["configure", "--region", "eusc"], ["eusc-de-east-1"]],
  ])("[CF4] of %j gives %j", async (words, expected) => {
    expect(await after(...words)).toEqual(expected);
  });

  it("[CF4] offers every command, and says what it does", async () => {
    const all = await candidates([""], known);
    expect(all.map(({ text }) => text)).toEqual(Object.keys(COMMANDS));
    expect(all.filter(({ about }) => about === "")).toEqual([]);
  });

  it("[CF4] offers only what the parser takes", () => {
    for (const [command, { acts = [] }] of Object.entries(COMMANDS)) {
      for (const word of acts)
        expect(parse([command, word]), `${command} ${word}`).toMatchObject({ ok: true });
    }
    expect(COMPLETION_SHELLS).toContain("powershell");
  });

  it("[CF4] has three hundred profiles, from the file alone", async () => {
    const home = mkdtempSync(join(tmpdir(), "jcfetch-complete-"));
    try {
      const section = (i: number): string =>
        `[profile p${i}]\njcfetch_account_id = 111122223333\njcfetch_role_name = Admin\n`;
      mkdirSync(join(home, ".aws"));
      writeFileSync(join(home, ".aws/config"), Array.from({ length: 300 }, (_, i) => section(i)).join(""));
      const there = knownOf({ env: {}, home } as unknown as Host);
      expect(await candidates(["env", "p"], there)).toHaveLength(300);
    } finally {
      rmSync(home, { recursive: true });
    }
  });
});
