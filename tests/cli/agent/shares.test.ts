import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ok } from "@jcfetch/shared/result";
import { HOUR_MS, MINUTE_MS } from "@jcfetch/shared/time";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Asked } from "../../../cli/src/agent/ports.ts";
import { type ReadShareRequest, readRequest } from "../../../cli/src/agent/requests.ts";
import { Shares, shareFolder } from "../../../cli/src/agent/shares.ts";
import type { AgentAnswer } from "../../../cli/src/agent/wire.ts";
import { say } from "../../support/agent.ts";
import { after, START } from "./moments.ts";

let folder: string;
const opened: Shares[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "jcfetch-shares-"));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((shares) => shares.close()));
  rmSync(folder, { recursive: true });
});

const SESSION = {
  name: "acme",
  startUrl: "https://acme.awsapps.com/start",
  region: "us-east-1",
  scopes: ["sso:account:access"],
};
const request = (more: object = {}): ReadShareRequest => {
  const roles = [
    { source: { kind: "direct", session: SESSION }, account: "111122223333", role: "PowerUser" },
  ];
  const read = readRequest(JSON.stringify({ v: 1, op: "share", roles, forMs: HOUR_MS, ...more }));
  if (read?.op !== "share") throw new Error("no request");
  return read;
};
const GIVEN: AgentAnswer = {
  answer: "credentials",
  credentials: {
    accessKeyId: "ASIAEXAMPLEone",
    secretAccessKey: "secret",
    sessionToken: "token",
    expiresAtMs: START.wallMs + HOUR_MS,
  },
};

/** Shares of an agent that gives everything, and says what it was asked. */
function sharesHere() {
  const world = { at: START, asks: false, asked: [] as Asked[] };
  const agent = {
    asks: async () => ok(world.asks),
    credentials: async (asked: Asked): Promise<AgentAnswer> => {
      world.asked.push(asked);
      return GIVEN;
    },
  };
  const place = { mode: "own", folder, socket: join(folder, "agent.sock") } as const;
  const host = { uid: process.getuid!(), pid: process.pid };
  const make = (): Shares => {
    const shares = new Shares({ agent, place, host, now: () => world.at });
    opened.push(shares);
    return shares;
  };
  return { world, place, shares: make(), make };
}

const wanting = (more: object = {}): string =>
  `${JSON.stringify({
    v: 1,
    op: "credentials",
    source: { kind: "brokered" },
    account: "111122223333",
    role: "PowerUser",
    caller: { interactive: true, about: { process: "make", directory: "/" } },
    ...more,
  })}\n`;
const codeOf = async (path: string, line = wanting()): Promise<string> => {
  const answer = JSON.parse(await say(path, line)) as AgentAnswer;
  return answer.answer === "failure" ? answer.failure.code : answer.answer;
};
const pathOf = async (made: ReturnType<Shares["open"]>): Promise<string> => {
  const shared = await made;
  if (!shared.ok) throw new Error(shared.error.title);
  return shared.value.path;
};

