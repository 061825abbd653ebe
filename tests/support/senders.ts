import type { WireErrorCode } from "@jcfetch/shared/protocol/errors";
import { post, type RawAnswer, type TestExtension } from "./clients.ts";
import type { PairedDevice, TestWorld } from "./world.ts";

export type Case = (world: TestWorld) => Promise<RawAnswer>;

/** Somebody who can send the good request of an endpoint, again and again, with any claim of the proof put wrong. */
export interface Sender {
  readonly body: () => Promise<object>;
  readonly send: (body: object, wrong?: object, headers?: Record<string, string>) => Promise<RawAnswer>;
}

export interface EndpointCases {
  /** A fresh caller for whom the endpoint would succeed. */
  readonly sender: (world: TestWorld) => Promise<Sender>;
  readonly refusals: Partial<Record<WireErrorCode, Case>>;
}

export const anyone = async (
  world: TestWorld,
  path: string,
  body: () => Promise<object>,
): Promise<Sender> => {
  return {
    body,
    send: (request, _, headers) =>
      post(world.broker.url, path, { body: request, ...(headers ? { headers } : {}) }),
  };
};

export const fromExtension = (
  extension: TestExtension,
  path: string,
  body: () => Promise<object>,
): Sender => ({ body, send: (request, wrong, headers) => extension.send(path, request, wrong, headers) });

export const ask = async (sender: Sender): Promise<RawAnswer> => sender.send(await sender.body());

/** Take a device off the list, or lock them all. */
export const revoke = async ({ user, did }: PairedDevice, lock = false): Promise<void> => {
  const list = { rl: 1, dids: lock ? [] : [did], lock };
  const revocations = await user.extension.authority.signRevocations(list);
  await user.extension.send("/v1/revocations", { revocations });
};
