import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { err, ok } from "@jcfetch/shared/result";
import { beforeAll, describe, expect, it } from "vitest";
import { editText, writeProfiles } from "../../cli/src/config/aws-config.ts";
import { split } from "../../cli/src/config/block.ts";
import { linesOfProfile } from "../../cli/src/config/own-profile.ts";
import { lastChange, undo } from "../../cli/src/config/undo.ts";
import { fail } from "../../cli/src/exit.ts";
import type { Host } from "../../cli/src/host.ts";
import { ensureBuilt } from "../../tools/build.ts";
import { JCFETCH, Terminal } from "../support/terminal.ts";
import { count, measured, type Random, random, scale } from "./scale.ts";

/*
 * The editor of `~/.aws/config` on files that nobody has thought of, and killed wherever it writes: what is not ours stays
 * byte for byte, and a file is the old one or the new one.
 */

const PROFILE = {
  name: "new",
  account: "111122223333",
  role: "PowerUser",
  command: "/opt/jcfetch process new",
};
const LINES = linesOfProfile(PROFILE);

const BEGIN = "# >>> jcfetch: written by `jcfetch configure`, which also changes it";
const PIECES: readonly (string | Uint8Array)[] = [
  ...["\n", "\n", "\n", "\r\n", "\r", "\r\r\n", "\n\n", " ", "\t", "  ", "\u00a0", "\u2028", "\ufeff", "\0"],
  ...[
    "[default]",
    "[profile a]",
    "[profile b]",
    '[profile "a b"]',
    "[profile new]",
    "[sso-session acme]",
    "[x",
    "]",
  ],
  ...["region = eu-west-1", "output=json", "s3 =", "  max_queue_size = 5", "\tnested = 1", "key : value"],
  ...["credential_process = /opt/x y", "word", "=", "# note", "; note", "é", "日本", "x".repeat(300)],
  ...[BEGIN, `${BEGIN} (the line before had no end)`, "# <<< jcfetch", ` ${BEGIN}`, "# >>> jcfetch"],
  ...["jcfetch_account_id = 111122223333", "jcfetch_role_name = PowerUser", "jcfetch_template = {role}"],
  ...[Uint8Array.of(0xff), Uint8Array.of(0xc3), Uint8Array.of(0xed, 0xa0, 0x80)],
];

/** Most of it in lines, as files are; some with bytes that are no text. */
function strangeFile(below: Random): Buffer {
  const pieces: Buffer[] = [];
  const number = below(24);
  for (let i = 0; i < number; i++) {
    // Pieces that make a file unreadable are rare, or few files would get past the reader.
    const piece = PIECES[below(PIECES.length)]!;
    const rare = typeof piece !== "string" || /jcfetch:|<<<|^\[x|^\]|^word|^=|^\0/.test(piece);
    if (rare && below(8) > 0) continue;
    pieces.push(Buffer.from(piece as string), Buffer.from(below(3) > 0 ? "\n" : ""));
  }
  return Buffer.concat(pieces);
}

const edited = (bytes: Buffer, lines: readonly string[]): Buffer | undefined => {
  const text = editText(bytes, ({ outside }) =>
    outside.some(({ header }) => header === "profile new") && lines.length > 0
      ? err(fail("foreign-profile", "", ""))
      : ok(lines),
  );
  return text.ok ? Buffer.from(text.value) : undefined;
};

/** What stands around our block. */
function around(bytes: Buffer): { before: string; after: string; had: boolean } {
  const parts = split(bytes.toString("utf8"));
  if (!parts.ok) throw new Error(parts.error.why);
  const { before, after, inside } = parts.value;
  return { before, after, had: inside !== undefined };
}

