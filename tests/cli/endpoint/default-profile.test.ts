import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hidingDefault } from "../../../cli/src/endpoint/default-profile.ts";
import type { Host } from "../../../cli/src/host.ts";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "jcfetch-"));
  mkdirSync(join(home, ".aws"));
});
afterEach(() => rm(home, { recursive: true }));

const hiddenBy = (credentials: string) => {
  writeFileSync(join(home, ".aws/credentials"), credentials);
  return hidingDefault({ env: {}, home, platform: "linux" } as Host);
};

const KEYS = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = example\n";
const HIDDEN = { AWS_SHARED_CREDENTIALS_FILE: "/dev/null" };

describe("a default profile with credentials of its own", () => {
  it.each([
    ["in a file that everybody reads", `[default]\n${KEYS}`],
    ["where another section stands twice, as some tools read over", `[default]\n${KEYS}[old]\n[old]\n`],
    ["behind a line that is no setting", `[old]\nnothing\n[default]\n${KEYS}`],
  ])("[US8] is not shown to a command, %s", async (_, credentials) => {
    expect(await hiddenBy(credentials)).toEqual(HIDDEN);
  });

  it.each([
    ["without keys", "[default]\nregion = eu-west-1\n"],
    ["of another profile's keys", `[work]\n${KEYS}`],
    ["with nothing in it", ""],
  ])("[US8] is no reason to hide a file %s", async (_, credentials) => {
    expect(await hiddenBy(credentials)).toEqual({});
  });
});
