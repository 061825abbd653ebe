import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { objectsDirOf } from "../../worker/src/local/serve.ts";
import { post, type RawAnswer } from "../support/clients.ts";
import { type PairedDevice, startWorld } from "../support/world.ts";
import { integrityOf, verifiedActivity } from "./kill/audit.ts";
import type { Message } from "./kill/writers.ts";
import { count, measured, scale } from "./scale.ts";

const REQUESTS = scale(40, 400);
const PATH = "/v1/envelope";

/** A small disk of its own for the broker's databases; only root can make one. */
function smallDisk(mib: number): string | undefined {
  const stateDir = mkdtempSync(join(tmpdir(), "jcfetch-disk-"));
  const folder = objectsDirOf(stateDir);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${mib}m,mode=0700`, "tmpfs", folder], {
      stdio: "ignore",
    });
  } catch {
    rmSync(stateDir, { recursive: true });
    return undefined;
  }
  return stateDir;
}

const DISK = smallDisk(4);
afterAll(() => {
  if (DISK === undefined) return;
  execFileSync("umount", ["--lazy", objectsDirOf(DISK)]);
  rmSync(DISK, { recursive: true });
});

/** Take everything that is left of the disk. */
async function fill(folder: string): Promise<string> {
  const path = join(folder, "filler");
  const file = await open(path, "w");
  for (const size of [65_536, 4_096, 1]) {
    const part = Buffer.alloc(size);
    while (
      await file.write(part).then(
        ({ bytesWritten }) => bytesWritten === size,
        () => false,
      )
    );
  }
  await file.close();
  return path;
}

interface Sent {
  readonly message: Message;
  readonly answer: RawAnswer;
}

async function send(device: PairedDevice, times: number): Promise<Sent[]> {
  const body = JSON.stringify({ grant: device.grant });
  const all: Sent[] = [];
  for (let i = 0; i < times; i++) {
    const message = { path: PATH, headers: await device.prove(PATH, body), body };
    all.push({ message, answer: await post(device.url, PATH, message) });
  }
  return all;
}

const good = ({ answer }: Sent): boolean => answer.status === 200;

it.skipIf(DISK === undefined)(
  "D-6: on a full disk, and on one that cannot be written, the broker says no more than that it failed, and loses nothing",
  async (context) => {
    await using world = await startWorld({ stateDir: DISK! });
    const { broker } = world;
    const device = await world.pairedDevice();
    const before = await send(device, 10);
    expect(before.every(good)).toBe(true);

    const filler = await fill(broker.objectsDir);
    const during = await send(device, REQUESTS);
    const refused = during.filter((one) => !good(one));
    expect(refused.length).toBeGreaterThan(0);
    for (const { answer } of refused) {
      expect(answer).toMatchObject({ status: 500, code: "internal" });
      expect(answer.text).not.toMatch(/sqlite|disk|full|\.ts|\/tmp/i);
    }
    expect((await post(broker.url, "/v1/health")).status).toBe(200);

    // What was answered is there, also after a kill; and with room the same device goes on.
    await broker.kill();
    await rm(filler);
    await broker.restart();
    await expectSpent(broker.url, [...before, ...during].filter(good));
    expect((await send(device, 5)).every(good)).toBe(true);

    await broker.kill();
    execFileSync("mount", ["-o", "remount,ro", broker.objectsDir]);
    await broker.restart();
    const written = await send(device, 10);
    expect(new Set(written.map(({ answer }) => answer.code))).toEqual(new Set(["internal"]));
    await broker.kill();
    execFileSync("mount", ["-o", "remount,rw", broker.objectsDir]);
    expect(new Set(await integrityOf(broker))).toEqual(new Set(["ok"]));
    await broker.restart();
    await expectSpent(broker.url, [...before, ...during].filter(good));
    expect((await send(device, 5)).every(good)).toBe(true);
    await verifiedActivity(broker, device.user);
    measured(
      context,
      `${count(during.length)} requests on a full disk, ${count(refused.length)} refused; 10 on a read-only one`,
    );
  },
);

async function expectSpent(url: string, sent: readonly Sent[]): Promise<void> {
  for (const { message } of sent) expect((await post(url, message.path, message)).code).toBe("replay");
}
