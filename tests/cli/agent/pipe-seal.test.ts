import { mkdtemp, readFile, realpath, rm, stat } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { answerOf } from "../../../cli/src/agent/client.ts";
import { serve } from "../../../cli/src/agent/connection.ts";
import { agentLines, clientLines, makePipeKey, readPipeKey } from "../../../cli/src/agent/pipe-seal.ts";
import type { AgentPlace } from "../../../cli/src/agent/place.ts";
import type { AgentAnswer } from "../../../cli/src/agent/wire.ts";
import type { Host } from "../../../cli/src/host.ts";

/* A pipe's path is a file's name elsewhere, so that what is said over one can be heard on any system. */

const start = process.cwd();
const open: Server[] = [];
let place: AgentPlace;
beforeEach(async () => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "jcfetch-pipe-")));
  process.chdir(folder);
  place = { mode: "own", folder, socket: "\\\\.\\pipe\\jcfetch-test" };
});
afterEach(async () => {
  for (const server of open.splice(0)) await new Promise((resolve) => server.close(resolve));
  process.chdir(start);
  await rm(place.folder, { recursive: true });
});

const host = {} as Host;
const REQUEST = { v: 1, op: "status" } as const;
const ANSWER = { answer: "done" } as AgentAnswer;

const listen = async (server: Server): Promise<void> => {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(place.socket, resolve));
};

/** An agent that notes what it was asked. */
async function agentWith(key: Buffer): Promise<string[]> {
  const asked: string[] = [];
  const answering = {
    line: async (line: string) => {
      asked.push(line);
      return ANSWER;
    },
    http: async () => "",
  };
  await listen(createServer((socket) => serve(socket, answering, (heard) => agentLines(key, heard))));
  return asked;
}

describe("what is said over a pipe", () => {
  it("[AG21] is heard by the agent whose key lies in the user's folder, and answered", async () => {
    const key = (await makePipeKey(place))!;
    const asked = await agentWith(key);
    expect(await answerOf(host, place, REQUEST)).toEqual(ANSWER);
    expect(asked.map((line) => JSON.parse(line))).toEqual([REQUEST]);
  });

  it("[AG21] tells nothing to whoever has made the pipe without the key, and believes nothing", async () => {
    await makePipeKey(place);
    const heard: string[] = [];
    await listen(
      createServer((socket) =>
        socket.on("data", (chunk) => {
          heard.push(chunk.toString());
          const echoed = JSON.parse(chunk.toString()) as object;
          for (const line of [ANSWER, echoed, { sealed: "" }, { sealed: "A".repeat(99) }])
            socket.write(`${JSON.stringify(line)}\n`);
        }),
      ),
    );
    expect(await answerOf(host, place, REQUEST)).toBeUndefined();
    expect(heard.join("")).not.toContain("status");
    expect(Object.keys(JSON.parse(heard[0]!) as object)).toEqual(["sealed"]);
  });

  it("[AG21] is believed by nobody before there is a key, nor by another user's", async () => {
    const asked = await agentWith(Buffer.alloc(32));
    expect(await answerOf(host, place, REQUEST)).toBeUndefined();
    await makePipeKey(place);
    expect(await answerOf(host, place, REQUEST)).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it("[AG21] answers its own request only, and nothing of it can be changed", () => {
    const key = Buffer.alloc(32, 7);
    const [one, other] = [clientLines(key), clientLines(key)];
    const [asked] = [one.out("first"), other.out("second")];
    const agent = agentLines(key, asked!);
    expect(agent.in(asked!)).toBe("first");
    const said = agent.out("answer");
    expect([one.in(said), other.in(said)]).toEqual(["answer", undefined]);
    const { sealed } = JSON.parse(said) as { sealed: string };
    const box = Buffer.from(sealed, "base64url");
    for (let at = 0; at < box.length; at += 1) {
      const changed = Buffer.from(box);
      changed[at]! ^= 1;
      expect(one.in(JSON.stringify({ sealed: changed.toString("base64url") }))).toBeUndefined();
    }
    expect(one.in(asked!)).toBeUndefined();
  });

  it("[AG21] keeps its key, for the user alone, from one agent to the next", async () => {
    const first = await makePipeKey(place);
    expect(await makePipeKey(place)).toEqual(first);
    expect(readPipeKey(place)).toEqual(first);
    const path = join(place.folder, "agent.key");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, "utf8")).toMatch(/^[\w-]{43}$/);
  });
});
