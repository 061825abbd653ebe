import { describe, expect, it } from "vitest";
import { bestChance, jc1, type Rules } from "./d25/pairing-game.ts";
import { aead, hash, Knowledge, list, name, sign, type Term, word } from "./d25/terms.ts";
import { measured } from "./scale.ts";

/* The executable half of docs/formal.md, on pairing: what the code's secret gives, and what the three words give. */

const SECRET = name("secret of the code");
const [D, E, X] = [name("D.sig"), name("E.sig"), name("X.sig")];
const SLOTS = ["commit", "invite", "reveal", "answer"] as const;
type Slot = (typeof SLOTS)[number];

/** A message of the mailbox, as `sealSlot` makes it. */
const box = (slot: Slot, content: Term): Term => aead(SECRET, list(word("mailbox"), word(slot)), content);
const body = list(name("D's keys"), name("D's nonce"));
const HONEST: Readonly<Record<Slot, Term>> = {
  commit: box("commit", hash(body)),
  invite: box("invite", list(name("E's keys"), name("E's nonce"))),
  reveal: box("reveal", list(body, sign(D, hash(body)))),
  answer: box("answer", sign(E, name("grant"))),
};
const forged = list(X, word("any"));

describe("a mailbox", () => {
  it.each(SLOTS)(
    "D-25: without the code's secret nobody can say a word in the slot %s, or read one",
    (slot) => {
      const known = new Knowledge([...Object.values(HONEST), X]);
      expect(known.derives(box(slot, forged))).toBe(false);
      expect(known.derives(name("D's nonce"))).toBe(false);
      // not even one of the true messages in another's place
      const others = SLOTS.filter((other) => other !== slot);
      const moved = others.filter((other) => {
        const { of } = HONEST[other] as Extract<Term, { op: "aead" }>;
        return known.derives(box(slot, of));
      });
      expect(moved).toEqual([]);
    },
  );

  it("D-25: with it everything can be said but what somebody else must sign: the rest is for the words to stop", () => {
    const known = new Knowledge([...Object.values(HONEST), X, SECRET]);
    expect(SLOTS.filter((slot) => known.derives(box(slot, forged)))).toEqual(SLOTS);
    expect(known.derives(box("reveal", list(body, sign(D, hash(forged)))))).toBe(false);
    expect(known.derives(box("answer", sign(E, name("another grant"))))).toBe(false);
  });
});

describe("the words of pairing", () => {
  it("D-25: whoever is in the middle hits the right ones once in as many as there are", (context) => {
    const sizes = [2, 3, 4, 5];
    for (const words of sizes) expect(bestChance(jc1(words))).toBeCloseTo(1 / words, 12);
    measured(context, `every game with ${sizes.join(", ")} words`);
  });

  it.each<[string, Partial<Rules>]>([
    ["nothing is committed to", { commits: false }],
    ["the extension shows its half before the terminal has committed", { inviteWaits: false }],
    ["the words leave out the terminal's half", { covers: { reveal: false, invite: true } }],
    ["the words leave out the extension's half", { covers: { reveal: true, invite: false } }],
  ])("D-25: if %s, they always do", (_what, change) => {
    expect(bestChance({ ...jc1(2), ...change })).toBe(1);
    expect(bestChance({ ...jc1(4), ...change })).toBe(1);
  });
});
