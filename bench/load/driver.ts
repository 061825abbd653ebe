import { createHash, KeyObject, sign } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { Lines } from "./http.ts";
import { LOAD_KINDS, type LoadKind, type LoadPlan, type LoadReport, type LoadUser } from "./parts.ts";

/*
 * The thread that drives the load. Requests are signed as they go, by the native signer of this thread; everything that
 * would cost more was made before.
 */

const { brokerPort, awsPort, users, seconds, rate, atOnce = 64, mix } = workerData as LoadPlan;
const TICK_MS = 5;
/** Direct calls to AWS, beside the load: what the same moment costs without a broker. */
const DIRECT_PER_SECOND = 10;
const SAMPLE_EVERY = 97;

interface Acting {
  readonly user: LoadUser;
  /** What the device was told with its last credentials. */
  seen: { readonly n: number; readonly seq: number; readonly ah: string | null };
  counter: number;
  session: number;
  busy: boolean;
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("base64url");
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

function jws(typ: string, payload: object, key: CryptoKey): string {
  const signed = `${encode({ alg: "ES256", typ })}.${encode(payload)}`;
  const signature = sign("sha256", Buffer.from(signed), {
    key: KeyObject.from(key),
    dsaEncoding: "ieee-p1363",
  });
  return `${signed}.${signature.toString("base64url")}`;
}

const acting: Acting[] = users.map((user) => ({
  user,
  seen: { n: 0, seq: 0, ah: null },
  counter: user.spent,
  session: 0,
  busy: false,
}));
const broker = new Lines(brokerPort);
const aws = new Lines(awsPort);
const took = Object.fromEntries([...LOAD_KINDS, "direct"].map((kind) => [kind, [] as number[]])) as Record<
  LoadKind | "direct",
  number[]
>;
const errors: Record<string, number> = {};
const samples: { request: string; answer: string }[] = [];

function headOf(path: string, proof: string | undefined, uid: string): string {
  const head = [
    `POST ${path} HTTP/1.1`,
    `host: 127.0.0.1:${brokerPort}`,
    "content-type: application/jc+json",
    "jc-version: 1",
  ];
  return (proof === undefined ? head : [...head, `jc-user: ${uid}`, `jc-proof: ${proof}`]).join("\r\n");
}

const PATHS: Record<LoadKind, string> = {
  credentials: "/v1/credentials",
  envelope: "/v1/envelope",
  deposit: "/v1/envelopes",
  devices: "/v1/devices",
  keys: "/v1/keys",
};

function bodyOf(kind: LoadKind, one: Acting): string {
  const { grant, sessions } = one.user;
  if (kind === "credentials") return sessions[one.session]!.request;
  if (kind === "deposit") return sessions[one.session]!.deposit;
  return kind === "envelope" ? JSON.stringify({ grant }) : "{}";
}

function proofOf(kind: LoadKind, one: Acting, body: string): string | undefined {
  if (kind === "keys") return undefined;
  const { bid, gh, uid, member, Esig, deviceKey, extensionKey } = one.user;
  one.counter += 1;
  const now = Math.floor(Date.now() / 1_000);
  const claims = { v: 1, htm: "POST", p: PATHS[kind], bid, bd: sha256(body), iat: now, ctr: one.counter };
  return kind === "credentials" || kind === "envelope"
    ? jws("jc-proof+jwt", { ...claims, gh, ...one.seen }, deviceKey)
    : jws("jc-ext+jwt", { ...claims, uid, member, Esig }, extensionKey);
}

async function act(wanted: LoadKind, dueMs: number): Promise<void> {
  const one = anyone() ?? (await nextFree());
  const isLast = one.session === one.user.sessions.length - 1;
  const kind = wanted === "deposit" && isLast ? "keys" : wanted;
  one.busy = true;
  if (kind === "deposit") one.session += 1;
  const body = bodyOf(kind, one);
  try {
    const answer = await broker.ask(headOf(PATHS[kind], proofOf(kind, one, body), one.user.uid), body);
    took[kind].push(performance.now() - dueMs);
    if (answer.status !== 200) note(kind, (JSON.parse(answer.body) as { code: string }).code);
    else if (kind === "credentials") {
      one.seen = seenIn(answer.body);
      if (took[kind].length % SAMPLE_EVERY === 0) samples.push({ request: body, answer: answer.body });
    }
  } catch (error) {
    note(kind, (error as Error).message);
  } finally {
    const next = waiting.shift();
    if (next) next(one);
    else one.busy = false;
  }
}

/** Who has just become free, in the order of asking; the wait counts as the broker's. */
const waiting: ((one: Acting) => void)[] = [];
const nextFree = (): Promise<Acting> => new Promise((resolve) => waiting.push(resolve));

/** The signature is not looked at: that costs more than the request, and is the device's affair. */
function seenIn(answer: string): Acting["seen"] {
  const { state } = JSON.parse(answer) as { state: string };
  const claims = Buffer.from(state.split(".")[1]!, "base64url").toString();
  const { n, seq, ah } = JSON.parse(claims) as Acting["seen"];
  return { n, seq, ah };
}

const note = (kind: string, code: string): void => {
  errors[`${kind} ${code}`] = (errors[`${kind} ${code}`] ?? 0) + 1;
};

async function direct(): Promise<void> {
  const { user } = acting[Math.floor(Math.random() * acting.length)]!;
  const { host, path, token } = user.direct;
  const head = `GET ${path} HTTP/1.1\r\nhost: ${host}\r\nx-amz-sso_bearer_token: ${token}`;
  const startedMs = performance.now();
  const { status } = await aws.ask(head, "");
  took.direct.push(performance.now() - startedMs);
  if (status !== 200) note("direct", String(status));
}

/** Somebody who is not in the middle of something, as a user does one thing after the other. */
function anyone(): Acting | undefined {
  const from = Math.floor(Math.random() * acting.length);
  for (let i = 0; i < acting.length; i++) {
    const one = acting[(from + i) % acting.length]!;
    if (!one.busy) return one;
  }
  return undefined;
}

function anyKind(): LoadKind {
  let left = Math.random() * 100;
  for (const kind of LOAD_KINDS) {
    left -= mix[kind];
    if (left < 0) return kind;
  }
  return "credentials";
}

/** As many as `atOnce` can make, one after the other. */
async function flatOut(endMs: number): Promise<void> {
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (performance.now() < endMs) await act(anyKind(), performance.now());
    }),
  );
}

