import { signDocument } from "@jcfetch/shared/crypto/sign";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROTOCOL_HEADERS, type RawAnswer, sealRequest } from "../support/clients.ts";
import { rawRequest } from "../support/raw-http.ts";
import {
  credentialRequest,
  type PairedDevice,
  startWorld,
  type TestWorld,
  takeInner,
} from "../support/world.ts";

/*
 * Good requests with one thing put wrong, by a fixed seed. What counts is not that they are refused somehow, but that
 * none succeeds, none is a failure of the broker, and none reaches AWS.
 */

const MUTANTS = 400;
const SEED = 20_261_123;

let world: TestWorld;
let device: PairedDevice;
let held: Awaited<ReturnType<typeof takeInner>>;
beforeAll(async () => {
  world = await startWorld();
  device = await world.pairedDevice();
  held = await takeInner(device);
});
afterAll(() => world?.[Symbol.asyncDispose]());

/** Marsaglia's xorshift: small, and the same in every run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const HOSTILE: readonly unknown[] = [
  null,
  true,
  0,
  -0,
  -1,
  1.5,
  2 ** 53,
  1e308,
  "",
  "a",
  "' OR 1=1 --",
  "../../etc/passwd",
  "000000000000/roles",
  "\u0000",
  "\ud800",
  "𝟙𝟙𝟙𝟙𝟙𝟙𝟙𝟙𝟙𝟙𝟙𝟙",
  "x".repeat(3_000),
  [],
  [[]],
  {},
  { length: 12 },
  { toString: "x" },
];

type Pick = (below: number) => number;
type Fields = Record<string, unknown>;

/** Drop, add, repeat or replace one member. The result is never the same request. */
function mutate(fields: object, pick: Pick): Fields {
  const names = Object.keys(fields);
  const name = names[pick(names.length)]!;
  const changed: Fields = { ...fields };
  const kind = pick(8);
  if (kind === 0) delete changed[name];
  else if (kind === 1)
    changed[["more", "__proto_", "constructor", "toString"][pick(4)]!] = HOSTILE[pick(HOSTILE.length)];
  else if (kind === 2) changed[name] = [changed[name]];
  else if (kind === 3) changed[name] = flip(changed[name], pick);
  else changed[name] = HOSTILE[pick(HOSTILE.length)];
  return changed;
}

/** Change one character, or nearly the whole if it is no text. */
function flip(value: unknown, pick: Pick): unknown {
  if (typeof value !== "string" || value === "") return `${JSON.stringify(value)}x`;
  const at = pick(value.length);
  const other = value[at] === "A" ? "B" : "A";
  return value.slice(0, at) + other + value.slice(at + 1);
}

/** Ways to put one thing wrong. Every signature is good where the sender could make it: only the rules are left to refuse. */
const MUTATIONS: Record<string, (pick: Pick) => Promise<RawAnswer>> = {
  async "a member of the sealed request"(pick) {
    const bad = mutate(await credentialRequest(device, held), pick);
    return device.send("/v1/credentials", await sealRequest(device, device.uid, bad));
  },
  async "a claim of the proof"(pick) {
    const claims = {
      v: 1,
      htm: "POST",
      p: "/v1/envelope",
      bid: device.bid,
      gh: device.gh,
      iat: 1,
      ctr: 1,
      bd: "x",
    };
    const names = Object.keys(claims);
    const name = names[pick(names.length)]!;
    return device.send("/v1/envelope", { grant: device.grant }, { [name]: HOSTILE[pick(HOSTILE.length)] });
  },
  async "a claim of the grant"(pick) {
    const bad = mutate(device.device.grant, pick);
    const { extension } = device.user;
    const grant = await signDocument("jc-grant+jwt", bad, extension.signing.privateKey);
    return device.send("/v1/envelope", { grant });
  },
  async "a member of the policy"(pick) {
    const policy = mutate(device.device.grant.policy, pick);
    const { extension } = device.user;
    const bad = { ...device.device.grant, policy };
    const grant = await signDocument("jc-grant+jwt", bad, extension.signing.privateKey);
    return device.send("/v1/envelope", { grant });
  },
  async "a claim of the envelope"(pick) {
    const bad = mutate(held.envelope, pick);
    const jws = await signDocument("jc-env+jwt", bad, device.user.extension.signing.privateKey);
    const request = await credentialRequest(device, { jws, inner: held.inner });
    return device.send("/v1/credentials", await sealRequest(device, device.uid, request));
  },
  async "a member of the box"(pick) {
    const { kid, box } = await sealRequest(device, device.uid, await credentialRequest(device, held));
    return device.send("/v1/credentials", { kid, box: mutate(box, pick) });
  },
  async "a byte of the body after it was signed"(pick) {
    const body = JSON.stringify({ grant: device.grant });
    const bytes = Buffer.from(body);
    bytes[pick(bytes.length)]! ^= 1 << pick(8);
    const headers = { ...PROTOCOL_HEADERS, ...(await device.prove("/v1/envelope", body)) };
    return rawRequest(world.broker.url, "/v1/envelope", { headers, body: bytes });
  },
  async "the length of the body"(pick) {
    const body = JSON.stringify({ grant: device.grant });
    const cut = body.slice(0, pick(body.length));
    const headers = { ...PROTOCOL_HEADERS, ...(await device.prove("/v1/envelope", cut)) };
    return rawRequest(world.broker.url, "/v1/envelope", { headers, body: cut });
  },
};

/** A mutant that is as good as the original: the grant allows every role, so AWS is the one to say that it has none such. */
const isHarmless = (name: string, answer: RawAnswer): boolean =>
  name === "a member of the sealed request" && answer.code === "role-not-assigned";

describe("mutants of good requests", () => {
  it("[CR4] [DC3] [HT7] none succeeds, none fails the broker, none reaches AWS outside the grant", async () => {
    const pick = random(SEED);
    const names = Object.keys(MUTATIONS);
    const surprises: string[] = [];
    const before = world.sim.calls("GetRoleCredentials");
    let allowed = 0;
    for (let i = 0; i < MUTANTS; i++) {
      const name = names[i % names.length]!;
      const answer = await MUTATIONS[name]!(pick);
      if (isHarmless(name, answer)) allowed += 1;
      else if (answer.status < 400 || answer.status >= 500)
        surprises.push(`${i} ${name}: ${answer.status} ${answer.text}`);
    }
    expect(surprises).toEqual([]);
    expect(world.sim.calls("GetRoleCredentials") - before).toBe(allowed);
    expect(world.sim.world.unknownCalls).toEqual([]);
    // The device is none the worse for it, so the refusals were of the mutants and not of everything.
    const { account, role } = await credentialRequest(device, held);
    expect(await device.credentials({ account, role })).toMatchObject({ ok: true });
  });
});
