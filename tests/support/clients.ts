import {
  type AuthorityIdentity,
  type DeviceKeys,
  type GrantTerms,
  openAuthority,
} from "@jcfetch/shared/authority";
import { digest, utf8 } from "@jcfetch/shared/crypto/encoding";
import { deviceIdOf, exportPublicKey, generateKeys, importPublicKey } from "@jcfetch/shared/crypto/keys";
import { type Sealed, seal } from "@jcfetch/shared/crypto/seal";
import { signDocument } from "@jcfetch/shared/crypto/sign";
import { type Device, openDevice } from "@jcfetch/shared/device";
import type { AskVoice } from "@jcfetch/shared/device-asking";
import { mergeSeen, NOTHING_SEEN, type Seen } from "@jcfetch/shared/device-line";
import type { BrokerId } from "@jcfetch/shared/domain/ids";
import { requestContext } from "@jcfetch/shared/protocol/contexts";
import type { CredentialRequest } from "@jcfetch/shared/protocol/credentials";
import type { Keyset } from "@jcfetch/shared/protocol/documents";
import type { WireErrorCode } from "@jcfetch/shared/protocol/errors";
import { verifyKeyset } from "@jcfetch/shared/protocol/verify";
import { CONTENT_TYPE, HEADERS } from "@jcfetch/shared/protocol/version";
import type { Clock } from "@jcfetch/shared/time";

/*
 * The two callers of a broker with their keys in memory, and the pieces of a request one by one, so that a test can put
 * a single one of them wrong.
 */

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Record<string, unknown>;
  /** Of a refusal; `undefined` in a success. */
  readonly code: WireErrorCode | undefined;
}

export type RawRequest = { readonly headers?: Record<string, string>; readonly body?: unknown };

export const PROTOCOL_HEADERS = { "content-type": CONTENT_TYPE, [HEADERS.version]: "1" } as const;

/** One request exactly as given; `body` is sent as it is when it is text. */
export async function post(
  url: string,
  path: string,
  { headers, body }: RawRequest = {},
): Promise<RawAnswer> {
  const response = await fetch(url + path, {
    method: "POST",
    headers: { ...PROTOCOL_HEADERS, ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body ?? {}),
  });
  return readAnswer(response);
}

