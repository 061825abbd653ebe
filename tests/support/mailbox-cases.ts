import { base64url } from "@jcfetch/shared/crypto/encoding";
import { post, type RawAnswer, type TestExtension } from "./clients.ts";
import type { EndpointName } from "./endpoint-cases.ts";
import { anyone, type EndpointCases, fromExtension, type Sender } from "./senders.ts";
import type { TestWorld } from "./world.ts";

/** A mailbox that an extension has opened, and somebody joined. */
export interface OpenMailbox {
  readonly m: string;
  readonly extension: TestExtension;
  /** The joiner's token; of the right form but wrong when nobody has joined. */
  readonly t: string;
}

/** Of the right form, but no broker has minted it. */
export const strangeMailboxId = (): string => base64url(crypto.getRandomValues(new Uint8Array(32)));
/** Of the right form, but given to nobody. */
export const strangeToken = (): string => base64url(crypto.getRandomValues(new Uint8Array(16)));

export async function openMailbox(world: TestWorld): Promise<OpenMailbox> {
  const { extension } = await world.enrolledUser();
  const { json } = await extension.send("/v1/pairing/open");
  return { m: json.m as string, extension, t: strangeToken() };
}

export async function joinedMailbox(world: TestWorld): Promise<OpenMailbox> {
  const mailbox = await openMailbox(world);
  const { json } = await post(world.broker.url, "/v1/pairing/join", { body: { m: mailbox.m } });
  return { ...mailbox, t: json.t as string };
}

const burn = ({ extension, m }: OpenMailbox, reason: string): Promise<RawAnswer> =>
  extension.send("/v1/pairing/burn", { m, reason });

type MailboxEndpoint =
  | "putInvite"
  | "takeReply"
  | "burnPairing"
  | "joinPairing"
  | "sendReply"
  | "receiveInvite";

const BOX = "AAAA";

/** The good request of each endpoint at a given mailbox. */
const requests: Record<
  MailboxEndpoint,
  (at: OpenMailbox) => { path: string; body: object; signed: boolean }
> = {
  putInvite: ({ m }) => ({ path: "put", body: { m, slot: "invite", box: BOX }, signed: true }),
  takeReply: ({ m }) => ({ path: "take", body: { m, slot: "commit" }, signed: true }),
  burnPairing: ({ m }) => ({ path: "burn", body: { m, reason: "pairing-refused" }, signed: true }),
  joinPairing: ({ m }) => ({ path: "join", body: { m }, signed: false }),
  sendReply: ({ m, t }) => ({ path: "send", body: { m, t, slot: "reveal", box: BOX }, signed: false }),
  receiveInvite: ({ m, t }) => ({ path: "receive", body: { m, t, slot: "invite" }, signed: false }),
};

const senderAt = async (name: MailboxEndpoint, world: TestWorld, at: OpenMailbox): Promise<Sender> => {
  const { path, body, signed } = requests[name](at);
  const full = `/v1/pairing/${path}`;
  return signed ? fromExtension(at.extension, full, async () => body) : anyone(world, full, async () => body);
};

const askAt = async (name: MailboxEndpoint, world: TestWorld, at: OpenMailbox): Promise<RawAnswer> => {
  const sender = await senderAt(name, world, at);
  return sender.send(await sender.body());
};

const casesOf = (name: MailboxEndpoint): EndpointCases => ({
  sender: async (world) => {
    const at = name === "joinPairing" ? await openMailbox(world) : await joinedMailbox(world);
    // A message waits for each reader, so that reading answers at once.
    if (name === "takeReply")
      await post(world.broker.url, "/v1/pairing/send", {
        body: { m: at.m, t: at.t, slot: "commit", box: BOX },
      });
    if (name === "receiveInvite")
      await at.extension.send("/v1/pairing/put", { m: at.m, slot: "invite", box: BOX });
    return senderAt(name, world, at);
  },
  refusals: {
    "pairing-unknown": async (world) =>
      askAt(name, world, { ...(await openMailbox(world)), m: strangeMailboxId() }),
    "pairing-expired": async (world) => {
      const at = name === "joinPairing" ? await openMailbox(world) : await joinedMailbox(world);
      await world.advance(301);
      return askAt(name, world, at);
    },
    "pairing-joined": async (world) => {
      const at = await joinedMailbox(world);
      await post(world.broker.url, "/v1/pairing/join", { body: { m: at.m } });
      return askAt(name, world, at);
    },
    "pairing-refused": async (world) => {
      const at = await joinedMailbox(world);
      await burn(at, "pairing-refused");
      return askAt(name, world, at);
    },
    "pairing-words": async (world) => {
      const at = await joinedMailbox(world);
      await burn(at, "pairing-words");
      return askAt(name, world, at);
    },
  },
});

export const mailboxCases = {
  openPairing: {
    sender: async (world: TestWorld): Promise<Sender> => {
      const { extension } = await world.enrolledUser();
      return fromExtension(extension, "/v1/pairing/open", async () => ({}));
    },
    refusals: {
      "pairing-limit": async (world: TestWorld): Promise<RawAnswer> => {
        const { extension } = await world.enrolledUser();
        const open = (): Promise<RawAnswer> => extension.send("/v1/pairing/open");
        for (let i = 0; i < 5; i++) await open();
        return open();
      },
      "pairing-unknown": async (world: TestWorld): Promise<RawAnswer> => {
        const { extension } = await world.enrolledUser();
        return extension.send("/v1/pairing/open", { m: strangeMailboxId() });
      },
    },
  },
  putInvite: casesOf("putInvite"),
  takeReply: casesOf("takeReply"),
  burnPairing: casesOf("burnPairing"),
  joinPairing: casesOf("joinPairing"),
  sendReply: casesOf("sendReply"),
  receiveInvite: casesOf("receiveInvite"),
} satisfies Partial<Record<EndpointName, EndpointCases>>;