/** So many a second, however long the answers take: a slow broker cannot slow the questions down. */
async function steadily(perSecond: number, startMs: number, endMs: number): Promise<void> {
  const under = new Set<Promise<void>>();
  let begun = 0;
  for (let now = startMs; now < endMs; now = performance.now()) {
    for (const due = ((now - startMs) / 1_000) * perSecond; begun < due; begun += 1) {
      const done = act(anyKind(), startMs + (begun / perSecond) * 1_000);
      under.add(done);
      void done.then(() => under.delete(done));
    }
    await pause(TICK_MS);
  }
  await Promise.all(under);
}

async function beside(endMs: number): Promise<void> {
  while (performance.now() < endMs) {
    await Promise.all([direct(), pause(1_000 / DIRECT_PER_SECOND)]);
  }
}

const before = process.threadCpuUsage();
const startMs = performance.now();
const endMs = startMs + seconds * 1_000;
await Promise.all([rate === undefined ? flatOut(endMs) : steadily(rate, startMs, endMs), beside(endMs)]);
const { user, system } = process.threadCpuUsage(before);
broker.close();
aws.close();
const report: LoadReport = {
  took,
  errors,
  samples,
  seconds: (performance.now() - startMs) / 1_000,
  cpuMs: (user + system) / 1_000,
};
parentPort?.postMessage(report);
