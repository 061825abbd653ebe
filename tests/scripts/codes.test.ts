import { cpSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { allCodes } from "../../cli/src/exit.ts";
import { ensureBuilt } from "../../tools/build.ts";
import { JCFETCH, Terminal } from "../support/terminal.ts";

/* Every way in which jcfetch can fail is shown: in a transcript, or, where none can stage it, in a test that says how. */

const tests = join(import.meta.dirname, "..");
const transcripts = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith(".txt"))
  .map((name) => readFileSync(join(import.meta.dirname, name), "utf8"))
  .join("\n");

/** Codes that no transcript can stage: the file under tests/ that shows them, and why it takes more there. */
const ELSEWHERE: Readonly<Record<string, readonly [file: string, why: string]>> = {
  "enrolment-refused": ["worker/enrolment.test.ts", "an extension's answer: no terminal enrols"],
  "not-a-member": ["worker/membership.test.ts", "an extension's answer: no terminal enrols"],
  "cannot-carry": [
    "cli/config/command-line.test.ts",
    "AWS gives no such value, and no program lies at such a path here",
  ],
  busy: ["cli/sources/portal-roles.test.ts", "takes somebody else who works on a file for ten seconds"],
  "audit-broken": ["hostile/d16-going-on.test.ts", "takes a record that somebody has changed"],
  "no-host-program": ["scripts/codes.test.ts", "takes a jcfetch that was installed without a part"],
  "not-chosen": ["scripts/codes.test.ts", "takes a person at a terminal"],
  "no-workerd": ["scripts/broker.test.ts", "takes a broker of its own, installed without a part"],
  "no-keyring": ["scripts/broker.test.ts", "takes a broker of its own"],
  "no-service": ["scripts/broker-at-login.test.ts", "takes a service manager, or none"],
  "state-newer": ["scripts/broker.test.ts", "takes a broker of its own, of another version"],
  "state-damaged": ["scripts/broker.test.ts", "takes a broker of its own, whose files are torn"],
  "broker-unmade": ["scripts/broker.test.ts", "takes a broker of its own"],
  "broker-failed": ["scripts/broker-mended.test.ts", "takes a workerd that ends at once"],
  "sessions-exposed": ["scripts/direct-refresh.test.ts", "takes a sign-in"],
  "sign-in-refused": ["scripts/direct.test.ts", "takes a person in a browser"],
  "sign-in-timeout": ["cli/sign-in/waiting.test.ts", "takes ten minutes"],
  "sign-in-failed": ["cli/sign-in/waiting.test.ts", "takes an AWS that knows this program no more"],
  "nowhere-to-keep": ["scripts/direct-memory.test.ts", "takes a system without a file system in memory"],
  "certificate-refused": ["scripts/network.test.ts", "takes a server whose certificate nobody knows"],
  "proxy-refused": ["scripts/network.test.ts", "takes a proxy"],
  "no-browser": ["scripts/aws-console.test.ts", "takes credentials that AWS's sign-in service knows"],
};

const isShown = (code: string): boolean =>
  new RegExp(`^std(?:err|out) .*(?:\\[${code}[,\\]]|"code":"${code}")`, "m").test(transcripts);

describe("a code that stands in brackets after a failure", () => {
  it.each(allCodes())("[CL5] %s, with exit %i, is shown", (code) => {
    const [file] = ELSEWHERE[code] ?? [];
    if (file === undefined) return expect(isShown(code), "no transcript has it").toBe(true);
    expect(isShown(code), "a transcript has it: it needs no other place").toBe(false);
    expect(readFileSync(join(tests, file), "utf8")).toMatch(new RegExp(`\\b${code}\\b`));
  });

  it("[CL5] is one that can come", () => {
    const codes = new Set(allCodes().map(([code]) => code));
    expect(Object.keys(ELSEWHERE).filter((code) => !codes.has(code))).toEqual([]);
  });
});

describe("jcfetch", () => {
  beforeAll(() => ensureBuilt("cli"));

  it("[CL5] tells a person who leaves the list of profiles that none was chosen", async () => {
    await using terminal = await Terminal.open();
    for (const profile of ["one", "two"])
      await terminal.run(
        "configure",
        "--profile",
        profile,
        "--account",
        "111122223333",
        "--role",
        "PowerUser",
      );
    const listed = terminal.onConsole("env");
    await listed.says(/two/);
    listed.press("\x03");
    expect(await listed.ended).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("[not-chosen, exit 2]"),
    });
  });

  it("[CL5] that was installed without the broker's program says so", async () => {
    await using terminal = await Terminal.open();
    const folder = join(terminal.home, "installed");
    for (const part of ["jcfetch.mjs", "parts"])
      cpSync(join(dirname(JCFETCH.bundle), part), join(folder, part), { recursive: true });
    const running = terminal.start([process.execPath, join(folder, "jcfetch.mjs"), "broker", "start"]);
    expect(await running.ended).toMatchObject({
      ...{ code: 10, stdout: "" },
      stderr: expect.stringContaining("[no-host-program, exit 10]"),
    });
  });
});