export async function readAnswer(response: Response): Promise<RawAnswer> {
  const text = await response.text();
  const json = (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>;
  const code = json.code as WireErrorCode | undefined;
  return { status: response.status, headers: response.headers, text, json, code };
}

export async function fetchKeyset(url: string, bid: string): Promise<Keyset> {
  const { json } = await post(url, "/v1/keys");
  const keyset = await verifyKeyset(json.keyset as string, bid);
  if (!keyset) throw new Error("the broker's keyset does not verify");
  return keyset;
}

/** Never twice the same, also for two clients over the same keys. */
function counter(): () => Promise<number> {
  let last = 0;
  return async () => ++last;
}

export interface At {
  readonly url: string;
  readonly bid: string;
  readonly now: Clock;
}

export type TestExtension = Awaited<ReturnType<typeof newExtension>>;

/** An extension with fresh keys. */
export async function newExtension({ url, bid, now }: At) {
  const identity: AuthorityIdentity = {
    signing: await generateKeys("sign"),
    agreement: await generateKeys("agree"),
    bid: bid as BrokerId,
  };
  const nextCounter = counter();
  const authority = await openAuthority(identity, { url, now, nextCounter, fetch, timeoutMs: 20_000 });
  const Esig = await exportPublicKey(identity.signing.publicKey);
  const { uid } = authority;
  const mark: { member?: string } = {};
  /** Become a user of the broker; from then on its mark stands in every proof. */
  const enrol = async (token: string) => {
    const done = await authority.enrol(token);
    if (done.ok) mark.member = done.value.member;
    return done;
  };

  /** Headers for one request; any claim can be put wrong. */
  const prove = async (path: string, body: string, wrong: object = {}): Promise<Record<string, string>> => {
    const bd = await digest(body);
    const iat = Math.floor(now() / 1_000);
    const ctr = await nextCounter();
    const proof = { v: 1, htm: "POST", p: path, bid, uid, ...mark, Esig, bd, iat, ctr, ...wrong };
    return {
      [HEADERS.user]: uid,
      [HEADERS.proof]: await signDocument("jc-ext+jwt", proof, identity.signing.privateKey),
    };
  };
  /** A signed request with a raw answer. */
  const send = async (
    path: string,
    body: object = {},
    wrong: object = {},
    headers: Record<string, string> = {},
  ) => {
    const text = JSON.stringify(body);
    return post(url, path, { headers: { ...(await prove(path, text, wrong)), ...headers }, body: text });
  };
  return { ...identity, uid, Esig, authority, enrol, mark, prove, send, nextCounter };
}

export interface DeviceParts {
  readonly signing: CryptoKeyPair;
  readonly agreement: CryptoKeyPair;
  readonly keys: DeviceKeys;
}

export async function newDeviceKeys(extractable = false): Promise<DeviceParts> {
  const signing = await generateKeys("sign", extractable);
  const agreement = await generateKeys("agree", extractable);
  const Dsig = await exportPublicKey(signing.publicKey);
  const Dkem = await exportPublicKey(agreement.publicKey);
  return { signing, agreement, keys: { did: await deviceIdOf(Dsig), Dsig, Dkem } };
}

export type TestDevice = Awaited<ReturnType<typeof openTestDevice>>;

/** What a device remembers, in memory. */
export function memory() {
  let seen = NOTHING_SEEN;
  return {
    loadSeen: async (): Promise<Seen> => seen,
    saveSeen: async (next: Seen, presented: Seen): Promise<void> => {
      seen = mergeSeen(seen, next, presented);
    },
    /** As if what came since had never been written down. */
    restore: (before: Seen): void => {
      seen = before;
    },
  };
}

/** Devices of a test answer at once, or are asked with this voice. */
export interface DeviceExtras {
  readonly voice?: () => AskVoice;
  readonly timeoutMs?: number;
  /** Shared by whoever shares the keys. */
  readonly nextCounter?: () => Promise<number>;
  /** One folder for several programs. */
  readonly loadSeen?: () => Promise<Seen>;
  readonly saveSeen?: (seen: Seen, presented: Seen) => Promise<void>;
  readonly fetch?: typeof fetch;
}

/** A device that holds a grant. */
export async function openTestDevice(
  parts: DeviceParts,
  grant: string,
  { url, bid, now }: At,
  extras: DeviceExtras = {},
) {
  const { nextCounter = counter() } = extras;
  /** Every answer it was sent, as it came: for tests that look at what went over the wire. */
  const received: string[] = [];
  const recording: typeof fetch = async (...request) => {
    const response = await fetch(...request);
    received.push(await response.clone().text());
    return response;
  };
  const remembered = memory();
  const ports = { url, now, nextCounter, fetch: recording, timeoutMs: 60_000, ...remembered, ...extras };
  const device = (await openDevice({ ...parts, grant }, ports)) as Device;
  const gh = await digest(grant);
  const { uid, did } = device.grant;

  const prove = async (path: string, body: string, wrong: object = {}): Promise<Record<string, string>> => {
    const iat = Math.floor(now() / 1_000);
    const ctr = await nextCounter();
    const { n, seq, ah } = await remembered.loadSeen();
    const state = { n, seq, ah };
    const proof = {
      v: 1,
      htm: "POST",
      p: path,
      bid,
      gh,
      bd: await digest(body),
      iat,
      ctr,
      ...state,
      ...wrong,
    };
    return {
      [HEADERS.user]: uid,
      [HEADERS.proof]: await signDocument("jc-proof+jwt", proof, parts.signing.privateKey),
    };
  };
  const send = async (
    path: string,
    body: object = {},
    wrong: object = {},
    headers: Record<string, string> = {},
  ) => {
    const text = JSON.stringify(body);
    return post(url, path, { headers: { ...(await prove(path, text, wrong)), ...headers }, body: text });
  };
  return {
    ...parts,
    received,
    remembered,
    now,
    url,
    bid,
    uid,
    did,
    gh,
    grant,
    device,
    prove,
    send,
    nextCounter,
    credentials: device.credentials.bind(device),
  };
}

/** The body of `requestCredentials` around any content, right or wrong. */
export async function sealRequest(
  at: { url: string; bid: string },
  uid: string,
  request: CredentialRequest | object,
): Promise<{ kid: string; box: Sealed }> {
  const { epochs } = await fetchKeyset(at.url, at.bid);
  const { kid, pk } = epochs[0]!;
  const key = (await importPublicKey("agree", pk))!;
  const context = requestContext(uid, "/v1/credentials");
  const box = await seal(key, { purpose: "req", bid: at.bid, context }, utf8(JSON.stringify(request)));
  return { kid, box };
}

export type { GrantTerms };
