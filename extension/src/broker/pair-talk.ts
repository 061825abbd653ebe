import { BrokerId, DeviceId } from "@jcfetch/shared/domain/ids";
import { decodePairingCode, type InviterState, TerminalInfo } from "@jcfetch/shared/protocol/pairing";
import * as v from "valibot";
import { type PairingView, Problem } from "../messaging/view.ts";

export const Terminal = v.object({
  did: DeviceId,
  Dsig: v.string(),
  Dkem: v.string(),
  info: TerminalInfo,
  words: v.array(v.string()),
});

/**
 * A pairing under way, in the browser's memory, so that a background that was put to sleep goes on where it was. The
 * code is in it: it opens the mailbox of this one pairing, for minutes, and nothing else.
 */
export const Talk = v.object({
  m: v.string(),
  bid: BrokerId,
  code: v.string(),
  expiresAtMs: v.number(),
  /** The broker runs on this computer. */
  local: v.boolean(),
  commit: v.optional(v.string()),
  invite: v.optional(v.string()),
  terminal: v.optional(Terminal),
  address: v.nullable(v.string()),
  /** Set up in one paste: the terminal is on this computer, and the code came from it. */
  here: v.boolean(),
  wordsMatched: v.boolean(),
});
export type Talk = v.InferOutput<typeof Talk>;

export const Stored = v.variant("step", [
  v.object({ step: v.literal("none") }),
  v.object({ step: v.literal("talk"), talk: Talk }),
  v.object({ step: v.literal("done"), did: DeviceId, name: v.string(), here: v.boolean() }),
  v.object({ step: v.literal("failed"), problem: Problem }),
]);
export type Stored = v.InferOutput<typeof Stored>;

/** @throws Error on a code that is not one of ours: it was written by this extension a moment ago. */
export async function inviterState({ code, commit, invite, terminal }: Talk): Promise<InviterState> {
  const decoded = await decodePairingCode(code);
  if (!decoded) throw new Error("the pairing's own code cannot be read");
  const { m, s, bid } = decoded;
  return {
    m,
    s,
    bid,
    ...(commit === undefined ? {} : { commit }),
    ...(invite === undefined ? {} : { invite }),
    ...(terminal === undefined ? {} : { terminal }),
  };
}

export function viewOf(stored: Stored): PairingView {
  if (stored.step !== "talk") return stored;
  const { code, expiresAtMs, terminal, here, wordsMatched, address, local } = stored.talk;
  if (!terminal) return here ? { step: "joining", expiresAtMs } : { step: "waiting", code, expiresAtMs };
  if (!wordsMatched) return { step: "words", expiresAtMs };
  const { host, osUser, os, ssh } = terminal.info;
  return { step: "choose", host, osUser, os, ssh, here, address, local, expiresAtMs };
}
