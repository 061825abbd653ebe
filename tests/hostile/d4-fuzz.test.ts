import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { Agent } from "node:http";
import { join } from "node:path";
import { ENDPOINTS, type Endpoint } from "@jcfetch/shared/protocol/endpoints";
import { WIRE_ERRORS, type WireErrorCode } from "@jcfetch/shared/protocol/errors";
import { SOCKET_PATH } from "@jcfetch/shared/protocol/relay";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RawAnswer } from "../support/clients.ts";
import { readDatabases } from "../support/databases.ts";
import { CASES, type EndpointName } from "../support/endpoint-cases.ts";
import { rawRequest } from "../support/raw-http.ts";
import { ask, type Sender } from "../support/senders.ts";
import { S3_ADMIN, startWorld, type TestWorld } from "../support/world.ts";
import { type Mutant, mutantOf } from "./fuzz/attacks.ts";
import { count, isFull, measured, type Random, random, scale, seed } from "./scale.ts";

/*
 * Good requests of every endpoint of the treaty with one thing put wrong, by a seed. What counts is not that they are
 * refused somehow: none but a valid one succeeds, none fails the broker, none reaches AWS for anything but the one role
 * that was granted, none brings a secret to light, none breaks the connection, and the broker does not grow.
 */

const MUTANTS = scale(500, 100_000);
const LANES = 4;
/** Surprises after which a run need not go on. */
const ENOUGH = 5;
/** So many mutants a good sender sends before it must show that it is still one. */
const TURNS = 40;
/** Looks at the broker's memory, in each half of the run. */
const PARTS = 10;
/**
 * A user's object takes half a megabyte while it is open, which is until ten to seventy seconds after its last request, and
 * the broker's allocator keeps for the next ones what it once had. So that many are opened before anything is compared, and
 * no more at one time afterwards: what grows then is no object.
 */
const OPEN_AT_ONCE = scale(0, 600);
/** Half the life of what lives shortest: a pairing code. */
const GOOD_FOR_MS = 60_000;

let world: TestWorld;
const tokens: string[] = [];
const agent = new Agent({ keepAlive: true, maxSockets: LANES });
beforeAll(async () => {
  world = await startWorld();
  const { signIn } = world.sim;
  Object.assign(world.sim, {
    signIn: (...of: Parameters<typeof signIn>) => {
      const token = signIn(...of);
      tokens.push(token);
      return token;
    },
  });
});
afterAll(() => {
  agent.destroy();
  return world?.[Symbol.asyncDispose]();
});

/** Those that want a device's grant and more come up more often than those that want nothing. */
const NAMES = (Object.keys(CASES) as EndpointName[]).flatMap((name) => {
  const { caller, path } = ENDPOINTS[name];
  const times = path === "/v1/credentials" ? 6 : { anyone: 1, extension: 2, device: 3 }[caller];
  return Array<EndpointName>(times).fill(name);
});
const GRANTED = { policy: { allow: [{ account: S3_ADMIN.account, roles: [S3_ADMIN.role] }] } };

/** After one of these the sender is what it was. */
const LEAVES_NO_TRACE: ReadonlySet<string | undefined> = new Set([
  "bad-request",
  "unknown",
  "type",
  "version",
  "host",
  "origin",
  "method",
  "not-found",
  "too-large",
  "epoch-unknown",
  "policy",
  "clock-skew",
  "enrolment-refused",
]);

const Refusal = v.strictObject({
  type: v.string(),
  title: v.string(),
  status: v.number(),
  code: v.string(),
  trace: v.pipe(v.string(), v.regex(/^[\w-]{12}$/)),
  retryAfter: v.optional(v.pipe(v.number(), v.integer())),
});

