import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { pairedTerminal } from "../support/paired.ts";
import { startWorld, type TestWorld } from "../support/world.ts";

/* docs/storage.md against what is really there after a terminal has done all that it can do. */

const document = readFileSync(join(import.meta.dirname, "../../docs/storage.md"), "utf8");

/** Names in the first cells of the tables under a heading. */
function namedUnder(heading: string): string[] {
  const section = document.split(`## ${heading}`)[1]?.split("\n## ")[0] ?? "";
  return [...section.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell]) =>
    [...(cell as string).matchAll(/`([^`]+)`/g)].map(([, name]) => (name as string).replace(/\/$/, "")),
  );
}

let world: TestWorld;
beforeAll(async () => {
  await ensureBuilt("cli");
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

describe("what is left on a disk", () => {
  it("[CL4] by a terminal: the files of docs/storage.md, for its owner alone", async () => {
    await using paired = await pairedTerminal(world);
    const { terminal } = paired;
    const commands = [
      ["configure", "--account", "999999999999", "--role", "S3Admin"],
      ["--profile", "999999999999_S3Admin"],
      ["status"],
      ["profiles"],
    ];
    for (const command of commands) expect((await terminal.run(...command)).code).toBe(0);

    const found = readdirSync(terminal.home, { recursive: true, encoding: "utf8" }).filter((name) =>
      statSync(join(terminal.home, name)).isFile(),
    );
    const named = namedUnder("Terminal").map((name) => name.replace(/^~\//, ""));
    const own = (name: string): string => name.replace(/^\.config\/jcfetch\//, "");
    expect(found.map(own)).toContain("device.json");
    expect(found.filter((name) => !named.includes(own(name)))).toEqual([]);
    const modes = found
      .filter((name) => own(name) !== name)
      .map((name) => statSync(join(terminal.home, name)).mode & 0o777);
    expect(new Set(modes)).toEqual(new Set([0o600]));
    expect((await terminal.run("logout")).code).toBe(0);
    expect(readdirSync(join(terminal.home, ".config"))).toEqual([]);
  });

  it("by a local broker: the files of docs/storage.md", () => {
    const named = namedUnder("Local broker");
    const { stateDir } = world.broker;
    // A test may bring a bundle of its own; its name is not the product's.
    const found = readdirSync(stateDir).filter((name) => !/\.(m?js)$/.test(name));
    expect(found).toContain("objects");
    expect(found.filter((name) => !named.includes(name))).toEqual([]);
  });
});
