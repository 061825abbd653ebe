import type { WireErrorCode } from "@jcfetch/shared/protocol/errors";
import { post, type RawAnswer, type TestExtension } from "./clients.ts";
import type { PairedDevice, PairOptions, TestWorld } from "./world.ts";

export type Case = (world: TestWorld) => Promise<RawAnswer>;

/** Somebody who can send the good request of an endpoint, again and again, with any claim of the proof put wrong. */
export interface Sender {
  readonly body: () => Promise<object>;
  readonly send: (body: object, wrong?: object, headers?: Record<string, string>) => Promise<RawAnswer>;
  readonly path: string;
  /** The headers of one request with this very body; where the endpoint wants a proof. */
  readonly prove?: (body: string, wrong?: object) => Promise<Record<string, string>>;
  /** Who signs the documents of a good request: for bad ones with good signatures. */
  readonly keys?: { readonly extension: CryptoKey; readonly device?: CryptoKey };
  /** What a good body holds under a seal, and the body around any such content. */
  readonly sealed?: { plain(): Promise<object>; around(plain: object): Promise<object> };
  /** Whoever makes many lets go of what each has open; else it stays for as long as the broker runs. */
  readonly close?: () => Promise<void>;
}

export interface EndpointCases {
  /** A fresh caller for whom the endpoint would succeed. */
  readonly sender: (world: TestWorld, from?: PairOptions) => Promise<Sender>;
  readonly refusals: Partial<Record<WireErrorCode, Case>>;
}

export const anyone = async (
  world: TestWorld,
  path: string,
  body: () => Promise<object>,
): Promise<Sender> => {
  return {
    body,
    path,
    send: (request, _, headers) =>
      post(world.broker.url, path, { body: request, ...(headers ? { headers } : {}) }),
  };
};

export const fromExtension = (
  extension: TestExtension,
  path: string,
  body: () => Promise<object>,
): Sender => ({
  body,
  path,
  send: (request, wrong, headers) => extension.send(path, request, wrong, headers),
  prove: (text, wrong) => extension.prove(path, text, wrong),
  keys: { extension: extension.signing.privateKey },
});

export const ask = async (sender: Sender): Promise<RawAnswer> => sender.send(await sender.body());

/** Take a device off the list, or lock them all. */
export const revoke = async ({ user, did }: PairedDevice, lock = false): Promise<void> => {
  const list = { rl: 1, dids: lock ? [] : [did], locked: [], lock };
  const revocations = await user.extension.authority.signRevocations(list);
  await user.extension.send("/v1/revocations", { revocations });
};
