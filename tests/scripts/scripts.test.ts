import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, it } from "vitest";
import { ensureBuilt } from "../../tools/build.ts";
import { startWorld, type TestWorld } from "../support/world.ts";
import { BUILDS } from "./bin.ts";
import { play } from "./play.ts";
import { readTranscript } from "./transcript.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));
const transcripts = readdirSync(folder)
  .filter((name) => name.endsWith(".txt"))
  .map((name) => ({ name, transcript: readTranscript(readFileSync(`${folder}${name}`, "utf8")) }));

beforeAll(() => ensureBuilt("cli"));

describe.each(BUILDS)("the %s, without a broker", (build) => {
  for (const { name, transcript } of transcripts.filter((one) => !one.transcript.online)) {
    it(`${transcript.title} (${name})`, () => play(transcript, build));
  }
});

describe.each(BUILDS)("the %s, with a broker", (build) => {
  let world: TestWorld;
  let stateDir: string;
  beforeAll(async () => {
    // Of its own, so that a broker that is stopped and started again still knows everybody.
    stateDir = await mkdtemp(join(tmpdir(), "jcfetch-state-"));
    world = await startWorld({ stateDir });
  });
  beforeEach(() => world.sim.faults.clear());
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
    await rm(stateDir, { recursive: true });
  });

  for (const { name, transcript } of transcripts.filter((one) => one.transcript.online)) {
    it(`${transcript.title} (${name})`, () => play(transcript, build, world));
  }
});
