import { wordlist } from "@scure/bip39/wordlists/english.js";
import * as v from "valibot";
import {
  type Bytes,
  base64url,
  concat,
  digest,
  fromBase64url,
  fromUtf8,
  sha256,
  utf8,
} from "../crypto/encoding.ts";
import { deviceIdOf, exportPublicKey, importPublicKey, userIdOf } from "../crypto/keys.ts";
import { signDocument, verifyDocument } from "../crypto/sign.ts";
import { BrokerId, type DeviceId, type UserId } from "../domain/ids.ts";
import { err, ok, type Result } from "../result.ts";
import { Secret } from "../secret.ts";
import type { PairingSlot } from "./endpoints.ts";
import { decodeCode, encodeCode } from "./enrolment.ts";

/*
 * Pairing, both sides, as pure steps over the four messages of the mailbox. Nothing here does I/O: the extension keeps
 * `InviterState` in memory between its steps, the terminal runs straight through.
 *
 *   terminal → extension   commit   hash of the terminal's keys, nonce and description
 *   extension → terminal   invite   the extension's keys and nonce
 *   terminal → extension   reveal   what was committed to, and a signature over all of it
 *   both                   three words from the hash of the whole; the user carries them from the terminal
 *   extension → terminal   answer   the signed grant
 *
 * The commitment comes before either side knows the other's nonce, so whoever sits in the middle has one guess in 2^33.
 * @source ZRTP (RFC 6189 §4.4.1.1) for commit-then-reveal with a short authentication string.
 */

const MAILBOX_BYTES = 32;
const SECRET_BYTES = 32;
const BID_BYTES = 32;
const NONCE_BYTES = 32;
const IV_BYTES = 12;

export interface PairingCode {
  readonly bid: BrokerId;
  readonly url: string;
  /** Mailbox id, minted by the broker: 32 bytes, base64url; independent of the secret. */
  readonly m: string;
  /** 32 random bytes, base64url: the key of the mailbox's contents. Never leaves the two programs. */
  readonly s: Secret<string>;
}

export function encodePairingCode({ bid, url, m, s }: PairingCode): Promise<string> {
  return encodeCode("jcp1", [fromBase64url(m)!, fromBase64url(s.reveal())!, fromBase64url(bid)!], url);
}

export async function decodePairingCode(text: string): Promise<PairingCode | undefined> {
  const code = await decodeCode("jcp1", [MAILBOX_BYTES, SECRET_BYTES, BID_BYTES], text);
  if (!code) return undefined;
  const [m, s, bid] = code.fixed;
  return { m: base64url(m!), s: new Secret(base64url(s!)), bid: base64url(bid!) as BrokerId, url: code.url };
}

/** Text from the other side that people will read: nothing in it may change how the text around it is read. */
const Shown = v.pipe(v.string(), v.regex(/^\P{C}*$/u, "no control, format or other invisible characters"));

/** What a terminal says of itself, shown to the user before anything is granted. Never trusted for a decision. */
export const TerminalInfo = v.strictObject({
  host: v.pipe(Shown, v.minLength(1), v.maxLength(64)),
  osUser: v.pipe(Shown, v.minLength(1), v.maxLength(64)),
  os: v.pipe(Shown, v.maxLength(64)),
  /** The session came in over SSH. */
  ssh: v.boolean(),
  version: v.pipe(Shown, v.maxLength(32)),
});
export type TerminalInfo = v.InferOutput<typeof TerminalInfo>;

const PublicKey = v.pipe(v.string(), v.regex(/^[\w-]{122}$/));
const Nonce = v.pipe(v.string(), v.regex(/^[\w-]{43}$/));

const Commit = v.strictObject({ c: v.pipe(v.string(), v.regex(/^[\w-]{43}$/)) });
const Invite = v.strictObject({ Esig: PublicKey, Ekem: PublicKey, n: Nonce, bid: BrokerId });
const RevealBody = v.strictObject({ Dsig: PublicKey, Dkem: PublicKey, n: Nonce, info: TerminalInfo });
const Reveal = v.strictObject({ body: v.string(), proof: v.string() });
const Answer = v.strictObject({ grant: v.pipe(v.string(), v.maxLength(8_192)) });

