import { type BrokerPorts, callBroker } from "./client.ts";
import { exportPublicKey } from "./crypto/keys.ts";
import {
  joinPairing,
  keys as keysEndpoint,
  type PairingSlot,
  receiveInvite,
  sendReply,
} from "./protocol/endpoints.ts";
import type { Refusal } from "./protocol/errors.ts";
import { commitTo, type PairingCode, readAnswer, reveal, type TerminalInfo } from "./protocol/pairing.ts";
import { type VerifiedGrant, verifyGrant, verifyKeyset } from "./protocol/verify.ts";
import { APPROVAL_LIFETIME_SECONDS } from "./protocol/version.ts";
import { err, ok, type Result } from "./result.ts";
import { type Clock, type EpochMs, toMs } from "./time.ts";

export interface JoinerPorts extends BrokerPorts {
  readonly now: Clock;
  /** Until when the mailbox may still be opened by the extension; without it, it must be open now. */
  readonly openedUntilMs?: EpochMs;
}

export interface JoinerKeys {
  readonly signing: CryptoKeyPair;
  readonly agreement: CryptoKeyPair;
}

/** What the person at the terminal is told while it runs. */
export interface JoinerVoice {
  /** Show these; the user types them into the extension. */
  words(words: readonly string[]): void;
  /** Words are shown; the browser is being waited for until then at the latest. */
  waiting(until: EpochMs): void;
}

export interface PairedGrant extends VerifiedGrant {
  /** The grant's text, to be kept: proofs name its hash. */
  readonly jws: string;
}

type Waited = Result<string, Refusal>;

/**
 * Pair this terminal: from a code to a grant that was checked against this terminal's own keys and the pinned broker.
 *
 * @errors every `pairing-*` code; `answer-refused` when broker or messages are not who the code named;
 *   `broker-unreachable`. Ends by itself when the mailbox does.
 */
export async function pairTerminal(
  code: PairingCode,
  keys: JoinerKeys,
  info: TerminalInfo,
  ports: JoinerPorts,
  voice: JoinerVoice,
): Promise<Result<PairedGrant, Refusal>> {
  const broker = await callBroker(ports, keysEndpoint, {});
  if (!broker.ok) return broker;
  if (!(await verifyKeyset(broker.value.keyset, code.bid))) return err({ code: "answer-refused" });

  const joined = await join(ports, code.m);
  if (!joined.ok) return joined;
  // By this terminal's own clock: the broker's may be minutes away, and a wrong one must not make us wait for ever.
  const until = ports.now() + toMs(APPROVAL_LIFETIME_SECONDS);
  const mailbox = { m: code.m, t: joined.value.t };
  const receive = (slot: "invite" | "answer"): Promise<Waited> => waitFor(ports, mailbox, slot, until);

  const { state, box } = await commitTo(code, keys, info);
  const committed = await callBroker(ports, sendReply, { ...mailbox, slot: "commit", box });
  if (!committed.ok) return committed;

  const invited = await receive("invite");
  if (!invited.ok) return invited;
  const revealed = await reveal(state, invited.value);
  if (!revealed.ok) return err({ code: "answer-refused" });
  const sent = await callBroker(ports, sendReply, { ...mailbox, slot: "reveal", box: revealed.value.box });
  if (!sent.ok) return sent;

  voice.words(revealed.value.words);
  voice.waiting(until);
  const answered = await receive("answer");
  if (!answered.ok) return answered;
  const jws = await readAnswer(code, answered.value);
  const granted = jws && (await checkGrant(jws, code, keys, revealed.value.Esig));
  return granted ? ok(granted) : err({ code: "answer-refused" });
}

/** [PA7] The grant must name our keys, the broker of the code, and the extension whose words were compared. */
async function checkGrant(
  jws: string,
  code: PairingCode,
  keys: JoinerKeys,
  Esig: string,
): Promise<PairedGrant | undefined> {
  const verified = await verifyGrant(jws);
  if (!verified) return undefined;
  const { grant } = verified;
  const ours =
    grant.Dsig === (await exportPublicKey(keys.signing.publicKey)) &&
    grant.Dkem === (await exportPublicKey(keys.agreement.publicKey));
  return ours && grant.bid === code.bid && grant.Esig === Esig ? { ...verified, jws } : undefined;
}

const LEAST_ROUND_MS = 1_000;

/** [ST5] A mailbox of a set-up code is opened when the code has been pasted; until then it is unknown. */
async function join(ports: JoinerPorts, m: string): Promise<Result<{ t: string }, Refusal>> {
  for (;;) {
    const roundEnds = pause(LEAST_ROUND_MS);
    const joined = await callBroker(ports, joinPairing, { m });
    if (joined.ok || ports.openedUntilMs === undefined || joined.error.code !== "pairing-unknown")
      return joined;
    if (ports.now() >= ports.openedUntilMs) return err({ code: "pairing-expired" });
    await roundEnds;
  }
}

/** The broker holds each call for up to ten seconds; one that answers at once with nothing is not asked at once again. */
async function waitFor(
  ports: JoinerPorts,
  mailbox: { m: string; t: string },
  slot: Extract<PairingSlot, "invite" | "answer">,
  until: EpochMs,
): Promise<Waited> {
  while (ports.now() < until) {
    const roundEnds = pause(LEAST_ROUND_MS);
    const answer = await callBroker(ports, receiveInvite, { ...mailbox, slot });
    if (!answer.ok) return answer;
    if (answer.value.box !== null) return ok(answer.value.box);
    await roundEnds;
  }
  return err({ code: "pairing-expired" });
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
