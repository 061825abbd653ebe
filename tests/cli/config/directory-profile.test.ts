import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { directoryProfile } from "../../../cli/src/config/directory-profile.ts";
import type { Host } from "../../../cli/src/host.ts";
import { openIo } from "../../../cli/src/io.ts";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "jcfetch-"));
});
afterEach(() => rm(home, { recursive: true }));

/** All that a terminal is sent in a folder of that name, whose file chooses `prod`. */
async function saidIn(name: string, person: boolean): Promise<string> {
  const directory = join(home, name);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, ".jcfetch.json"), '{"profile":"prod"}');
  let said = "";
  const streams = {
    stderr: { write: (text: string) => (said += text) },
    isTerminal: () => true,
    plain: true,
  };
  const io = openIo(streams as never);
  const ask = async (question: string) => {
    said += question;
    return { kind: "timeout" };
  };
  const host = {
    home,
    directory,
    env: {},
    io: { ...io, ask, stdinIsTerminal: person, stderrIsTerminal: true },
  };
  const found = await directoryProfile(host as unknown as Host);
  if (found.ok) throw new Error("it is trusted");
  io.fail(found.error, false);
  return said;
}

describe("a folder whose name is made for a terminal", () => {
  it.each([
    ["goes back to the line's begin", "x\r\u001b[2K~/own/.jcfetch.json chooses the profile dev. Trust it? "],
    ["has lines of its own", "x\nThe profile is dev."],
    ["turns the order of letters round", "x\u202ever"],
  ])("[PR6] that %s shows as what it is where trust is asked for", async (_, name) => {
    for (const person of [true, false]) {
      const said = await saidIn(`${name}${person}`, person);
      expect(said).toContain("chooses the profile prod");
      expect(said.replaceAll(/\n {2}→|\n(?=$|jcfetch:)/g, "")).not.toMatch(/\p{C}/u);
    }
  });
});
