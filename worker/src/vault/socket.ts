import type { BrokerError, Reason } from "../errors.ts";
import type { ExtensionCall } from "../middleware/proof.ts";

/*
 * How the edge hands a socket to a vault: as a request, with what the hello has proved in a header of our own. Nobody but
 * the edge can send a vault a request.
 */

const CALL_HEADER = "jc-verified-call";
const REASON_HEADER = "jc-reason";

export const socketRequest = (url: string, call: ExtensionCall): Request =>
  new Request(url, {
    headers: { upgrade: "websocket", [CALL_HEADER]: JSON.stringify(call) },
  });

export const readSocketCall = ({ headers }: Request): ExtensionCall =>
  JSON.parse(headers.get(CALL_HEADER) ?? "") as ExtensionCall;

export const socketRefusal = ({ reason }: BrokerError): Response =>
  new Response(null, { status: 403, headers: { [REASON_HEADER]: reason } });

/** @returns why there is no socket; `undefined` when there is one. */
export const whyNoSocket = ({ status, headers }: Response): Reason | undefined =>
  status === 101 ? undefined : ((headers.get(REASON_HEADER) ?? "bug") as Reason);
