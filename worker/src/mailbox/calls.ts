import type {
  joinPairing,
  openPairing,
  PairingSlot,
  receiveInvite,
  takeReply,
} from "@jcfetch/shared/protocol/endpoints";
import type * as v from "valibot";
import type { JoinedFrom } from "../bind.ts";
import type { Answer, Done } from "../vault/calls.ts";

type Response<E extends { response: v.GenericSchema }> = v.InferOutput<E["response"]>;
export type InviterSlot = Extract<PairingSlot, "invite" | "answer">;
export type JoinerSlot = Extract<PairingSlot, "commit" | "reveal">;
export type BurnReason = "pairing-refused" | "pairing-words";

/** What the edge asks of a mailbox. The first four are the extension's, who has proved `uid`; the rest the terminal's. */
export interface MailboxCalls {
  open(uid: string): Answer<Pick<Response<typeof openPairing>, "expiresAt">>;
  put(uid: string, slot: InviterSlot, box: string): Done;
  take(uid: string, slot: JoinerSlot): Answer<Response<typeof takeReply>>;
  burn(uid: string, reason: BurnReason): Done;
  join(from: JoinedFrom | null): Answer<Response<typeof joinPairing>>;
  send(token: string, slot: JoinerSlot, box: string): Done;
  receive(token: string, slot: InviterSlot): Answer<Response<typeof receiveInvite>>;
}