describe("the editor of somebody else's file", () => {
  it("D-22: [CL3] leaves every byte outside of its block, whatever the file", (test) => {
    const below = random();
    const files = scale(100_000, 1_000_000);
    let written = 0;
    for (let i = 0; i < files; i++) {
      const old = strangeFile(below);
      const now = edited(old, LINES);
      if (now === undefined) continue; // refused: nothing is written
      written += 1;
      const was = around(old);
      const is = around(now);
      if (is.before !== was.before || is.after !== was.after) throw new Error(JSON.stringify(`${old}`));
      // Twice is once, and taken out it is as if it had never been there.
      if (!edited(now, LINES)!.equals(now)) throw new Error(JSON.stringify(`${old}`));
      if (!was.had && !edited(now, [])!.equals(old)) throw new Error(JSON.stringify(`${old}`));
      if (was.had && !edited(now, [])!.equals(edited(old, [])!)) throw new Error(JSON.stringify(`${old}`));
    }
    expect(written).toBeGreaterThan(files / 10);
    measured(test, `${count(files)} files, ${count(written)} written to, no byte outside lost`);
  });

  it("D-22: [PR4] gives back the very file by undo", async (test) => {
    const below = random();
    const files = scale(60, 1_000);
    const home = await mkdtemp(join(tmpdir(), "jcfetch-undo-"));
    const host = { home, env: {} } as unknown as Host;
    const path = join(home, ".aws/config");
    await mkdir(join(home, ".aws"));
    let undone = 0;
    for (let i = 0; i < files; i++) {
      const old = strangeFile(below);
      await writeFile(path, old);
      const done = await writeProfiles(host, [PROFILE]);
      if (done.ok) {
        const change = await lastChange(host);
        if (!change.ok || !change.value) throw new Error("there is nothing to undo");
        expect(await undo(host, change.value)).toEqual({ ok: true, value: null });
        undone += 1;
      }
      if (!(await readFile(path)).equals(old)) throw new Error(JSON.stringify(`${old}`));
    }
    expect(await readdir(join(home, ".aws"))).toEqual(["config"]);
    await rm(home, { recursive: true });
    expect(undone).toBeGreaterThan(files / 10);
    measured(test, `${count(files)} files, ${count(undone)} written to and undone`);
  });
});

describe("killed wherever it writes", () => {
  const preload = fileURLToPath(new URL("kill/at-write.mjs", import.meta.url));
  const command = [process.execPath, "--import", preload, JCFETCH.bundle];
  const mine = "# mine\n[profile other]\nregion = eu-west-1\n";
  beforeAll(() => ensureBuilt("cli"));

  it.each([
    ["configure", ["configure", "--profile", "b", "--account", "111122223333", "--role", "PowerUser"]],
    ["undo", ["profiles", "undo", "--yes"]],
  ])(
    "D-22: [CL3] [PR3] %s leaves the old file or the new one, and copies that are whole",
    async (_, words) => {
      await using terminal = await Terminal.open({ command });
      const folder = join(terminal.home, ".aws");
      const path = join(folder, "config");
      const copy = join(folder, "config.jcfetch-backup-1");
      await mkdir(folder);
      await writeFile(path, mine);
      await terminal.run("configure", "--profile", "a", "--account", "111122223333", "--role", "ReadOnly");
      const old = await readFile(path);
      expect(await terminal.run(...words)).toMatchObject({ code: 0 });
      const whole = await readFile(path);
      expect(whole.equals(old)).toBe(false);

      let points = 0;
      for (let at = 1; ; at++) {
        await rm(folder, { recursive: true });
        await mkdir(folder);
        await writeFile(path, old);
        await writeFile(copy, mine);
        const running = terminal.start([...command, ...words], { KILL_AT: String(at) });
        running.closeInput();
        const { code } = await running.ended;
        const found = await readFile(path);
        expect([old.toString(), whole.toString()]).toContain(found.toString());
        const names = await readdir(folder);
        for (const name of names.filter((one) => /^config\.jcfetch-backup/.test(one))) {
          expect([old.toString(), mine]).toContain(await readFile(join(folder, name), "utf8"));
        }
        if (code === 0) break;
        expect(code).toBeNull();
        points += 1;
        // The next one works; a lock that was left counts for ten seconds.
        const lock = join(folder, "config.jcfetch-lock");
        if (names.includes("config.jcfetch-lock")) await utimes(lock, 0, 0);
        const next = await terminal.run(
          "configure",
          "--profile",
          "c",
          "--account",
          "111122223333",
          "--role",
          "X",
        );
        expect(next).toMatchObject({ code: 0 });
      }
      expect(points).toBeGreaterThan(5);
    },
  );
});
