import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { CopyFormat } from "../../../extension/src/messaging/view.ts";
import { FORMATS } from "../../../extension/src/ui/format-names.ts";
import { search } from "../../support/canaries.ts";
import { AWS, STORAGE } from "../../support/journey.ts";
import { copyButton, openAccount, press } from "../../support/person.ts";
import { Terminal } from "../../support/terminal.ts";
import type { Walk } from "./walk.ts";

const ROLE = "S3Admin";
const ARN = /^arn:aws:sts::999999999999:assumed-role\/AWSReservedSSO_S3Admin_/;

/** How what was copied begins, by format. */
const BEGINS: Readonly<Record<CopyFormat, string>> = {
  sh: 'export AWS_ACCESS_KEY_ID="ASIA',
  fish: 'set -gx AWS_ACCESS_KEY_ID "ASIA',
  powershell: '$Env:AWS_ACCESS_KEY_ID="ASIA',
  cmd: "set AWS_ACCESS_KEY_ID=ASIA",
  nushell: 'load-env {"AWS_ACCESS_KEY_ID":"ASIA',
  dotenv: "AWS_ACCESS_KEY_ID=ASIA",
  json: "{",
  credentials: `[${STORAGE}_${ROLE}]\naws_access_key_id=ASIA`,
};

const PROMPT = "ready> ";
/** Shells as people sit at them, and the format to paste there. */
const SHELLS = [
  ["bash", "sh", "bash --norc --noprofile -i"],
  ["zsh", "sh", "zsh -f -i"],
  ["fish", "fish", `fish -N -i -C 'function fish_prompt; echo -n "${PROMPT}"; end'`],
] as const;

/** Paste into a shell on a console of its own. @returns who AWS says that one is there. */
async function pastedIn(line: string, text: string, endpoint: string): Promise<string> {
  await using terminal = await Terminal.open({ env: { PS1: PROMPT, TERM: "xterm" } });
  const console = ["/bin/sh", "-c", 'exec script -qefc "$LINE" /dev/null 1>&2'];
  const shell = terminal.start(console, { LINE: line });
  await shell.says(new RegExp(PROMPT));
  shell.type(text.trimEnd());
  const whoAmI = ["sts", "get-caller-identity", "--query", "Arn", "--output", "text"];
  shell.type(`${[AWS, ...whoAmI, "--endpoint-url", endpoint].join(" ")} > arn`);
  shell.type("exit");
  const { stderr } = await shell.ended;
  return readFile(join(terminal.home, "arn"), "utf8").catch(() => stderr);
}

/** Sign in, copy in the portal, paste in a shell: AWS accepts it, and the page has seen nothing of it. */
export async function copyAndPaste(walk: Walk): Promise<void> {
  const { browser, journey } = walk;
  const { sim } = journey;
  await using tab = await walk.watchedTab();
  const page = tab.screen;
  await walk.step("sign in", page, () => walk.signedIn(page));
  await walk.step("open the account", page, () => openAccount(page, STORAGE));
  const button = copyButton(page, STORAGE, ROLE);
  await walk.step("see the button", page, () => button.waitFor());

  const copied = new Map<CopyFormat, string>();
  const copy = async (format: CopyFormat): Promise<void> => {
    const before = sim.world.credentials.all.length;
    const isHeld = async (): Promise<boolean> => {
      const text = await browser.clipboard();
      const [given] = sim.world.credentials.all.slice(before);
      return given !== undefined && text.startsWith(BEGINS[format]) && text.includes(given.secretAccessKey);
    };
    await tab.toFront();
    await press(page, button, "menu");
    await page.keyboard.press("Home");
    for (let left = FORMATS.indexOf(format); left > 0; left--) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect.poll(isHeld, { timeout: 60_000 }).toBe(true);
    copied.set(format, await browser.clipboard());
  };
  // Formats differ in the text alone: that none needs the background of before is shown by those that are pasted.
  const formats = walk.way.stopping ? SHELLS.map(([, format]) => format) : FORMATS;
  for (const format of new Set(formats)) await walk.step(`copy as ${format}`, page, () => copy(format));

  const issued = sim.world.credentials.all.slice(-copied.size);
  expect([...copied.values()].at(-1)).toContain(issued.at(-1)!.secretAccessKey);
  // Not the portal's own token: its page has that, and asks AWS with it.
  const secrets = new Map(
    issued.flatMap((one) => [
      [`secret key of ${one.accessKeyId}`, one.secretAccessKey],
      [`session token of ${one.accessKeyId}`, one.sessionToken],
    ]),
  );
  const seen = ["hostile.noted.join()", "hostile.roots().join()", "document.documentElement.outerHTML"];
  const all = Buffer.from(String(await tab.evaluate(seen.join(" + "))));
  expect(all.includes(ROLE)).toBe(true);
  expect(search(new Map([["the page", all]]), secrets)).toEqual([]);

  for (const [shell, format, line] of SHELLS)
    expect(await pastedIn(line, copied.get(format)!, sim.origin), shell).toMatch(ARN);
}