/** Both sides of the talk hash the same three texts. */
interface Transcript {
  readonly m: string;
  readonly commit: string;
  readonly invite: string;
  readonly reveal: string;
}

async function transcriptHash(purpose: string, t: Transcript): Promise<Bytes> {
  const parts = await Promise.all([t.commit, t.invite, t.reveal].map((text) => sha256(utf8(text))));
  return sha256(concat(utf8(`jc1/${purpose}|${t.m}|`), ...parts));
}

/** Three of 2,048 words: 33 bits. */
async function wordsOf(t: Transcript): Promise<readonly string[]> {
  const hash = await transcriptHash("sas", t);
  return [0, 2, 4].map((at) => wordlist[((hash[at]! << 8) | hash[at + 1]!) & 2047]!);
}

/** Compare what a person typed: case, spacing and punctuation do not matter, the words do. */
export function sameWords(typed: string, words: readonly string[]): boolean {
  const entered = typed
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter(Boolean);
  return entered.length === words.length && words.every((word, i) => word === entered[i]);
}

// ── The mailbox's contents: AES-256-GCM under a key from the code's secret ────────────────────────────────────────

async function boxKey(m: string, s: Secret<string>): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey("raw", fromBase64url(s.reveal())!, "HKDF", false, ["deriveKey"]);
  const derivation = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: utf8(`jc1/pair/${m}`) };
  return crypto.subtle.deriveKey(derivation, base, { name: "AES-GCM", length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]);
}

const slotContext = (m: string, slot: PairingSlot): Bytes => utf8(`jc1/pair|${m}|${slot}`);

async function sealSlot(m: string, s: Secret<string>, slot: PairingSlot, text: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const algorithm = { name: "AES-GCM", iv, additionalData: slotContext(m, slot) };
  const sealed = await crypto.subtle.encrypt(algorithm, await boxKey(m, s), utf8(text));
  return base64url(concat(iv, new Uint8Array(sealed)));
}

async function openSlot(
  m: string,
  s: Secret<string>,
  slot: PairingSlot,
  box: string,
): Promise<string | undefined> {
  const bytes = fromBase64url(box);
  if (!bytes || bytes.length <= IV_BYTES) return undefined;
  const algorithm = { name: "AES-GCM", iv: bytes.slice(0, IV_BYTES), additionalData: slotContext(m, slot) };
  try {
    return fromUtf8(
      new Uint8Array(await crypto.subtle.decrypt(algorithm, await boxKey(m, s), bytes.slice(IV_BYTES))),
    );
  } catch {
    return undefined;
  }
}

