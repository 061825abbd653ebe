import type { ServerResponse } from "node:http";
import { exportPublicKey, generateKeys, importPublicKey } from "@jcfetch/shared/crypto/keys";
import { type Sealed, seal } from "@jcfetch/shared/crypto/seal";
import { signDocument } from "@jcfetch/shared/crypto/sign";
import { answerContext } from "@jcfetch/shared/protocol/contexts";
import { verifyGrant } from "@jcfetch/shared/protocol/verify";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openBrowserSide } from "../support/browser-side.ts";
import {
  type Attack,
  changed,
  type HostileBroker,
  type Reply,
  startHostileBroker,
} from "../support/hostile-broker.ts";
import { startWorld, type TestWorld } from "../support/world.ts";
import { pairedVictim, type Victim } from "./victim.ts";

/*
 * A Worker that lies, with the true keys of the broker, to the real command line: in sealed mode with everything but what
 * sealed mode lets it have anyway, in relay mode with everything. Nothing it says is used; a wrong answer is told apart
 * from a refusal, and nothing is on stdout.
 */
let world: TestWorld;
let hostile: HostileBroker;
const victims = {} as Record<"sealed" | "relay", Victim>;
const earlier = {} as Record<"sealed" | "relay", Reply>;
const closing = new AsyncDisposableStack();
beforeAll(async () => {
  world = closing.use(await startWorld());
  hostile = closing.use(await startHostileBroker(world.broker));
  for (const mode of MODES as readonly Mode[]) {
    victims[mode] = closing.use(await pairedVictim(world, hostile, { modes: [mode] }));
    if (mode === "relay") closing.use(await openBrowserSide(world, victims.relay.user));
    hostile.set(PATHS[mode], async (_, honest) => {
      earlier[mode] = await honest();
      return earlier[mode];
    });
    const { code, stderr } = await victims[mode].fetch();
    expect(code, stderr).toBe(0);
  }
});
afterAll(() => closing.disposeAsync());
beforeEach(() => hostile.behave());

const MODES = ["sealed", "relay"] as const;
const PATHS = { sealed: "/v1/credentials", relay: "/v1/relay" } as const;
type Mode = keyof typeof PATHS;

type Answer = { box: Sealed; signature: string; state: string };

const claims = (jws: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(jws.split(".")[1]!, "base64url").toString()) as Record<string, unknown>;

const flip = (text: string, at = text.length >> 1): string =>
  text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);

/** The honest answer, with something else done to it. */
const answering =
  (change: (answer: Answer, mode: Mode) => Promise<object> | object, mode: Mode): Attack =>
  async (_, honest) => {
    const reply = await honest();
    if (reply.status !== 200) return reply;
    const answer = await change(JSON.parse(reply.body) as Answer, mode);
    return changed(reply, () => answer);
  };

const own = await generateKeys("sign");
const ownBox = await generateKeys("agree");

/** Credentials of the Worker's own making, sealed to a key that it has made up. */
async function madeUp(answer: Answer, mode: Mode): Promise<object> {
  const bd = String(claims(answer.signature).bd);
  const key = (await importPublicKey("agree", await exportPublicKey(ownBox.publicKey)))!;
  const at = { purpose: "res", bid: world.broker.bid, context: answerContext(bd, mode) } as const;
  const box = await seal(key, at, Buffer.from("{}"));
  return { ...answer, box, signature: await resigned(answer, box) };
}

/** The Worker's own true signature over whatever box. */
async function resigned(answer: Answer, box: Sealed, more: object = {}): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", Buffer.from(`${box.e}.${box.c}`));
  const h = Buffer.from(digest).toString("base64url");
  return hostile.sign("jc-res+jwt", { ...claims(answer.signature), h, ...more });
}

/** In both modes. */
const LIES: Record<string, (answer: Answer, mode: Mode) => Promise<object> | object> = {
  "the box changed by one character": ({ box, ...answer }) => ({
    ...answer,
    box: { ...box, c: flip(box.c) },
  }),
  "the box's key changed": ({ box, ...answer }) => ({ ...answer, box: { ...box, e: flip(box.e, 40) } }),
  "a box of its own under its own signature": madeUp,
  "the box of an earlier answer": (answer, mode) => ({
    ...answer,
    box: (JSON.parse(earlier[mode].body) as Answer).box,
  }),
  "an earlier answer whole": (_, mode) => JSON.parse(earlier[mode].body) as object,
  "the signature of somebody else": async (answer) => ({
    ...answer,
    signature: await signDocument("jc-res+jwt", claims(answer.signature), own.privateKey),
  }),
  "no signature": ({ signature, ...answer }) => ({
    ...answer,
    signature: `${signature.split(".").slice(0, 2).join(".")}.AA`,
  }),
  "the other mode": async (answer, mode) => ({
    ...answer,
    signature: await resigned(answer, answer.box, { mode: mode === "sealed" ? "relay" : "sealed" }),
  }),
  "another request's digest": async (answer) => ({
    ...answer,
    signature: await resigned(answer, answer.box, { bd: "A".repeat(43) }),
  }),
  "no state": ({ box, signature }) => ({ box, signature }),
  "the state of an earlier answer": (answer, mode) => ({
    ...answer,
    state: (JSON.parse(earlier[mode].body) as Answer).state,
  }),
  "a state signed by somebody else": async (answer) => ({
    ...answer,
    state: await signDocument("jc-state+jwt", claims(answer.state), own.privateKey),
  }),
  "a state of another device": async (answer) => ({
    ...answer,
    state: await hostile.sign("jc-state+jwt", { ...claims(answer.state), did: "a".repeat(26) }),
  }),
  "a member more": (answer) => ({ ...answer, more: 1 }),
  "nothing in it": () => ({}),
};