/** What is wrong with an answer to a mutant, if anything. A refusal is made of constants, so it can hold no secret. */
function whatIsWrong(mutant: Mutant, answer: RawAnswer): string | undefined {
  const { status, code, json } = answer;
  if (status >= 500) return "a failure of the broker";
  if (status >= 200 && status < 300) {
    if (!mutant.mayPass) return "accepted";
    const endpoint = (Object.values(ENDPOINTS) as Endpoint[]).find(({ path }) => path === mutant.path);
    return endpoint && v.is(endpoint.response, json) ? undefined : "not the answer of the treaty";
  }
  const spec =
    code !== undefined && Object.hasOwn(WIRE_ERRORS, code) ? WIRE_ERRORS[code as WireErrorCode] : undefined;
  const isPlain = v.is(Refusal, json) && spec?.title === json.title && spec.status === status;
  return isPlain ? undefined : "not a refusal of the treaty";
}

/** The mutant itself, for people: its body, and what its proof says. */
function said({ body, headers }: Mutant): string {
  const [, payload = ""] = (headers?.["JC-Proof"] ?? "").split(".");
  const proof = Buffer.from(payload, "base64url").toString();
  return `${String(body).slice(0, 400)} with ${proof.slice(0, 600)}`;
}

interface Held {
  readonly sender: Sender;
  turns: number;
  readonly bornMs: number;
}

interface Lane {
  readonly random: Random;
  readonly senders: Map<EndpointName, Held>;
}

const outcomes: Record<string, number> = {};
const surprises: string[] = [];

/** One that is still good, or a new one. */
async function senderOf(lane: Lane, name: EndpointName): Promise<Held> {
  const kept = lane.senders.get(name);
  if (kept && performance.now() - kept.bornMs < GOOD_FOR_MS) return kept;
  dismiss(lane, name);
  if (isFull()) await expect.poll(openObjects, { timeout: 120_000 }).toBeLessThan(OPEN_AT_ONCE);
  const sender = await CASES[name].sender(world, GRANTED);
  const held = { sender, turns: 0, bornMs: performance.now() };
  lane.senders.set(name, held);
  return held;
}

/** Sockets that nobody uses any more would count as growth of the broker. */
function dismiss(lane: Lane, name: EndpointName): void {
  void lane.senders.get(name)?.sender.close?.();
  lane.senders.delete(name);
}

async function turn(lane: Lane): Promise<void> {
  const name = NAMES[lane.random(NAMES.length)]!;
  const held = await senderOf(lane, name);
  const mutant = await mutantOf(held.sender, lane.random);
  const answer = await rawRequest(world.broker.url, mutant.path, mutant, agent);
  const outcome = answer.code ?? String(answer.status);
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  const wrong = whatIsWrong(mutant, answer);
  if (wrong !== undefined)
    surprises.push(`${name}, ${mutant.what}: ${wrong}: ${answer.status} ${answer.text} to ${said(mutant)}`);

  held.turns += 1;
  const isWorn = held.turns >= TURNS;
  if (LEAVES_NO_TRACE.has(answer.code) && !isWorn) return;
  if (LEAVES_NO_TRACE.has(answer.code)) {
    // It is none the worse for it, so the refusals were of the mutants and not of everything.
    const good = await ask(held.sender);
    if (good.status !== 200) surprises.push(`${name}: a good request after mutants: ${good.text}`);
  }
  dismiss(lane, name);
}