describe("a shared socket", () => {
  it("[AG18] is 0600 in a folder of its own, and at the same place for the same roles", async () => {
    const { shares, place } = sharesHere();
    const [path, again] = await Promise.all([pathOf(shares.open(request())), pathOf(shares.open(request()))]);
    expect(again).toBe(path);
    expect([path, dirname(path)].map((one) => statSync(one).mode & 0o777)).toEqual([0o600, 0o700]);
    const [first, second] = [
      { account: "111122223333", role: "A" },
      { account: "111122223333", role: "B" },
    ];
    expect(shareFolder(place, [first!, second!])).toBe(shareFolder(place, [second!, first!, first!]));
    expect(shareFolder(place, [first!])).not.toBe(shareFolder(place, [second!]));
    const pipe = { ...place, socket: "\\\\.\\pipe\\jcfetch-1" };
    expect(shareFolder(pipe, [first!])).toMatch(/^\\\\\.\\pipe\\jcfetch-1-[\da-f]{8}$/);
  });

  it("[AG18] is at another place, and leaves alone what is there and what others could change", async () => {
    const { shares } = sharesHere();
    const wished = join(folder, "new/s.sock");
    expect(await pathOf(shares.open(request({ path: wished })))).toBe(wished);
    const file = join(folder, "file");
    writeFileSync(file, "mine");
    mkdirSync(join(folder, "open"));
    chmodSync(join(folder, "open"), 0o777);
    for (const path of [file, join(folder, "open/s"), `${folder}/${"x".repeat(100)}`]) {
      expect(await shares.open(request({ path }))).toMatchObject({
        ok: false,
        error: { code: "cannot-write" },
      });
    }
    expect(statSync(file).size).toBe(4);
    expect(shares.size).toBe(1);
  });

  it("[AG19] takes a role from where it was shared, whatever the request says of source, person and program", async () => {
    const { shares, world } = sharesHere();
    const path = await pathOf(shares.open(request()));
    expect(await codeOf(path, wanting({ build: "another", version: "9.9.9", folder: "/x" }))).toBe(
      "credentials",
    );
    expect(world.asked).toEqual([
      {
        source: { kind: "direct", session: SESSION },
        want: { account: "111122223333", role: "PowerUser" },
        minTtlMs: undefined,
        caller: { interactive: false },
        shared: true,
      },
    ]);
    expect(await codeOf(path, wanting({ role: "Admin" }))).toBe("not-shared");
    expect(await codeOf(path, wanting({ account: "444455556666" }))).toBe("not-shared");
    const get = (target: string) => say(path, `GET ${target} HTTP/1.1\r\nHost: jcfetch\r\n\r\n`);
    expect(await get("/container/111122223333/PowerUser")).toContain("ASIAEXAMPLEone");
    expect(await get("/container/111122223333/Admin")).toMatch(/^HTTP\/1\.1 403 [\s\S]*"code":"not-shared"/);
    expect(world.asked).toHaveLength(2);
  });

  it.each(["status", "lock", "unlock", "stop", "end-share"])("[AG19] refuses to %s", async (op) => {
    const { shares } = sharesHere();
    const path = await pathOf(shares.open(request()));
    expect(await codeOf(path, `${JSON.stringify({ v: 1, op })}\n`)).toBe("not-shared");
    expect(await codeOf(path, `${JSON.stringify(request())}\n`)).toBe("not-shared");
    expect(await codeOf(path, "{}\n")).toBe("agent-failed");
    expect(shares.size).toBe(1);
  });

  it.each([
    ["its time by both clocks", after(HOUR_MS)],
    ["a clock that was set back", { wallMs: START.wallMs - HOUR_MS, steadyMs: START.steadyMs + HOUR_MS }],
    ["a sleep", { wallMs: START.wallMs + HOUR_MS, steadyMs: START.steadyMs }],
  ])("[AG18] gives nothing after %s, and is taken away", async (_what, at) => {
    const { shares, world, make } = sharesHere();
    const path = await pathOf(shares.open(request()));
    world.at = at;
    expect(await codeOf(path)).toBe("not-shared");
    await shares.tend();
    await expect(codeOf(path)).rejects.toThrow(/ENOENT/);
    const next = make();
    await next.reopen();
    expect(next.size).toBe(0);
  });

  it("[AG18] goes on with the next agent for what is left of its time", async () => {
    const { shares, world, make } = sharesHere();
    const path = await pathOf(shares.open(request()));
    await shares.close();
    await expect(codeOf(path)).rejects.toThrow(/ENOENT/);
    world.at = after(59 * MINUTE_MS);
    const next = make();
    await next.reopen();
    expect(next.list()).toMatchObject([{ path, untilMs: START.wallMs + HOUR_MS }]);
    expect(await codeOf(path)).toBe("credentials");
    expect(await next.end()).toHaveLength(1);
    await expect(codeOf(path)).rejects.toThrow(/ENOENT/);
    const last = make();
    await last.reopen();
    expect(last.size).toBe(0);
    await pathOf(last.open(request()));
    await last.close();
    world.at = after(2 * HOUR_MS);
    const late = make();
    await late.reopen();
    expect(late.size).toBe(0);
  });

  it("[AG20] is not opened for a role that asks", async () => {
    const { shares, world } = sharesHere();
    world.asks = true;
    expect(await shares.open(request())).toMatchObject({ ok: false, error: { code: "not-shared" } });
    expect(shares.size).toBe(0);
  });

  it.each([{ forMs: 0 }, { forMs: 24 * HOUR_MS + 1 }, { roles: [] }, { path: "relative" }, { more: 1 }])(
    "[AG18] is not opened by what is no request: %j",
    (wrong) => {
      expect(readRequest(JSON.stringify({ ...request(), ...wrong }))).toBeUndefined();
    },
  );
});
