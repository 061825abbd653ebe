import { exportPublicKey, generateKeys } from "@jcfetch/shared/crypto/keys";
import type { BrokerId } from "@jcfetch/shared/domain/ids";
import {
  answer,
  commitTo,
  type InviterState,
  invite,
  type JoinerState,
  newInvitation,
  type PairingCode,
  type Revealed,
  readAnswer,
  readReveal,
  reveal,
  sameWords,
} from "@jcfetch/shared/protocol/pairing";
import type { Result } from "@jcfetch/shared/result";
import { beforeAll, describe, expect, it } from "vitest";
import { count, measured, type Random, random, scale, seed } from "./scale.ts";

/*
 * Somebody in the middle of a pairing: the broker, which passes the four messages on, or whoever has seen the code as well.
 * The steps are those that both programs run; in between is the attacker.
 */

interface Keys {
  readonly signing: CryptoKeyPair;
  readonly agreement: CryptoKeyPair;
  readonly invite: { readonly Esig: string; readonly Ekem: string };
}

let terminal: Keys;
let extension: Keys;
let attacker: Keys;
beforeAll(async () => {
  const make = async (): Promise<Keys> => {
    const [signing, agreement] = [await generateKeys("sign"), await generateKeys("agree")];
    const Esig = await exportPublicKey(signing.publicKey);
    return { signing, agreement, invite: { Esig, Ekem: await exportPublicKey(agreement.publicKey) } };
  };
  [terminal, extension, attacker] = [await make(), await make(), await make()];
});

const BID = "A".repeat(43) as BrokerId;
const INFO = { host: "laptop", osUser: "ana", os: "Linux", ssh: false, version: "0" };

const bytes = (random: Random, length: number): string =>
  Buffer.from(Array.from({ length }, () => random(256))).toString("base64url");

/** A fresh mailbox, as both sides hold it. */
function opened(random: Random): { state: InviterState; code: PairingCode } {
  const state = newInvitation(BID, bytes(random, 32));
  return { state, code: { ...state, url: "http://127.0.0.1:1" } };
}

const given = <T>(result: Result<T, unknown>): T | undefined => (result.ok ? result.value : undefined);

type Slot = "commit" | "invite" | "reveal" | "answer";
const SLOTS: readonly Slot[] = ["commit", "invite", "reveal", "answer"];
type Tamper = (slot: Slot, box: string) => string;

/** One pairing whose messages go through `tamper`. @returns whether it came to its end on both sides. */
async function talk(random: Random, tamper: Tamper): Promise<boolean> {
  const { state, code } = opened(random);
  const committed = await commitTo(code, terminal, INFO);
  const invited = given(await invite(state, tamper("commit", committed.box), extension.invite));
  if (!invited) return false;
  const revealed = given(await reveal(committed.state, tamper("invite", invited.box)));
  if (!revealed) return false;
  const read = given(await readReveal(invited.state, tamper("reveal", revealed.box)));
  if (!read || !sameWords(revealed.words.join(" "), read.terminal!.words)) return false;
  return (await readAnswer(code, tamper("answer", await answer(read, "a.b.c")))) === "a.b.c";
}

/** Boxes of pairings that are over: what a broker can put in the place of others. */
const remembered: Record<Slot, string[]> = { commit: [], invite: [], reveal: [], answer: [] };

function swapped(slot: Slot, box: string, sent: Partial<Record<Slot, string>>, random: Random): string {
  const at = random(box.length - 1);
  const other = SLOTS[random(4)]!;
  const earlier = remembered[random(2) === 0 ? slot : other];
  const choices = [
    box.slice(0, at) + (box[at] === "A" ? "B" : "A") + box.slice(at + 1),
    box.slice(0, at),
    `${box}AA`,
    bytes(random, 12 + random(400)),
    earlier[random(Math.max(1, earlier.length))],
    sent[SLOTS[random(SLOTS.indexOf(slot) + 1)]!],
    "",
  ];
  const chosen = choices[random(choices.length)];
  return chosen === undefined || chosen === box ? `${box}A` : chosen;
}

describe("a broker that swaps messages", () => {
  it("D-13: brings no pairing to its end, and an honest one always does", async (test) => {
    const talks = scale(300, 10_000);
    const pick = random();
    let paired = 0;
    for (let i = 0; i < talks; i++) {
      const target = SLOTS[pick(4)]!;
      const sent: Partial<Record<Slot, string>> = {};
      const isPaired = await talk(pick, (slot, box) => {
        const passedOn = slot === target ? swapped(slot, box, sent, pick) : box;
        sent[slot] = box;
        remembered[slot][i % 50] = box;
        return passedOn;
      });
      if (isPaired) paired += 1;
      if (i % 100 === 0) expect(await talk(pick, (_, box) => box)).toBe(true);
    }
    expect(paired, `seed ${seed()}`).toBe(0);
    measured(test, `${count(talks)} talks, ${paired} pairings`);
  });
});

/** Everything that whoever has the code can do: be a terminal to the extension, and an extension to the terminal. */
async function inTheMiddle(
  random: Random,
): Promise<{ shown: readonly string[]; expected: readonly string[] }> {
  const { state, code } = opened(random);
  const victim: { state: JoinerState; box: string } = await commitTo(code, terminal, INFO);
  // It must commit to the extension before it has seen the terminal's half, and invite the terminal before it has seen
  // the extension's last word: the commitments allow no other order.
  const own = await commitTo(code, attacker, INFO);
  const invited = given(await invite(state, own.box, extension.invite))!;
  const forged = given(await invite({ ...state }, victim.box, attacker.invite))!;
  const atTerminal: Revealed = given(await reveal(victim.state, forged.box))!;
  const toExtension = given(await reveal(own.state, invited.box))!;
  const atExtension = given(await readReveal(invited.state, toExtension.box))!;
  return { shown: atTerminal.words, expected: atExtension.terminal!.words };
}

describe("somebody in the middle who has seen the code", () => {
  it("D-13: has words that differ: of all tries none guesses them", async (test) => {
    const tries = scale(300, 100_000);
    const pick = random();
    let guessed = 0;
    let near = 0;
    for (let i = 0; i < tries; i++) {
      const { shown, expected } = await inTheMiddle(pick);
      if (sameWords(shown.join(" "), expected)) guessed += 1;
      if (shown.some((word, at) => word === expected[at])) near += 1;
    }
    expect(guessed, `seed ${seed()}`).toBe(0);
    // One word of three agrees by chance in about 3 of 2,048 tries: the words are drawn from all of the list.
    expect(near).toBeLessThan(10 + (tries / 2_048) * 6);
    measured(test, `${count(tries)} tries, ${guessed} guessed, ${count(near)} with one word right`);
  });

  it("D-13: gains nothing by a typing mistake: one letter off is off", () => {
    const words = ["abandon", "ability", "able"];
    expect(sameWords("Abandon, ability; ABLE", words)).toBe(true);
    for (const typed of [
      "abandon ability",
      "abandon ability ably",
      "ability abandon able",
      "abandonability able",
      "",
    ])
      expect(sameWords(typed, words), typed).toBe(false);
  });
});
