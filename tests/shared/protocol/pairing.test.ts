import { base64url } from "@jcfetch/shared/crypto/encoding";
import { exportPublicKey, generateKeys } from "@jcfetch/shared/crypto/keys";
import type { BrokerId } from "@jcfetch/shared/domain/ids";
import {
  answer,
  commitTo,
  decodePairingCode,
  encodePairingCode,
  type InviterState,
  invite,
  newInvitation,
  type PairingCode,
  readAnswer,
  readReveal,
  reveal,
  sameWords,
} from "@jcfetch/shared/protocol/pairing";
import { describe, expect, it } from "vitest";

const bid = base64url(new Uint8Array(32).fill(7)) as BrokerId;
const url = "http://127.0.0.1:8787";
const info = { host: "thinkpad", osUser: "ana", os: "linux", ssh: false, version: "0.1.0" };

/** As if the broker had opened a mailbox. */
const invitation = () => newInvitation(bid, base64url(crypto.getRandomValues(new Uint8Array(32))));

const keyPairs = async () => ({
  signing: await generateKeys("sign"),
  agreement: await generateKeys("agree"),
});
const publicKeys = async () => {
  const { signing, agreement } = await keyPairs();
  return { Esig: await exportPublicKey(signing.publicKey), Ekem: await exportPublicKey(agreement.publicKey) };
};

async function carried(state: InviterState): Promise<PairingCode> {
  return (await decodePairingCode(await encodePairingCode({ bid, url, m: state.m, s: state.s })))!;
}

describe("a pairing", () => {
  it("[PA5] gives both sides the same three words, and the terminal the grant", async () => {
    const start = invitation();
    const code = await carried(start);
    const committed = await commitTo(code, await keyPairs(), info);
    const invited = await invite(start, committed.box, await publicKeys());
    if (!invited.ok) throw new Error("invite");
    const revealed = await reveal(committed.state, invited.value.box);
    if (!revealed.ok) throw new Error("reveal");
    const read = await readReveal(invited.value.state, revealed.value.box);

    expect(read).toMatchObject({ ok: true, value: { terminal: { info, words: revealed.value.words } } });
    expect(revealed.value.words).toHaveLength(3);
    if (read.ok) expect(await readAnswer(code, await answer(read.value, "a.b.c"))).toBe("a.b.c");
  });

  it("[PA2] [PA4] refuses a terminal that reveals other keys than it committed to", async () => {
    const start = invitation();
    const code = await carried(start);
    const committed = await commitTo(code, await keyPairs(), info);
    const other = await commitTo(code, await keyPairs(), info);
    const invited = await invite(start, committed.box, await publicKeys());
    if (!invited.ok) throw new Error("invite");
    const revealed = await reveal({ ...other.state, commit: committed.state.commit }, invited.value.box);
    if (!revealed.ok) throw new Error("reveal");
    expect(await readReveal(invited.value.state, revealed.value.box)).toEqual({
      ok: false,
      error: "tampered",
    });
  });

  it("[PA4] refuses a reveal whose signature is over another talk", async () => {
    const start = invitation();
    const code = await carried(start);
    const committed = await commitTo(code, await keyPairs(), info);
    const [first, second] = [
      await invite(start, committed.box, await publicKeys()),
      await invite(start, committed.box, await publicKeys()),
    ];
    if (!first.ok || !second.ok) throw new Error("invite");
    const revealed = await reveal(committed.state, first.value.box);
    if (!revealed.ok) throw new Error("reveal");
    expect((await readReveal(second.value.state, revealed.value.box)).ok).toBe(false);
  });

  it("[PA5] shows different words on each side when somebody with the code sits between", async () => {
    const start = invitation();
    const code = await carried(start);
    const victim = await commitTo(code, await keyPairs(), info);
    const attacker = await commitTo(code, await keyPairs(), info);
    const realInvite = await invite(start, attacker.box, await publicKeys());
    const falseInvite = await invite(start, victim.box, await publicKeys());
    if (!realInvite.ok || !falseInvite.ok) throw new Error("invite");
    const toAttacker = await reveal(victim.state, falseInvite.value.box);
    const toExtension = await reveal(attacker.state, realInvite.value.box);
    if (!toAttacker.ok || !toExtension.ok) throw new Error("reveal");
    const read = await readReveal(realInvite.value.state, toExtension.value.box);
    expect(read.ok && sameWords(toAttacker.value.words.join(" "), read.value.terminal!.words)).toBe(false);
  });

  it.each(["ana\u202egnp.exe", "host\u0007", "a\u200bb", "line\nbreak"])(
    "[PA4] refuses a terminal whose description would not read as it stands: %j",
    async (host) => {
      const start = invitation();
      const committed = await commitTo(await carried(start), await keyPairs(), { ...info, host });
      const invited = await invite(start, committed.box, await publicKeys());
      if (!invited.ok) throw new Error("invite");
      const revealed = await reveal(committed.state, invited.value.box);
      if (!revealed.ok) throw new Error("reveal");
      expect((await readReveal(invited.value.state, revealed.value.box)).ok).toBe(false);
    },
  );

  it("[PA3] binds each message to its mailbox and slot, and to the secret", async () => {
    const start = invitation();
    const code = await carried(start);
    const committed = await commitTo(code, await keyPairs(), info);
    const stranger = { ...invitation(), m: start.m };
    expect((await invite(stranger, committed.box, await publicKeys())).ok).toBe(false);
    expect((await reveal(committed.state, committed.box)).ok).toBe(false);
    expect(await readAnswer(code, committed.box)).toBeUndefined();
  });

  it("[PA7] refuses an invitation from another broker than the code names", async () => {
    const start = invitation();
    const code = await carried(start);
    const committed = await commitTo(code, await keyPairs(), info);
    const elsewhere = { ...start, bid: base64url(new Uint8Array(32)) as BrokerId };
    const invited = await invite(elsewhere, committed.box, await publicKeys());
    expect(invited.ok && (await reveal(committed.state, invited.value.box)).ok).toBe(false);
  });
});

describe("what people type and paste", () => {
  it.each([
    ["maple orbit tennis", true],
    ["  Maple,  ORBIT - tennis. ", true],
    ["maple\norbit\ntennis", true],
    ["maple orbit", false],
    ["orbit maple tennis", false],
    ["maple orbit tennis tennis", false],
    ["mapleorbittennis", false],
    ["", false],
  ])("[PA5] words %j", (typed, same) => {
    expect(sameWords(typed, ["maple", "orbit", "tennis"])).toBe(same);
  });

  it("[EN4] a code with an address that is neither https nor loopback is no code", async () => {
    const { m, s } = invitation();
    for (const [address, good] of [
      ["https://broker.example.org", true],
      ["http://127.0.0.1:8787", true],
      ["http://localhost:1", true],
      ["http://192.168.1.5:8787", false],
      ["http://broker.example.org", false],
      ["https://broker.example.org/path", false],
      ["https://a@broker.example.org", false],
      ["file:///etc", false],
    ] as const) {
      const decoded = await decodePairingCode(await encodePairingCode({ bid, url: address, m, s }));
      expect(decoded !== undefined, address).toBe(good);
    }
  });

  it("a code with one wrong character is told apart before anything is sent", async () => {
    const { m, s } = invitation();
    const text = await encodePairingCode({ bid, url, m, s });
    for (let at = 5; at < text.length; at += 9) {
      const wrong = text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);
      expect(await decodePairingCode(wrong)).toBeUndefined();
    }
  });
});
