import { chmod, mkdir, mkdtemp, rm, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isOwn, memoryFolder, prepareOwn } from "../../../cli/src/sources/direct-place.ts";

const uid = process.getuid!();
const place = (runtime?: string) => ({
  env: runtime === undefined ? {} : { XDG_RUNTIME_DIR: runtime },
  platform: "linux",
  uid,
});
let memory: string;
let disk: string;
beforeEach(async () => {
  memory = await mkdtemp("/dev/shm/jcfetch-test-");
  disk = await mkdtemp(join(tmpdir(), "jcfetch-disk-"));
});
afterEach(() => Promise.all([memory, disk].map((path) => rm(path, { recursive: true }))));

describe("the folder for tokens", () => {
  it("[DM5] is below the runtime folder, if that is in memory and the user's own", async () => {
    expect(memoryFolder(place(memory))).toBe(join(memory, "jcfetch/sessions"));
    for (const other of [disk, "relative", join(memory, "not-there")]) {
      const found = memoryFolder(place(other));
      expect(found).not.toBe(join(other, "jcfetch/sessions"));
      expect(found).toMatch(/^\/(run\/user|dev\/shm)\//);
    }
    const another = { ...place(memory), uid: uid + 1 };
    expect(memoryFolder(another)).toBe(`/dev/shm/jcfetch-${uid + 1}/sessions`);
  });

  it("[DM5] is none on systems that cannot say what lies in memory", () => {
    expect(memoryFolder({ ...place(memory), platform: "darwin" })).toBeUndefined();
    expect(memoryFolder({ env: {}, platform: "win32", uid: undefined })).toBeUndefined();
  });

  it("[DM5] is made for its owner alone, whatever the umask, and refused as a link or open to others", async () => {
    const folder = join(memory, "jcfetch/sessions");
    const umask = process.umask(0);
    try {
      expect((await prepareOwn(place(), folder)).ok).toBe(true);
    } finally {
      process.umask(umask);
    }
    for (const one of [folder, join(memory, "jcfetch")]) {
      expect((await stat(one)).mode & 0o777).toBe(0o700);
    }
    expect(await isOwn({ uid }, folder)).toEqual({ ok: true, value: true });
    expect(await isOwn({ uid }, join(folder, "absent"))).toEqual({ ok: true, value: false });
    expect(await isOwn({ uid: uid + 1 }, folder)).toMatchObject({ error: { code: "sessions-exposed" } });
    await symlink(folder, join(memory, "link"));
    expect(await isOwn({ uid }, join(memory, "link"))).toMatchObject({ error: { code: "sessions-exposed" } });
    await mkdir(join(memory, "open"));
    await chmod(join(memory, "open"), 0o701);
    expect(await prepareOwn(place(), join(memory, "open/sessions"))).toMatchObject({
      error: { code: "sessions-exposed" },
    });
  });
});
