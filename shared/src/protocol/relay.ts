import * as v from "valibot";
import { Sealed } from "../crypto/seal.ts";
import { AccountId, RoleName } from "../domain/ids.ts";
import { Digest, Jws, PublicKey } from "./documents.ts";
import type { WireErrorCode } from "./errors.ts";

/*
 * What a device and its extension say to each other through the broker, and how the broker passes it on. The boxes are
 * sealed to the extension: the broker sees who asks, when, and how much.
 */

/** One line of text from a terminal, for a person to read: nothing in it may change how the text around it is read. */
const Said = v.pipe(v.string(), v.regex(/^\P{C}*$/u), v.maxLength(256));

/** What the user is shown beside the role. Host and OS user come from the extension's own list; this is the terminal's word. */
export const Asking = v.strictObject({
  /** Two digits that stand on the terminal; the user types them into the extension. [AS2] */
  num: v.pipe(v.number(), v.safeInteger(), v.minValue(10), v.maxValue(99)),
  process: Said,
  directory: Said,
  /** A person can see the number on that terminal. */
  interactive: v.boolean(),
});
export type Asking = v.InferOutput<typeof Asking>;

/** What is inside `requestRelay.box`, sealed to the extension with purpose `relay`. */
export const RelayRequest = v.strictObject({
  /** Public key made for this request alone; the answer is sealed to it. */
  rpk: PublicKey,
  account: AccountId,
  role: RoleName,
  /** Present exactly when the device's own grant says that this role asks. */
  ask: v.nullable(Asking),
});
export type RelayRequest = v.InferOutput<typeof RelayRequest>;

/** What is inside `requestApproval.box`, sealed to the extension with purpose `ask`. */
export const ApprovalRequest = v.strictObject({
  /** Digest of the response key of the request to come. */
  rh: Digest,
  account: AccountId,
  role: RoleName,
  ask: Asking,
});
export type ApprovalRequest = v.InferOutput<typeof ApprovalRequest>;

// ── The socket between broker and extension ───────────────────────────────────────────────────────────────────────

export const SOCKET_PATH = "/v1/socket";
export const SOCKET_PROTOCOL = "jc1";
/** The other subprotocol offered: this and the extension's proof of `GET /v1/socket`, which names no secret and works once. */
export const HELLO_PREFIX = "hello.";
export const MAX_SOCKET_MESSAGE_CHARS = 65_536;

/** Text of the extension's keep-alive, and of the broker's answer to it. */
export const PING = "ping";
export const PONG = "pong";
/** Chromium stops a background that is idle for 30 s; a message on a socket counts as work. */
export const PING_EVERY_SECONDS = 20;

/** Why the broker closes a socket. 4001 is no reason to come back at once: a newer socket has taken its place. */
export const SOCKET_CLOSE = { replaced: 4001, malformed: 4400, silent: 4408 } as const;

const Id = v.pipe(v.string(), v.regex(/^[\w-]{16}$/));

/**
 * A device's request, as it came: the extension checks all of it again. What the proof covers is the body, which was
 * `{"grant":…,"box":…}` in just this order.
 */
export const ToExtension = v.strictObject({
  t: v.literal("ask"),
  id: Id,
  kind: v.picklist(["relay", "approval"]),
  grant: Jws,
  /** The device's proof for this request. */
  proof: Jws,
  box: Sealed,
});
export type ToExtension = v.InferOutput<typeof ToExtension>;

/** What may come of a request that has reached the extension, and perhaps the person before it. */
export const ASKED_REFUSALS = [
  "policy",
  "needs-approval",
  "approval-refused",
  "approval-timeout",
  "approval-busy",
  "credential-too-long",
  "role-not-assigned",
  "no-session",
  "sso-expired",
  "rate",
  "upstream-throttled",
  "upstream",
] as const satisfies readonly WireErrorCode[];

/** What an extension may refuse a device with. Anything else it says is `answer-refused` for the device. */
export const EXTENSION_REFUSALS = [
  "unknown",
  "revoked",
  "grant-expired",
  "locked",
  "clock-skew",
  "replay",
  ...ASKED_REFUSALS,
] as const satisfies readonly WireErrorCode[];
export type ExtensionRefusal = (typeof EXTENSION_REFUSALS)[number];

export const FromExtension = v.variant("t", [
  /** It is there and has read the request; without this word within five seconds it counts as away. */
  v.strictObject({ t: v.literal("got"), id: Id }),
  /** A person is being asked: the broker waits longer. */
  v.strictObject({ t: v.literal("asking"), id: Id }),
  v.strictObject({ t: v.literal("answer"), id: Id, box: Sealed, signature: Jws }),
  v.strictObject({ t: v.literal("approved"), id: Id, approval: Jws }),
  v.strictObject({
    t: v.literal("refusal"),
    id: Id,
    code: v.picklist(EXTENSION_REFUSALS),
    retryAfterSeconds: v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(3_600))),
  }),
]);
export type FromExtension = v.InferOutput<typeof FromExtension>;

/** How long the broker waits for the word `got`, for an answer, and for an answer while a person is asked. */
export const GOT_SECONDS = 5;
export const ANSWER_SECONDS = 30;
export const ASKED_ANSWER_SECONDS = 75;
