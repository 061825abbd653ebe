import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { VERSION } from "../../cli/src/version.ts";

it("the version that jcfetch tells is the one of its package", () => {
  const manifest = readFileSync(new URL("../../cli/package.json", import.meta.url), "utf8");
  expect((JSON.parse(manifest) as { version: string }).version).toBe(VERSION);
});
