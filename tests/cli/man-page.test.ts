import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { COMMAND_NAMES } from "../../cli/src/args-table.ts";
import { helpOn, TOPIC_NAMES } from "../../cli/src/usage.ts";
import { manPage } from "../../tools/lib/man-page.ts";

/** As man(1) sets it: its warnings on stderr, the page on stdout. */
const set = (page: string) => {
  const args = ["-man", "-ww", "-Kutf8", "-Tutf8", "-rLL=200n", "-P-cbou"];
  const { status, stdout, stderr } = spawnSync("groff", args, { input: page, encoding: "utf8" });
  return { status, stdout, stderr };
};

describe("the manual page", () => {
  it("[CF9] is set without a warning, and says what help says, character by character", () => {
    const { status, stdout, stderr } = set(manPage());
    expect([status, stderr]).toEqual([0, ""]);
    for (const text of [
      "jcfetch - AWS role credentials from your access-portal session, in this terminal",
      'eval "$(jcfetch env dev)"',
      'eval "`jcfetch env dev`"',
      "~/.aws/config",
      "jcfetch profiles sync --template 'acme-{account}-{role:lower}' --yes",
      "EXIT STATUS",
    ]) {
      expect(stdout).toContain(text);
    }
  });

  it.each(TOPIC_NAMES)("[CF9] help on %s fits into a terminal of 80 columns", (name) => {
    expect(
      helpOn(name)!
        .split("\n")
        .filter((line) => [...line].length > 80),
    ).toEqual([]);
  });

  it("[CF9] there is help on every command, and the page has all of it", () => {
    expect(COMMAND_NAMES.filter((name) => !TOPIC_NAMES.includes(name))).toEqual([]);
    const page = manPage();
    expect(
      COMMAND_NAMES.filter(
        (name) => name !== "help" && !page.includes(`.SS ${name.replaceAll("-", "\\-")}\n`),
      ),
    ).toEqual([]);
  });
});
