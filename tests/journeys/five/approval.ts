import { expect } from "vitest";
import { STORAGE } from "../../support/journey.ts";
import { answerRequest, digitsOn, pair, revoke } from "../../support/person.ts";
import { Terminal } from "../../support/terminal.ts";
import type { Walk } from "./walk.ts";

const NAME = "asking";

/** A role that only the browser serves, each time for the number on the terminal. */
export async function approvalWithTheNumber(walk: Walk): Promise<void> {
  await using terminal = await Terminal.open();
  const popup = await walk.terminals();
  const running = terminal.jcfetch("pair");
  const roles = [{ search: STORAGE, role: "S3Admin" }];
  const served = [{ role: "S3Admin", way: "asks" }] as const;
  await pair(popup, running, { roles, served, name: NAME, mode: "relay" });
  expect(await running.ended).toMatchObject({ code: 0 });

  const asking = await walk.step("ask", popup, async () => {
    const asked = terminal.onConsole("process", `${STORAGE}/S3Admin`);
    const digits = await digitsOn(asked);
    await popup.getByLabel("Number on the terminal").waitFor();
    return { asked, digits };
  });
  await walk.step("approve", popup, () => answerRequest(popup, asking.digits));
  const { code, stderr } = await asking.asked.ended;
  expect(code, stderr).toBe(0);
  expect(stderr).toContain('"AccessKeyId"');
  await walk.step("look back", popup, () => popup.getByText("gets S3Admin in").waitFor());
  await revoke(popup, NAME);
}
