import type { Grant } from "@jcfetch/shared/protocol/documents";
import { presence, requestApproval, requestRelay } from "@jcfetch/shared/protocol/endpoints";
import { HELLO_PREFIX, SOCKET_PATH, SOCKET_PROTOCOL } from "@jcfetch/shared/protocol/relay";
import { ok } from "@jcfetch/shared/result";
import type { Hono } from "hono";
import type { AppEnv, Deps } from "../app.ts";
import { bind, type Call, readCall, refuse } from "../bind.ts";
import { signState } from "../broker/standing.ts";
import { type Reason, refusal } from "../errors.ts";
import { proveDevice, proveExtension } from "../middleware/proof.ts";
import { socketRequest, whyNoSocket } from "../vault/socket.ts";

/** docs/protocol.md §8: the extension's socket, and what devices ask through it. */
export function relay(app: Hono<AppEnv>, deps: Deps): void {
  app.get(SOCKET_PATH, async (c) => {
    const call = withHello(await readCall(c), c.req.header("sec-websocket-protocol"));
    const proved = await proveExtension(call, deps);
    if (!proved.ok) return refuse(c, proved.error);
    const { uid, Esig, counter, origin } = proved.value;
    const answer = await deps.vaultOf(uid).fetch(socketRequest(c.req.url, { uid, Esig, counter, origin }));
    const reason = whyNoSocket(answer);
    return reason ? refuse(c, { reason }) : answer;
  });

  bind(app, requestRelay, async ({ grant, box }, call) => {
    const proved = await proveDevice(call, grant, deps);
    if (!proved.ok) return proved;
    const denied = whyNotAsked(proved.value.grant, "relay");
    if (denied) return refusal(denied);
    const { call: device } = proved.value;
    const answer = await deps.vaultOf(device.uid).relay(device, { grant, proof: call.proof ?? "", box });
    if (!answer.ok) return answer;
    const { standing, ...sealed } = answer.value;
    return ok({ ...sealed, state: await signState(deps, device, call.bodyDigest, standing) });
  });

  bind(app, requestApproval, async ({ grant, box }, call) => {
    const proved = await proveDevice(call, grant, deps);
    if (!proved.ok) return proved;
    const denied = whyNotAsked(proved.value.grant, "approval");
    if (denied) return refusal(denied);
    const { call: device } = proved.value;
    return deps.vaultOf(device.uid).approval(device, { grant, proof: call.proof ?? "", box });
  });

  bind(app, presence, async ({ grant }, call) => {
    const proved = await proveDevice(call, grant, deps);
    return proved.ok ? deps.vaultOf(proved.value.call.uid).presence(proved.value.call) : proved;
  });
}

/** A browser lets a socket carry no header of ours: the proof comes as a subprotocol, the only one beside our own. */
function withHello(call: Call, offered: string | undefined): Call {
  const [own, hello, ...more] = (offered ?? "").split(",").map((name) => name.trim());
  const isHello = own === SOCKET_PROTOCOL && hello?.startsWith(HELLO_PREFIX) && more.length === 0;
  return { ...call, user: undefined, proof: isHello ? hello?.slice(HELLO_PREFIX.length) : undefined };
}

/** [PO2] Which role it is for stands in the box; but a grant that never relays, or never asks, has nothing to ask. */
function whyNotAsked({ modes, policy }: Grant, kind: "relay" | "approval"): Reason | undefined {
  if (kind === "relay") return modes.includes("relay") ? undefined : "mode-not-granted";
  return policy.ask.length > 0 ? undefined : "role-denied";
}