const residentKilobytes = (): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${world.broker.pid}/status`, "utf8"))![1]);

/** What the broker has open: descriptors of that kind. */
function opened(kind: RegExp): number {
  const folder = `/proc/${world.broker.pid}/fd`;
  const targets = readdirSync(folder).map((fd) => {
    try {
      return readlinkSync(join(folder, fd));
    } catch {
      return ""; // closed since
    }
  });
  return targets.filter((target) => kind.test(target)).length;
}
const openObjects = (): number => opened(/\.sqlite$/);
const openSockets = (): number => opened(/^socket:/);

async function openMany(): Promise<void> {
  while (openObjects() < OPEN_AT_ONCE)
    await Promise.all(Array.from({ length: 2 * LANES }, () => world.enrolledUser()));
}

async function run(mutants: number, lanes: readonly Lane[]): Promise<void> {
  let left = mutants;
  await Promise.all(
    lanes.map(async (lane) => {
      while (left-- > 0 && surprises.length < ENOUGH) await turn(lane);
    }),
  );
}

describe("mutants of good requests", () => {
  it("D-4: nothing but a valid request succeeds, and nothing comes of the others", async (test) => {
    const lanes = Array.from({ length: LANES }, (_, i) => ({
      random: random(seed() + i),
      senders: new Map(),
    }));
    const before = { objects: openObjects(), sockets: openSockets() };
    await openMany();
    // Memory rises and falls with each collection: the highest of either half, not two moments, tells whether it grows.
    const peaks: [number, number] = [0, 0];
    for (const half of [0, 1] as const) {
      for (let part = 0; part < PARTS; part++) {
        await run(MUTANTS / 2 / PARTS, lanes);
        peaks[half] = Math.max(peaks[half], residentKilobytes());
      }
    }
    const grown = peaks[1] / peaks[0] - 1;

    expect(surprises, `seed ${seed()}`).toEqual([]);
    const calls = world.sim.world.calls.all;
    // The browser's end of relay mode asks AWS by itself, for good requests of the very same role.
    const browser = new URL(world.sim.origin).host;
    const foreign = calls.filter(
      ({ operation, accountId, roleName, host }) =>
        operation === "GetRoleCredentials" &&
        !(
          accountId === S3_ADMIN.account &&
          roleName === S3_ADMIN.role &&
          (host.startsWith("portal.sso.us-east-1.") || host === browser)
        ),
    );
    expect(foreign).toEqual([]);
    expect(world.sim.world.unknownCalls).toEqual([]);
    expect(linesThatSayTooMuch(world.broker.log())).toEqual([]);
    if (isFull()) {
      expect(grown, "growth of the broker's memory").toBeLessThan(0.1);
      await nothingLeftOpen(lanes, before);
    }
    await world.broker.kill(); // so that its databases are whole
    expect(await secretsInDatabases()).toEqual([]);
    // Every check was met, not only the first.
    for (const code of ["bad-request", "unknown", "host", "origin", "policy"])
      expect(Object.keys(outcomes)).toContain(code);
    const memory = `memory ${(grown * 100).toFixed(1)} %`;
    measured(test, `${count(MUTANTS)} requests, ${memory}, outcomes ${JSON.stringify(outcomes)}`);
  });
});

/** Once all have gone, the broker closes what it had open for them. */
async function nothingLeftOpen(
  lanes: readonly Lane[],
  before: { readonly objects: number; readonly sockets: number },
): Promise<void> {
  for (const lane of lanes) for (const name of [...lane.senders.keys()]) dismiss(lane, name);
  agent.destroy();
  await expect.poll(openObjects, { timeout: 120_000 }).toBeLessThanOrEqual(before.objects);
  await expect.poll(openSockets, { timeout: 120_000 }).toBeLessThanOrEqual(before.sockets);
}

/** Lines of the log that are not of the fixed shape with fixed values: those could hold anything. */
function linesThatSayTooMuch(log: string): string[] {
  const paths: string[] = [...Object.values(ENDPOINTS).map(({ path }) => path), SOCKET_PATH, "other"];
  const Line = v.strictObject({
    path: v.picklist(paths),
    status: v.number(),
    code: v.picklist(["ok", ...Object.keys(WIRE_ERRORS)]),
    ms: v.number(),
    trace: v.pipe(v.string(), v.regex(/^[\w-]{12}$/)),
  });
  return log
    .split("\n")
    .filter((line) => line !== "")
    .filter((line) => !v.is(v.pipe(v.string(), v.parseJson(), Line), line));
}

async function secretsInDatabases(): Promise<string[]> {
  const kinds = ["vault", "mailbox", "ticket"] as const;
  const rows = await Promise.all(kinds.map((kind) => readDatabases(world.broker, kind)));
  const text = JSON.stringify(rows);
  const issued = world.sim.world.credentials.all.flatMap((one) => [one.secretAccessKey, one.sessionToken]);
  expect(tokens.length).toBeGreaterThan(0);
  return [...tokens, ...issued].filter((secret) => text.includes(secret));
}
