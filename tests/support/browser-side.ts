import { getRoleCredentials } from "@jcfetch/shared/aws/portal-client";
import {
  type ApprovalRequest,
  type ExtensionRefusal,
  type FromExtension,
  PING,
  type RelayRequest,
  SOCKET_PATH,
  type ToExtension,
} from "@jcfetch/shared/protocol/relay";
import { verifyGrant } from "@jcfetch/shared/protocol/verify";
import {
  type KnownDevice,
  type ReadAsk,
  readAsk,
  sealRelayAnswer,
  signApproval,
} from "@jcfetch/shared/relay-answer";
import { toSeconds } from "@jcfetch/shared/time";
import { reaching } from "../shared/aws/world.ts";
import type { TestUser, TestWorld } from "./world.ts";

/*
 * The extension's end of the socket with its keys in memory: for tests of the broker and of terminals. The real extension
 * is tested in tests/extension and tests/journeys.
 */

/** What its user does when asked: yes, or the refusal the device is to get. */
export type Verdict = "yes" | ExtensionRefusal;

export interface BrowserSideOptions {
  /** Default: yes. */
  readonly decide?: (request: RelayRequest | ApprovalRequest) => Verdict | Promise<Verdict>;
  /** Says nothing at all to what it is asked. */
  readonly isSilent?: boolean;
  /** Makes something else of what it would send; a string goes out as it is. */
  readonly twist?: (message: FromExtension) => unknown;
  readonly rl?: number;
}

export type BrowserSide = Awaited<ReturnType<typeof openBrowserSide>>;

/** Connect as the extension of `user`. @throws when the broker does not open the socket. */
export async function openBrowserSide(world: TestWorld, user: TestUser, options: BrowserSideOptions = {}) {
  const { authority, signing, agreement } = user.extension;
  const keys = { signing: signing.privateKey, agreement };
  const url = `${world.broker.url.replace("http", "ws")}${SOCKET_PATH}`;
  const socket = new WebSocket(url, await authority.socketProtocols());
  const asked: ToExtension[] = [];
  const requests: ReadAsk[] = [];
  const closed = new Promise<{ code: number }>((resolve) =>
    socket.addEventListener("close", ({ code }) => resolve({ code })),
  );
  const send = (message: FromExtension): void => {
    const twisted = options.twist ? options.twist(message) : message;
    socket.send(typeof twisted === "string" ? twisted : JSON.stringify(twisted));
  };

  const answer = async (ask: ToExtension): Promise<void> => {
    const { id } = ask;
    const refuse = (code: ExtensionRefusal): void =>
      send({ t: "refusal", id, code, retryAfterSeconds: null });
    send({ t: "got", id });
    const device = await knownDevice(ask);
    const now = toSeconds(world.now());
    const read = await readAsk(ask, device, keys, now);
    if (!read.ok) return refuse(read.error);
    requests.push(read.value);
    const { kind, request } = read.value;
    if (request.ask) {
      send({ t: "asking", id });
      const verdict = (await options.decide?.(request)) ?? "yes";
      if (verdict !== "yes") return refuse(verdict);
    }
    if (kind === "approval") {
      return send({ t: "approved", id, approval: await signApproval(device, keys, request, now) });
    }
    const { account, role } = request;
    const want = { region: user.region, token: user.token, account, role };
    const fetched = await getRoleCredentials(want, { fetch: reaching(world.sim) });
    if (!fetched.ok) return refuse("upstream");
    const rl = options.rl ?? 0;
    const sealed = await sealRelayAnswer(device, keys, read.value, { credentials: fetched.value, rl, now });
    send({ t: "answer", id, ...sealed! });
  };

  socket.addEventListener("message", ({ data }) => {
    if (typeof data !== "string" || !data.startsWith("{")) return;
    const ask = JSON.parse(data) as ToExtension;
    asked.push(ask);
    if (!options.isSilent) void answer(ask);
  });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => resolve(), { once: true });
    socket.addEventListener("error", () => reject(new Error("the broker did not open the socket")), {
      once: true,
    });
  });
  const close = async (): Promise<void> => {
    socket.close();
    await closed;
  };
  return {
    socket,
    /** Forwarded requests, as they came. */
    asked,
    /** What was in them. */
    requests,
    /** Resolves with the code when the socket has been closed, by whomever. */
    closed,
    ping: () => socket.send(PING),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function knownDevice({ grant: jws }: ToExtension): Promise<KnownDevice> {
  const verified = await verifyGrant(jws);
  if (!verified) throw new Error("the broker forwarded no grant");
  return { ...verified, jws };
}
