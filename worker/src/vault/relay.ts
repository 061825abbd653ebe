import { base64url, utf8 } from "@jcfetch/shared/crypto/encoding";
import type { Sealed } from "@jcfetch/shared/crypto/seal";
import {
  ANSWER_SECONDS,
  ASKED_ANSWER_SECONDS,
  FromExtension,
  GOT_SECONDS,
  MAX_SOCKET_MESSAGE_CHARS,
  PING,
  PONG,
  SOCKET_CLOSE,
  SOCKET_PROTOCOL,
  type ToExtension,
} from "@jcfetch/shared/protocol/relay";
import { ok, type Result } from "@jcfetch/shared/result";
import { SECOND_MS, toMs } from "@jcfetch/shared/time";
import * as v from "valibot";
import { type BrokerError, refusal } from "../errors.ts";

/** What a device wants the extension to be asked, as it came. */
export type Forwarded = Pick<ToExtension, "grant" | "proof" | "box">;

/** What comes back, by the kind of asking. The broker can read neither box nor approval's worth. */
export interface Replies {
  relay: { readonly box: Sealed; readonly signature: string };
  approval: { readonly approval: string };
}
type Kind = keyof Replies;
type Reply = Extract<FromExtension, { t: "answer" | "approved" | "refusal" }>;

interface Pending {
  readonly kind: Kind;
  readonly did: string;
  readonly socket: WebSocket;
  /** Ends the waiting, in whatever way; the second word does not count. */
  readonly settle: (outcome: Result<Reply, BrokerError>) => void;
  /** Wait until so many seconds after the beginning, and no longer. */
  readonly waitFor: (seconds: number, whenOver: () => void) => void;
}

/** Of one user at one time. A person answers one; a machine that needs more than this gets its turn a little later. */
const MAX_PENDING = 32;
const BUSY_SECONDS = 2;
/** [RM10] A browser that has put the extension to sleep lets it come back within half a minute; its way here takes a moment. */
const BACK_WITHIN_MS = 40 * SECOND_MS;
const LOOK_AGAIN_SECONDS = 3;
const ID_BYTES = 12;
const OPEN = 1;

/**
 * The socket to the user's extension, and who waits for an answer through it. It may sleep with its object: who waits
 * keeps the object awake, and without anybody waiting there is nothing to remember.
 */
export class Relay {
  readonly #ctx: DurableObjectState;
  readonly #pending = new Map<string, Pending>();
  /** When the last socket went; forgotten with the object, which then says nothing of coming back. */
  #lostAtMs: number | undefined;

  constructor(ctx: DurableObjectState) {
    this.#ctx = ctx;
  }

  /** [RM2] Take in a socket whose hello was right; it takes the place of any other. */
  accept(): Response {
    this.closeAll(SOCKET_CLOSE.replaced, "replaced");
    const { 0: theirs, 1: ours } = new WebSocketPair();
    this.#ctx.acceptWebSocket(ours);
    this.#ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, PONG));
    return new Response(null, {
      status: 101,
      webSocket: theirs,
      headers: { "sec-websocket-protocol": SOCKET_PROTOCOL },
    });
  }

  get isOnline(): boolean {
    return this.#socket !== undefined;
  }

  /** [RM7] Why nobody can be asked now. */
  whyNot(): ReturnType<typeof refusal> | undefined {
    if (!this.isOnline) return this.#away();
    return this.#pending.size < MAX_PENDING ? undefined : refusal("asks-too-many", BUSY_SECONDS);
  }

  /**
   * [RM7] Ask the extension, and wait: briefly for its first word, then for the answer, longer while a person is asked.
   *
   * @errors `browser-away`, or what the extension says.
   */
  async ask<K extends Kind>(
    kind: K,
    did: string,
    { grant, proof, box }: Forwarded,
  ): Promise<Result<Replies[K], BrokerError>> {
    const socket = this.#socket;
    if (!socket) return this.#away();
    const id = base64url(crypto.getRandomValues(new Uint8Array(ID_BYTES)));
    const reply = this.#wait(id, { kind, did, socket });
    const message: ToExtension = { t: "ask", id, kind, grant, proof, box };
    socket.send(JSON.stringify(message));
    const outcome = await reply;
    if (!outcome.ok) return outcome;
    return replyOf<K>(outcome.value);
  }

