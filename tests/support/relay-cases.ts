import { utf8 } from "@jcfetch/shared/crypto/encoding";
import { exportPublicKey, generateKeys, importPublicKey } from "@jcfetch/shared/crypto/keys";
import { seal } from "@jcfetch/shared/crypto/seal";
import { extensionContext } from "@jcfetch/shared/protocol/contexts";
import type { WireErrorCode } from "@jcfetch/shared/protocol/errors";
import type { ExtensionRefusal } from "@jcfetch/shared/protocol/relay";
import { type BrowserSideOptions, openBrowserSide } from "./browser-side.ts";
import type { EndpointName } from "./endpoint-cases.ts";
import { byGrant, grantRefusals, rateCase } from "./grant-cases.ts";
import { ask, type Case, type EndpointCases, type Sender } from "./senders.ts";
import { type PairedDevice, type PairOptions, S3_ADMIN, type TestWorld } from "./world.ts";

/** Whatever asks the extension, with one that answers as the real one does or says what it is told to say. */
interface Kind {
  readonly path: string;
  readonly purpose: "relay" | "ask";
  readonly from: PairOptions;
  readonly content: () => Promise<object>;
}

const ASKING = { num: 42, process: "test", directory: "~", interactive: true };

const RELAY: Kind = {
  path: "/v1/relay",
  purpose: "relay",
  from: { modes: ["relay"], deposited: false },
  content: async () => ({
    rpk: await exportPublicKey((await generateKeys("agree")).publicKey),
    ...S3_ADMIN,
    ask: null,
  }),
};

const APPROVAL: Kind = {
  path: "/v1/approval",
  purpose: "ask",
  from: { policy: { ask: ["S3*"] } },
  content: async () => ({ rh: "A".repeat(43), ...S3_ADMIN, ask: ASKING }),
};

const bodyTo = async (
  { purpose, content }: Kind,
  { bid, uid, did, gh, grant, device }: PairedDevice,
): Promise<object> => {
  const key = (await importPublicKey("agree", device.grant.Ekem))!;
  const at = { purpose, bid, context: extensionContext({ uid, did, gh }) } as const;
  return { grant, box: await seal(key, at, utf8(JSON.stringify(await content()))) };
};

const senderOf = async (
  world: TestWorld,
  kind: Kind,
  from: PairOptions = {},
  browser: BrowserSideOptions | "away" = {},
): Promise<Sender> => {
  const merged = { ...kind.from, ...from, policy: { ...kind.from.policy, ...from.policy } };
  const device = await world.pairedDevice(merged);
  const open = browser === "away" ? undefined : await openBrowserSide(world, device.user, browser);
  const sender = { ...byGrant(device, kind.path), body: () => bodyTo(kind, device) };
  return open ? { ...sender, close: open.close } : sender;
};

/** What the extension refuses reaches the device as it is. */
const refused =
  (kind: Kind, code: ExtensionRefusal): Case =>
  async (world) => {
    const retryAfterSeconds = code === "upstream-throttled" ? 3 : null;
    const twist: BrowserSideOptions["twist"] = (message) =>
      message.t === "got" || message.t === "asking"
        ? message
        : { t: "refusal", id: message.id, code, retryAfterSeconds };
    return ask(await senderOf(world, kind, {}, { twist }));
  };

const SAID_BY_THE_EXTENSION = [
  "needs-approval",
  "approval-refused",
  "approval-timeout",
  "approval-busy",
  "credential-too-long",
  "role-not-assigned",
  "no-session",
  "sso-expired",
  "upstream-throttled",
  "upstream",
] as const satisfies readonly ExtensionRefusal[];

const casesOf = (kind: Kind): EndpointCases => {
  const sender: EndpointCases["sender"] = (world, from) => senderOf(world, kind, from);
  const said = SAID_BY_THE_EXTENSION.map((code) => [code, refused(kind, code)] as const);
  return {
    sender,
    refusals: {
      ...grantRefusals(sender),
      ...(Object.fromEntries(said) as Partial<Record<WireErrorCode, Case>>),
      "browser-offline": async (world) => ask(await senderOf(world, kind, {}, "away")),
      // Where the grant has nothing to ask the extension for, the broker itself refuses.
      policy: async (world) =>
        ask(await senderOf(world, { ...kind, from: {} }, { modes: ["sealed"], policy: { ask: [] } })),
      rate: rateCase(sender),
    },
  };
};

const presenceSender: EndpointCases["sender"] = async (world, from) =>
  byGrant(await world.pairedDevice(from), "/v1/presence");

export const relayCases = {
  requestRelay: casesOf(RELAY),
  requestApproval: casesOf(APPROVAL),
  presence: {
    sender: presenceSender,
    refusals: { ...grantRefusals(presenceSender), rate: rateCase(presenceSender) },
  },
} satisfies Partial<Record<EndpointName, EndpointCases>>;
