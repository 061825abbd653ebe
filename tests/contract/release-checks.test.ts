import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { readLock } from "../../tools/lib/lockfile.ts";
import { ROOT, run } from "../../tools/lib/process.ts";
import { compile } from "../../tools/release/compile.ts";
import { checked } from "../../tools/release/executables.ts";
import { kindOf } from "../../tools/release/formats.ts";
import { keyringFor } from "../../tools/release/keyring.ts";
import { packageFor } from "../../tools/release/packages.ts";
import { obstacles, type State, stateHere } from "../../tools/release/publication.ts";
import { isSigned, signAdHoc } from "../../tools/release/signature.ts";
import { ownTarget, TARGETS } from "../../tools/release/targets.ts";
import { JCFETCH } from "../support/terminal.ts";

const folder = mkdtempSync(join(tmpdir(), "jcfetch-checks-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ready: State = {
  version: "1.2.3",
  license: "MIT",
  changelog: "# Changelog\n\n## 1.2.3 – 2027-01-31\n",
  changes: "",
  tags: ["v1.2.3"],
};

describe("a version", () => {
  it("may be published when all is in place", () => expect(obstacles(ready)).toEqual([]));

  it.each<[string, Partial<State>, RegExp]>([
    ["has changes that are not committed", { changes: " M README.md" }, /^the working tree has changes/],
    ["has no tag", { tags: ["v1.2.2"] }, /^this commit is not v1\.2\.3/],
    ["has no date", { changelog: "## 1.2.3 – unreleased\n" }, /^CHANGELOG\.md gives version 1\.2\.3 no date/],
    ["is in no change log", { changelog: "## 1.2.30 – 2027-01-31\n" }, /no date/],
    ["has no license", { license: "UNLICENSED" }, /^nobody may use it/],
  ])("may not when it %s", (_, change, said) => {
    expect(obstacles({ ...ready, ...change })).toEqual([expect.stringMatching(said)]);
  });

  it("that may not is refused by npm run release, which then makes nothing", async ({ skip }) => {
    if (obstacles(await stateHere()).length === 0) skip("this commit may be published");
    const { code, output } = await run(process.execPath, [join(ROOT, "tools/release.ts")]);
    expect(code).toBe(1);
    expect(output).toContain("Nothing was made.");
  });
});

/** A file that begins as the programs of a system do, with a processor's number. */
const begins = (...fields: readonly (readonly [at: number, bytes: readonly number[]])[]): Buffer => {
  const file = Buffer.alloc(2048);
  for (const [at, bytes] of fields) file.set(bytes, at);
  return file;
};
const elf = (machine: number) => begins([0, [0x7f, 0x45, 0x4c, 0x46]], [18, [machine, 0]]);
const machO = (processor: number) => begins([0, [0xcf, 0xfa, 0xed, 0xfe, processor, 0, 0, 1]]);
const pe = (low: number, high: number) =>
  begins([0, [0x4d, 0x5a]], [0x3c, [0x80]], [0x80, [0x50, 0x45, 0, 0, low, high]]);

describe("an executable", () => {
  it.each([
    ["linux-x64", elf(0x3e)],
    ["linux-arm64", elf(0xb7)],
    ["macos-x64", machO(7)],
    ["macos-arm64", machO(12)],
    ["windows-x64", pe(0x64, 0x86)],
  ])("is known by what it begins with: %s", (name, file) => {
    const { platform, arch } = TARGETS.find((target) => target.name === name)!;
    expect(kindOf(file)).toEqual({ platform, arch });
  });

  it.each([
    ["a processor that is none of ours", elf(0x28)],
    ["a script", Buffer.from("#!/bin/sh\n".padEnd(2048))],
    ["an old program of DOS", begins([0, [0x4d, 0x5a]])],
    ["nothing", Buffer.alloc(0)],
  ])("is not %s", (_, file) => expect(kindOf(file)).toBeUndefined());

  it("is what the build makes for this system, and not for another", async ({ skip }) => {
    const own = ownTarget() ?? skip("no executable is made for this system");
    await ensureBuilt("cli");
    const program = readFileSync(JCFETCH.executable);
    expect(checked(program, own!)).toBe(program);
    for (const other of TARGETS.filter((target) => target !== own))
      expect(() => checked(program, other)).toThrow(`the executable for ${other.name} is none`);
  });
});

const PAGE = 4096;
const SIGNATURE_AT = 2 * PAGE + 100;
const TEXT_BYTES = 2 * PAGE;

/** Three pages, the last of them short, with a command for the text and one for the signature, and the signature. */
function machOWith(signature: (code: Buffer) => Buffer): Buffer {
  const code = Buffer.alloc(SIGNATURE_AT, "code");
  code.set(machO(12).subarray(0, 16));
  code.writeUInt32LE(2, 16);
  code.set([0x19, 0, 0, 0, 72, 0, 0, 0], 32);
  code.write("__TEXT\0\0\0\0\0\0\0\0\0\0", 40, "latin1");
  code.writeBigUInt64LE(BigInt(TEXT_BYTES), 80);
  code.set([0x1d, 0, 0, 0, 16, 0, 0, 0], 104);
  code.writeUInt32LE(SIGNATURE_AT, 112);
  code.writeUInt32LE(512, 116);
  return Buffer.concat([code, signature(code), Buffer.alloc(512)]).subarray(0, SIGNATURE_AT + 512);
}

/** As codesign(1) lays it out, with the shortest fields there are. */
const signed = (): Buffer =>
  machOWith((code) => {
    const hashes = [0, 1, 2].map((page) =>
      createHash("sha256")
        .update(code.subarray(page * PAGE, (page + 1) * PAGE))
        .digest(),
    );
    const list = Buffer.alloc(20);
    for (const [at, value] of [0xfade0cc0, 20 + 44 + 96, 1, 0, 20].entries())
      list.writeUInt32BE(value, 4 * at);
    const directory = Buffer.alloc(44);
    for (const [at, value] of [0xfade0c02, 44 + 96, 0x20400, 2, 44, 0, 0, 3, SIGNATURE_AT].entries())
      directory.writeUInt32BE(value, 4 * at);
    directory.set([32, 2, 0, 12], 36);
    return Buffer.concat([list, directory, ...hashes]);
  });

describe("the signature in a program for macOS", () => {
  it("is of the program", () => expect(isSigned(signed())).toBe(true));

  it.each([
    ["first page", 200],
    ["last, which is short", SIGNATURE_AT - 1],
    ["list of hashes", SIGNATURE_AT + 20 + 44],
    ["end of what is signed", SIGNATURE_AT + 20 + 35],
  ])("is not when a bit of the %s has changed", (_, at) => {
    const program = signed();
    program[at]! ^= 1;
    expect(isSigned(program)).toBe(false);
  });

  it("is made anew where it was another's", () => {
    const program = machOWith(() => Buffer.from("of something else"));
    expect(isSigned(program)).toBe(false);
    const before = Buffer.from(program.subarray(0, SIGNATURE_AT));
    signAdHoc(program);
    expect(isSigned(program)).toBe(true);
    expect(program.subarray(0, SIGNATURE_AT)).toEqual(before);
    const directory = program.subarray(SIGNATURE_AT + 20);
    expect(directory.toString("latin1", directory.readUInt32BE(20)).split("\0")[0]).toBe("jcfetch");
    expect(directory.readBigUInt64BE(72)).toBe(BigInt(TEXT_BYTES));
  });

  it("must be there, and must have room", () => {
    const program = signed();
    program[116] = 10;
    program[117] = 0;
    expect(() => signAdHoc(program)).toThrow("too little room");
    program[104] = 0x1b;
    expect(() => signAdHoc(program)).toThrow("no place");
    const arm64 = TARGETS.find(({ name }) => name === "macos-arm64")!;
    expect(() => checked(program, arm64)).toThrow("no signature that is of it");
  });
});

it("a package for another system counts only with the lock file's checksum, and is not kept without", async () => {
  const lock = readLock();
  const { runtime } = TARGETS.find((target) => target !== ownTarget())!;
  const { version } = lock[`node_modules/${runtime}`]!;
  const path = join(folder, `${runtime.replace("/", "-")}-${version}.tgz`);
  writeFileSync(path, "something else");
  await expect(packageFor(runtime, lock, folder)).rejects.toThrow("is not what the lock file says");
  expect(existsSync(path)).toBe(false);
});

it("an executable finds the keyring that lies beside it, native part and all", async ({ skip }) => {
  const own = ownTarget() ?? skip("no executable is made for this system");
  const script = join(folder, "look.mjs");
  const sealing = join(ROOT, "cli/src/config/sealing.ts");
  writeFileSync(
    script,
    `import { keyringBeside } from ${JSON.stringify(sealing)};
     console.log(typeof keyringBeside(process.execPath)().Entry);`,
  );
  await compile(script, join(folder, "look"));
  for (const { name, content } of await keyringFor(own!, readLock())) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  expect(execFileSync(join(folder, "look"), { cwd: "/", encoding: "utf8" })).toBe("function\n");
});