  /** A message of the extension. What cannot be read closes the socket. */
  take(socket: WebSocket, data: string | ArrayBuffer): void {
    const message = read(data);
    if (!message) {
      this.#drop(socket, SOCKET_CLOSE.malformed, "malformed");
      return;
    }
    const pending = this.#pending.get(message.id);
    if (pending?.socket !== socket) return; // late, or of a socket before
    if (message.t === "got" || message.t === "asking") {
      const seconds = message.t === "got" ? ANSWER_SECONDS : ASKED_ANSWER_SECONDS;
      pending.waitFor(seconds, () => pending.settle(refusal("browser-away")));
    } else if (isAnswerTo(pending.kind, message)) pending.settle(ok(message));
    else this.#drop(socket, SOCKET_CLOSE.malformed, "malformed");
  }

  /** The socket has gone: whoever waits for it waits in vain. */
  lost(socket: WebSocket): void {
    this.#lostAtMs = Date.now();
    for (const pending of this.#pending.values()) {
      if (pending.socket === socket) pending.settle(this.#away());
    }
  }

  /** [RM10] Nobody is there; somebody was a moment ago, where it says when to ask again. */
  #away(): ReturnType<typeof refusal> {
    const mayBeBack = this.#lostAtMs !== undefined && Date.now() - this.#lostAtMs < BACK_WITHIN_MS;
    return refusal("browser-away", mayBeBack ? LOOK_AGAIN_SECONDS : undefined);
  }

  closeAll(code: number, reason: string): void {
    for (const socket of this.#ctx.getWebSockets()) this.#drop(socket, code, reason);
  }

  /** [CR9] The user has said something new about these devices: who waits for one of them is told now. */
  refuseWaiting(whyRefused: (did: string) => ReturnType<typeof refusal> | undefined): void {
    for (const pending of this.#pending.values()) {
      const refused = whyRefused(pending.did);
      if (refused) pending.settle(refused);
    }
  }

  get #socket(): WebSocket | undefined {
    return this.#ctx.getWebSockets().find(({ readyState }) => readyState === OPEN);
  }

  #drop(socket: WebSocket, code: number, reason: string): void {
    if (socket.readyState === OPEN) socket.close(code, reason);
    this.lost(socket);
  }

  /** One timer for each who waits; it goes with the waiting. */
  #wait(id: string, of: Pick<Pending, "kind" | "did" | "socket">): Promise<Result<Reply, BrokerError>> {
    const { promise, resolve } = Promise.withResolvers<Result<Reply, BrokerError>>();
    const startedMs = Date.now();
    let timer: ReturnType<typeof setTimeout> | null = null;
    const waitFor: Pending["waitFor"] = (seconds, whenOver) => {
      clearTimeout(timer);
      timer = setTimeout(whenOver, startedMs + toMs(seconds) - Date.now());
    };
    const settle: Pending["settle"] = (outcome) => {
      clearTimeout(timer);
      this.#pending.delete(id);
      resolve(outcome);
    };
    this.#pending.set(id, { ...of, settle, waitFor });
    waitFor(GOT_SECONDS, () => this.#drop(of.socket, SOCKET_CLOSE.silent, "silent"));
    return promise;
  }
}

function read(data: string | ArrayBuffer): FromExtension | undefined {
  if (typeof data !== "string" || utf8(data).length > MAX_SOCKET_MESSAGE_CHARS) return undefined;
  try {
    const parsed = v.safeParse(FromExtension, JSON.parse(data));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

const isAnswerTo = (kind: Kind, { t }: Reply): boolean =>
  t === "refusal" || t === (kind === "relay" ? "answer" : "approved");

function replyOf<K extends Kind>(reply: Reply): Result<Replies[K], BrokerError> {
  switch (reply.t) {
    case "refusal":
      return refusal(`extension:${reply.code}`, reply.retryAfterSeconds ?? undefined);
    case "answer":
      return ok({ box: reply.box, signature: reply.signature } as Replies[K]);
    case "approved":
      return ok({ approval: reply.approval } as Replies[K]);
  }
}
