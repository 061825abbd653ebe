import { digest } from "@jcfetch/shared/crypto/encoding";
import { peekDocument, signDocument } from "@jcfetch/shared/crypto/sign";
import type { Seen } from "@jcfetch/shared/device-line";
import { toSeconds } from "@jcfetch/shared/time";
import { fetchKeyset, post, type RawAnswer, sealRequest } from "../../support/clients.ts";
import {
  credentialRequest,
  type PairedDevice,
  S3_ADMIN,
  type TestUser,
  takeInner,
} from "../../support/world.ts";

/** One request as it was sent, to be sent again word for word. */
export interface Message {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export interface Acknowledged {
  readonly what: "credentials" | "envelope" | "deposit" | "revoke";
  readonly message: Message;
  /** The device that it was about. */
  readonly did: string;
}

/** Somebody who writes to the broker. @returns `undefined` for a request without an answer, since the broker was killed. */
export type Writer = () => Promise<Acknowledged | undefined>;

/** The answer to one message, which is 200 if there is one. */
async function answerTo(url: string, message: Message): Promise<RawAnswer | undefined> {
  const answer = await post(url, message.path, message).catch(() => undefined);
  if (answer && answer.status !== 200) throw new Error(`${message.path} was refused: ${answer.text}`);
  return answer;
}

/** A device that fetches credentials, and presents what it was told with the last ones. */
export async function fetcher(device: PairedDevice, want = S3_ADMIN): Promise<Writer> {
  const request = await credentialRequest(device, await takeInner(device), want);
  const body = JSON.stringify(await sealRequest(device, device.uid, request));
  const { did, url, remembered } = device;
  const path = "/v1/credentials";
  return async () => {
    const presented = await remembered.loadSeen();
    const message = { path, headers: await device.prove(path, body), body };
    const answer = await answerTo(url, message);
    if (!answer) return undefined;
    // Not verified: this is a test of the broker's memory, and not of its signature.
    const { n, seq, ah, rl } = peekDocument(answer.json.state as string) as Seen;
    await remembered.saveSeen({ n, seq, ah, rl }, presented);
    return { what: "credentials", message, did };
  };
}

/** A device that takes its envelope. */
export function taker(device: PairedDevice): Writer {
  const path = "/v1/envelope";
  const body = JSON.stringify({ grant: device.grant });
  return async () => {
    const message = { path, headers: await device.prove(path, body), body };
    return (await answerTo(device.url, message)) && { what: "envelope", message, did: device.did };
  };
}

/** An extension that leaves one envelope after the other; what is under their locks is of no interest. */
export async function depositor(device: PairedDevice): Promise<Writer> {
  const { user, uid, did, gh, bid, url } = device;
  const { kid } = (await fetchKeyset(url, bid)).epochs[0]!;
  const outer = { e: "A".repeat(87), c: "AAAA" };
  const lock = await digest(outer.e + outer.c);
  const path = "/v1/envelopes";
  return async () => {
    const iat = toSeconds(device.now());
    user.seq += 1;
    const fields = { v: 1, uid, did, gh, bid, epoch: kid, seq: user.seq, iat, exp: iat + 600 };
    const envelope = await signDocument(
      "jc-env+jwt",
      { ...fields, ih: lock, oh: lock },
      user.extension.signing.privateKey,
    );
    const body = JSON.stringify({ envelope, outer });
    const message = { path, headers: await user.extension.prove(path, body), body };
    return (await answerTo(url, message)) && { what: "deposit", message, did };
  };
}

/** An extension that removes one more of these devices each time. */
export function revoker(user: TestUser, devices: readonly PairedDevice[]): Writer {
  const { url } = devices[0]!;
  const { authority, prove } = user.extension;
  const path = "/v1/revocations";
  let rl = 0;
  return async () => {
    const dids = devices.slice(0, ++rl).map(({ did }) => did);
    const list = { rl, dids, locked: [], lock: false };
    const body = JSON.stringify({ revocations: await authority.signRevocations(list) });
    const message = { path, headers: await prove(path, body), body };
    return (await answerTo(url, message)) && { what: "revoke", message, did: dids.at(-1)! };
  };
}