function parseText<S extends v.GenericSchema>(
  schema: S,
  text: string | undefined,
): v.InferOutput<S> | undefined {
  if (text === undefined) return undefined;
  try {
    const parsed = v.safeParse(schema, JSON.parse(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

const random = (bytes: number): string => base64url(crypto.getRandomValues(new Uint8Array(bytes)));

// ── The extension's side ──────────────────────────────────────────────────────────────────────────────────────────

/** Plain JSON but for the secret, so that a background page that is put to sleep can go on where it was. */
export interface InviterState {
  readonly m: string;
  readonly s: Secret<string>;
  readonly bid: BrokerId;
  readonly commit?: string;
  readonly invite?: string;
  readonly terminal?: RevealedTerminal;
}

export interface RevealedTerminal {
  readonly did: DeviceId;
  readonly Dsig: string;
  readonly Dkem: string;
  readonly info: TerminalInfo;
  readonly words: readonly string[];
}

/** Any of these burns the mailbox: somebody tampered, or the two programs do not fit. */
export type PairingFault = "tampered";

/** @param m the mailbox that the broker has opened for this invitation. */
export function newInvitation(bid: BrokerId, m: string): InviterState {
  return { m, s: new Secret(random(SECRET_BYTES)), bid };
}

/** [PA3] The terminal has committed; answer with the extension's keys and a nonce of its own. */
export async function invite(
  state: InviterState,
  commitBox: string,
  keys: { Esig: string; Ekem: string },
): Promise<Result<{ state: InviterState; box: string }, PairingFault>> {
  const commit = await openSlot(state.m, state.s, "commit", commitBox);
  if (commit === undefined || !parseText(Commit, commit)) return err("tampered");
  const text = JSON.stringify({ ...keys, n: random(NONCE_BYTES), bid: state.bid });
  const box = await sealSlot(state.m, state.s, "invite", text);
  return ok({ state: { ...state, commit, invite: text }, box });
}

/** [PA4] The terminal reveals what it committed to; from here on both sides know the three words. */
export async function readReveal(
  state: InviterState,
  revealBox: string,
): Promise<Result<InviterState, PairingFault>> {
  const reveal = await openSlot(state.m, state.s, "reveal", revealBox);
  const message = parseText(Reveal, reveal);
  const body = parseText(RevealBody, message?.body);
  const commit = parseText(Commit, state.commit);
  if (reveal === undefined || !message || !body || !commit || state.invite === undefined)
    return err("tampered");
  if (commit.c !== (await digest(`jc1/commit|${message.body}`))) return err("tampered");

  const key = await importPublicKey("sign", body.Dsig);
  const proof = key && v.safeParse(Commit, await verifyDocument("jc-pair+jwt", message.proof, key));
  const signed = await proofOf(state.m, state.commit!, state.invite, message.body);
  if (!proof?.success || proof.output.c !== signed || !(await importPublicKey("agree", body.Dkem)))
    return err("tampered");

  const words = await wordsOf({
    m: state.m,
    commit: state.commit!,
    invite: state.invite,
    reveal: message.body,
  });
  const { Dsig, Dkem, info } = body;
  return ok({ ...state, terminal: { did: await deviceIdOf(Dsig), Dsig, Dkem, info, words } });
}

/** [PA6] The user has chosen; hand over the grant. */
export function answer(state: InviterState, grant: string): Promise<string> {
  return sealSlot(state.m, state.s, "answer", JSON.stringify({ grant }));
}

// ── The terminal's side ───────────────────────────────────────────────────────────────────────────────────────────

export interface JoinerState {
  readonly code: PairingCode;
  readonly signing: CryptoKeyPair;
  readonly commit: string;
  readonly body: string;
}

/** [PA2] Commit to fresh keys before anything of the other side is known. */
export async function commitTo(
  code: PairingCode,
  keys: { signing: CryptoKeyPair; agreement: CryptoKeyPair },
  info: TerminalInfo,
): Promise<{ state: JoinerState; box: string }> {
  const body = JSON.stringify({
    Dsig: await exportPublicKey(keys.signing.publicKey),
    Dkem: await exportPublicKey(keys.agreement.publicKey),
    n: random(NONCE_BYTES),
    info,
  });
  const commit = JSON.stringify({ c: await digest(`jc1/commit|${body}`) });
  const box = await sealSlot(code.m, code.s, "commit", commit);
  return { state: { code, signing: keys.signing, commit, body }, box };
}

export interface Revealed {
  readonly box: string;
  readonly words: readonly string[];
  /** The user this terminal will belong to, once the words were right. */
  readonly uid: UserId;
  readonly Esig: string;
}

/** The invitation has come: reveal, sign the whole talk, and show the words. */
export async function reveal(state: JoinerState, inviteBox: string): Promise<Result<Revealed, PairingFault>> {
  const { code, commit, body } = state;
  const text = await openSlot(code.m, code.s, "invite", inviteBox);
  const message = parseText(Invite, text);
  if (text === undefined || !message || message.bid !== code.bid) return err("tampered");
  const c = await proofOf(code.m, commit, text, body);
  const proof = await signDocument("jc-pair+jwt", { c }, state.signing.privateKey);
  const box = await sealSlot(code.m, code.s, "reveal", JSON.stringify({ body, proof }));
  const words = await wordsOf({ m: code.m, commit, invite: text, reveal: body });
  return ok({ box, words, uid: await userIdOf(message.Esig), Esig: message.Esig });
}

/** @returns the grant as text; the caller verifies it against its own keys, the pinned broker and `Esig`. */
export async function readAnswer(code: PairingCode, answerBox: string): Promise<string | undefined> {
  return parseText(Answer, await openSlot(code.m, code.s, "answer", answerBox))?.grant;
}

/** Digest of the talk that the terminal signs, so that keys and talk cannot be parted. */
async function proofOf(m: string, commit: string, inviteText: string, body: string): Promise<string> {
  return base64url(await transcriptHash("proof", { m, commit, invite: inviteText, reveal: body }));
}
