import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { err, ok } from "@jcfetch/shared/result";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { removeLeftovers } from "../../../cli/src/config/leftovers.ts";
import { withLock } from "../../../cli/src/config/lock.ts";
import { editFile, writeWhole } from "../../../cli/src/config/replace-file.ts";
import { fail } from "../../../cli/src/exit.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "jcfetch-edit-"));
  path = join(folder, "config");
});
afterEach(() => rmSync(folder, { recursive: true }));

const append = (text: string) => (bytes: Buffer | undefined) => ok(Buffer.from(`${bytes ?? ""}${text}`));

describe("a file that is edited", () => {
  it("[CL3] is made with its folder when it is not there, for the owner alone", async () => {
    path = join(folder, "new/config");
    expect((await editFile(path, append("a"))).ok).toBe(true);
    expect(readFileSync(path, "utf8")).toBe("a");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "new")).mode & 0o777).toBe(0o700);
  });

  it("[CL3] keeps its mode, and nothing is left beside it", async () => {
    writeFileSync(path, "a", { mode: 0o640 });
    await editFile(path, append("b"));
    expect(readFileSync(path, "utf8")).toBe("ab");
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(["config"]);
  });

  it("[CL3] leaves neither its lock nor what was not put in place, when its program is told to end", async () => {
    writeFileSync(path, "a");
    const mayReplace = async (): Promise<boolean> => {
      expect(readdirSync(folder)).toHaveLength(3);
      removeLeftovers();
      expect(readdirSync(folder)).toEqual(["config"]);
      return false;
    };
    await withLock(`${path}.lock`, () => writeWhole(path, Buffer.from("b"), { mayReplace }));
    expect(readFileSync(path, "utf8")).toBe("a");
    expect.assertions(3);
  });

  it("[CL3] behind a symbolic link is replaced where it is, and the link stays", async () => {
    mkdirSync(join(folder, "dotfiles"));
    writeFileSync(join(folder, "dotfiles/aws"), "a");
    symlinkSync("dotfiles/aws", path);
    await editFile(path, append("b"));
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, "dotfiles/aws"), "utf8")).toBe("ab");
  });

  it("[CL3] behind a link that leads to nothing yet is made there", async () => {
    symlinkSync("elsewhere", path);
    await editFile(path, append("b"));
    expect(readFileSync(join(folder, "elsewhere"), "utf8")).toBe("b");
  });

  it("[CL3] [CL5] is refused when it is no regular file, also behind a link", async () => {
    mkdirSync(join(folder, "place"));
    symlinkSync("place", path);
    expect(await editFile(path, append("b"))).toMatchObject({
      ok: false,
      error: { code: "cannot-read", title: expect.stringContaining("it is not a regular file") },
    });
    expect(await writeWhole(join(folder, "place"), Buffer.from("b"))).toMatchObject({
      ok: false,
      error: { code: "cannot-write", title: expect.stringContaining("it is not a regular file") },
    });
    expect(readdirSync(folder).sort()).toEqual(["config", "place"]);
  });

  it("[CL3] [CL5] is left alone by an edit that is refused or changes nothing", async () => {
    path = join(folder, "none/config");
    const refusal = fail("config-broken", "x", "y");
    expect(await editFile(path, () => err(refusal))).toEqual({ ok: false, error: refusal });
    expect(await editFile(path, () => ok(undefined))).toEqual({ ok: true, value: null });
    expect(existsSync(join(folder, "none"))).toBe(false);
  });

  it("[CL3] is edited again when another program has written meanwhile", async () => {
    writeFileSync(path, "a");
    let calls = 0;
    const done = await editFile(path, (bytes) => {
      calls++;
      // The second call is the one under the lock; a program without our lock writes right after it.
      if (calls === 2) queueMicrotask(() => writeFileSync(path, "other"));
      return append("b")(bytes);
    });
    expect([done.ok, readFileSync(path, "utf8")]).toEqual([true, "otherb"]);
  });

  it("[CL3] by many at once has every edit in it", async () => {
    const edits = Array.from({ length: 20 }, (_, i) => editFile(path, append(`${i};`)));
    expect((await Promise.all(edits)).every(({ ok: done }) => done)).toBe(true);
    const numbers = readFileSync(path, "utf8").split(";").filter(Boolean).map(Number);
    expect(numbers.sort((a, b) => a - b)).toEqual([...Array(20).keys()]);
  });

  it.each([
    ["a minute ago", -60_000],
    ["before the clock was set back", 3_600_000],
  ])("[CL6] is not waited for when a killed program left its lock %s", async (_, offMs) => {
    const lock = `${path}.jcfetch-lock`;
    writeFileSync(lock, "");
    const then = new Date(Date.now() + offMs);
    utimesSync(lock, then, then);
    expect((await editFile(path, append("a"))).ok).toBe(true);
    expect(readdirSync(folder)).toEqual(["config"]);
  });
});
