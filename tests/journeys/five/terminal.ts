import { expect } from "vitest";
import { AWS, STORAGE } from "../../support/journey.ts";
import { pair, revoke } from "../../support/person.ts";
import { Terminal } from "../../support/terminal.ts";
import type { Walk } from "./walk.ts";

const NAME = "laptop";

/** Pair a terminal, fetch with it, take it away. */
export async function terminalOfOnesOwn(walk: Walk): Promise<void> {
  await using terminal = await Terminal.open();
  const popup = await walk.terminals();
  const running = terminal.jcfetch("pair");
  const roles = [{ search: STORAGE, role: "S3Admin" }];
  await pair(popup, running, { roles, name: NAME, onStep: (step) => walk.before(`pair ${step}`, popup) });
  expect(await running.ended).toMatchObject({ code: 0, stdout: "" });

  const flags = ["--account", STORAGE, "--role", "S3Admin", "--region", "us-east-1"];
  expect(await terminal.run("configure", "--profile", "s3", ...flags)).toMatchObject({ code: 0 });
  await walk.step("fetch", popup, async () => {
    const fetched = await terminal.run("--profile", "s3");
    expect(JSON.parse(fetched.stdout)).toMatchObject({ Version: 1, AccountId: STORAGE });
  });
  await walk.step("use it", popup, async () => {
    const words = [AWS, "s3", "ls", "--profile", "s3", "--endpoint-url", walk.journey.sim.origin];
    const listed = await terminal.start(words).ended;
    expect(listed.stdout, listed.stderr).toContain("storage-archive");
  });
  await walk.step("remove it", popup, () => revoke(popup, NAME));
  const refused = await terminal.run("--profile", "s3");
  expect(refused).toMatchObject({ code: 3, stdout: "" });
  expect(refused.stderr).toContain("[revoked, exit 3");
}