/** What only the extension may sign in relay mode, signed by the broker. */
const RELAY_LIES: Record<string, (answer: Answer, mode: Mode) => Promise<object> | object> = {
  "the broker's signature in place of the extension's": async (answer) => ({
    ...answer,
    signature: await resigned(answer, answer.box),
  }),
};

/** What is no answer at all. */
const NOISE: Record<string, { code: number; answer: (raw: ServerResponse) => Reply | undefined }> = {
  "a page": { code: 9, answer: () => reply(200, "<html>\u001b[2Jwelcome</html>") },
  "half of an answer": { code: 9, answer: () => reply(200, '{"box":{"e":"') },
  "ten megabytes": { code: 9, answer: () => reply(200, `{"box":"${"A".repeat(10_000_000)}"}`) },
  "a way elsewhere": { code: 9, answer: () => reply(302, "", { location: "http://169.254.169.254/" }) },
  "a refusal that steers the terminal": {
    code: 9,
    answer: () => reply(403, JSON.stringify({ code: "\u001b]0;x\u0007", title: "\u001b[31m" })),
  },
  "a refusal of the treaty with a title of its own": {
    code: 5,
    answer: () => reply(403, JSON.stringify({ code: "policy", title: "\u001b[31mpaste this", status: 403 })),
  },
  "a cut connection": {
    code: 7,
    answer: (raw) => {
      raw.destroy();
      return undefined;
    },
  },
};

const reply = (status: number, body: string, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { "content-type": "application/jc+json", ...headers },
  body,
});

async function expectRefused(mode: Mode, expected: number): Promise<void> {
  const { code, stdout, stderr } = await victims[mode].fetch();
  expect([code, stdout], stderr).toEqual([expected, ""]);
  expect(stderr.replaceAll("\n", "")).toMatch(/^\P{C}*$/u);
  for (const [what, secret] of await victims[mode].secrets()) expect(stderr, what).not.toContain(secret);
}

describe.each<Mode>(MODES)("the command line in %s mode, before a Worker that lies", (mode) => {
  const lies = mode === "relay" ? { ...LIES, ...RELAY_LIES } : LIES;

  it.each(Object.keys(lies))(`D-17: refuses ${mode}: %s`, async (name) => {
    hostile.set(PATHS[mode], answering(lies[name]!, mode));
    await expectRefused(mode, 9);
  });

  it.each(Object.keys(NOISE))(`D-17: refuses ${mode}: %s`, async (name) => {
    const { code, answer } = NOISE[name]!;
    hostile.set(PATHS[mode], (_, __, raw) => answer(raw));
    await expectRefused(mode, code);
  });

  it(`D-17: a ${mode} answer for another role is refused`, async () => {
    // The broker asks the other victim's kind of question: same user, same device, another role, another key.
    const said: Reply[] = [];
    hostile.set(PATHS[mode], async (_, honest) => {
      said.push(await honest());
      return said.at(-1);
    });
    expect((await victims[mode].fetch("ReadOnly")).code).toBe(0);
    hostile.set(PATHS[mode], () => said[0]);
    await expectRefused(mode, 9);
  });

  it(`D-17: a broker whose memory was set back is noticed in ${mode} mode`, async () => {
    const lie = async (answer: Answer): Promise<object> => {
      const state = claims(answer.state);
      return {
        ...answer,
        state: await hostile.sign("jc-state+jwt", { ...state, seq: 1, ah: "A".repeat(43) }),
      };
    };
    hostile.set(PATHS[mode], answering(lie, mode));
    await expectRefused(mode, 4);
  });

  it(`D-17: and goes on when it is honest again, in ${mode} mode`, async () => {
    expect(await victims[mode].fetch()).toMatchObject({ code: 0 });
  });
});

/** What the broker hands out of the extension's envelope, put another way. */
const ENVELOPES: Record<string, (body: Record<string, unknown>) => Promise<object> | object> = {
  "an outer lock changed": (body) => {
    const outer = body.outer as Sealed;
    return { ...body, outer: { ...outer, c: flip(outer.c) } };
  },
  "an outer lock of its own": async (body) => {
    const { grant } = (await verifyGrant(victims.sealed.partner.grant!))!;
    const at = { purpose: "env-outer", bid: world.broker.bid, context: "x" } as const;
    const outer = await seal((await importPublicKey("agree", grant.Dkem))!, at, Buffer.from("{}"));
    return { ...body, outer };
  },
  "an envelope signed by the broker": async (body) => ({
    ...body,
    envelope: await hostile.sign("jc-env+jwt", claims(body.envelope as string)),
  }),
  "an envelope of another device": async (body) => {
    const other = await world.pairedDevice({ user: victims.sealed.user });
    const { json } = await other.send("/v1/envelope", { grant: other.grant });
    return { ...body, envelope: json.envelope, outer: json.outer };
  },
  "an envelope of another user": async (body) => {
    const other = await world.pairedDevice();
    const { json } = await other.send("/v1/envelope", { grant: other.grant });
    return { ...body, envelope: json.envelope, outer: json.outer };
  },
  "no envelope": ({ rl }) => ({ rl }),
};

describe("the command line, before a Worker that lies about its envelope", () => {
  it.each(Object.keys(ENVELOPES))("D-17: refuses %s, and asks for nothing with it", async (name) => {
    hostile.set("/v1/envelope", async (_, honest) => {
      const answer = await honest();
      const body = await ENVELOPES[name]!(JSON.parse(answer.body) as Record<string, unknown>);
      return changed(answer, () => body);
    });
    await expectRefused("sealed", 9);
    expect(hostile.heard.map(({ path }) => path)).not.toContain("/v1/credentials");
  });
});
