import { request } from "node:http";
import { signDocument } from "@jcfetch/shared/crypto/sign";
import { WIRE_ERRORS } from "@jcfetch/shared/protocol/errors";
import { HELLO_PREFIX, SOCKET_PATH, SOCKET_PROTOCOL } from "@jcfetch/shared/protocol/relay";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserSide, openBrowserSide } from "../support/browser-side.ts";
import { type PairOptions, S3_ADMIN, startWorld, type TestUser, type TestWorld } from "../support/world.ts";
import { type Json, mutateJson } from "./fuzz/values.ts";
import { count, inParallel, measured, random, scale, seed } from "./scale.ts";

/*
 * The socket between broker and extension: mutants of the hello that opens it, and of all that an extension says on it. A
 * mutant opens nothing and brings a device nothing; the broker stays what it was.
 */

let world: TestWorld;
let user: TestUser;
beforeAll(async () => {
  world = await startWorld();
  user = await world.enrolledUser();
});
afterAll(() => world?.[Symbol.asyncDispose]());

const LANES = 4;
/** Where a terminal asks again for up to a minute, because a browser that is away for a moment may come back: they mostly wait. */
const WAITING_LANES = 24;
const VOICE = {
  interactive: true,
  process: "aws",
  directory: "~",
  show: () => undefined,
  done: () => undefined,
};
/** Claims that are the extension's to choose, within rules of their own. */
const FREE = ["iat", "ctr"];

interface Hello {
  readonly text: string;
  readonly what: string;
  readonly mayPass: boolean;
}

/** A hello that was signed over other claims, or whose text was changed after it was signed. */
async function mutantHello(next: (below: number) => number): Promise<Hello> {
  const [, good] = await user.extension.authority.socketProtocols();
  const jws = good.slice(HELLO_PREFIX.length);
  const claims = JSON.parse(Buffer.from(jws.split(".")[1]!, "base64url").toString()) as {
    [name: string]: Json;
  };
  if (next(4) > 0) {
    const { text, member } = mutateJson(claims, next);
    const typ = next(10) === 0 ? "jc-proof+jwt" : "jc-ext+jwt";
    const changed = parsed(text);
    if (typeof changed === "object" && changed !== null && !Array.isArray(changed)) {
      const key = user.extension.signing.privateKey;
      const mayPass = typ === "jc-ext+jwt" && FREE.includes(member);
      return {
        text: `${HELLO_PREFIX}${await signDocument(typ, changed, key)}`,
        what: `${typ} ${text}`,
        mayPass,
      };
    }
  }
  const { text } = mutateJson(jws, next);
  const token = text.replaceAll(/[^\w.-]/g, "").slice(0, 8_000);
  return { text: HELLO_PREFIX + token, what: token, mayPass: token === jws };
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** An upgrade as a browser sends it. @returns its status; 0 when there was none. */
function statusOf(protocols: string): Promise<number> {
  const headers = {
    connection: "upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": Buffer.alloc(16, 7).toString("base64"),
    "sec-websocket-protocol": protocols,
  };
  return new Promise((resolve) => {
    const asked = request(world.broker.url + SOCKET_PATH, { headers, agent: false });
    asked.on("upgrade", ({ statusCode }, socket) => {
      socket.destroy();
      resolve(statusCode ?? 0);
    });
    asked.on("response", (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on("error", () => resolve(0));
    asked.end();
  });
}

const REFUSALS = new Set<number>(Object.values(WIRE_ERRORS).map(({ status }) => status));

describe("the socket, fuzzed", () => {
  it("D-4: opens for no mutant of a hello", async (test) => {
    const next = random();
    const mutants = scale(60, 5_000);
    const outcomes: Record<string, number> = {};
    const surprises: string[] = [];
    await inParallel(mutants, LANES, async () => {
      const { text, what, mayPass } = await mutantHello(next);
      const status = await statusOf(`${SOCKET_PROTOCOL}, ${text}`);
      outcomes[status] = (outcomes[status] ?? 0) + 1;
      const isRefused = REFUSALS.has(status) && status < 500;
      if (!isRefused && !(mayPass && status === 101)) surprises.push(`${status} to ${what.slice(0, 400)}`);
    });
    expect(surprises, `seed ${seed()}`).toEqual([]);
    measured(test, `${count(mutants)} hellos, statuses ${JSON.stringify(outcomes)}`);
  });

  const KINDS: [string, PairOptions][] = [
    ["relay", { modes: ["relay"], deposited: false }],
    ["approval", { policy: { ask: ["S3*"] }, voice: () => VOICE }],
  ];
  it.for(KINDS)("D-4: brings a device nothing by a mutant of what answers its %s", async ([, from], test) => {
    const next = random();
    const rounds = scale(24, 2_000);
    const outcomes: Record<string, number> = {};
    const surprises: string[] = [];
    await inParallel(rounds, WAITING_LANES, async () => {
      // Each has a user of its own: their sockets are one a user, and their limits as well.
      const device = await world.pairedDevice(from);
      let sent = "";
      const browser: BrowserSide = await openBrowserSide(world, device.user, {
        twist: (message) => {
          if (message.t === "got" || message.t === "asking") return message;
          setImmediate(() => browser.socket.close());
          sent = mutateJson(message as unknown as Json, next).text;
          return sent;
        },
      });
      const answer = await device.credentials(S3_ADMIN);
      const outcome = answer.ok ? "credentials" : answer.error.code;
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      if (outcome === "credentials") surprises.push(`${outcome} by ${sent.slice(0, 400)}`);
      await browser.close();
    });
    expect(surprises, `seed ${seed()}`).toEqual([]);
    expect(await stillServes(from)).toBe("credentials");
    expect(world.broker.log()).not.toMatch(/"status":5/);
    measured(test, `${count(rounds)} answers, outcomes ${JSON.stringify(outcomes)}`);
  });
});

async function stillServes(from: PairOptions): Promise<string> {
  const device = await world.pairedDevice(from);
  await using _ = await openBrowserSide(world, device.user);
  const answer = await device.credentials(S3_ADMIN);
  return answer.ok ? "credentials" : answer.error.code;
}
