import {
  burnPairing,
  joinPairing,
  openPairing,
  putInvite,
  receiveInvite,
  sendReply,
  takeReply,
} from "@jcfetch/shared/protocol/endpoints";
import { ok, type Result } from "@jcfetch/shared/result";
import type { Hono } from "hono";
import type { AppEnv, Deps } from "../app.ts";
import { bind } from "../bind.ts";
import { isMailboxId, mintMailboxId } from "../broker/marks.ts";
import { type BrokerError, refusal } from "../errors.ts";
import type { MailboxCalls } from "../mailbox/calls.ts";
import type { ExtensionCall } from "../middleware/proof.ts";
import { bindExtension } from "./extension.ts";

/**
 * The extension is let through by its vault, the terminal by the token it got when it joined; and nobody reaches a mailbox
 * whose id this broker has not minted. [PA13]
 */
export function pairing(app: Hono<AppEnv>, deps: Deps): void {
  const { vaultOf, mailboxOf, local, enrolmentKey } = deps;
  const mailbox = async (m: string): Promise<Result<MailboxCalls, BrokerError>> =>
    (await isMailboxId(enrolmentKey, m)) ? ok(mailboxOf(m)) : refusal("mailbox-unknown");
  /** For the extension: its vault admits the call, then the mailbox takes it. */
  const admitted = async (m: string, call: ExtensionCall): Promise<Result<MailboxCalls, BrokerError>> => {
    const found = await mailbox(m);
    if (!found.ok) return found;
    const vault = await vaultOf(call.uid).admit(call);
    return vault.ok ? found : vault;
  };

  bindExtension(app, deps, openPairing, async ({ m: named }, call) => {
    const vault = await vaultOf(call.uid).admitPairing(call);
    if (!vault.ok) return vault;
    // [ST2] A set-up code names a mailbox that was minted beside the keys; one that is open already is nobody else's to open.
    if (named !== undefined && !(await isMailboxId(enrolmentKey, named))) return refusal("mailbox-unknown");
    const m = named ?? (await mintMailboxId(enrolmentKey));
    const opened = await mailboxOf(m).open(call.uid);
    if (opened.ok) return ok({ m, ...opened.value });
    return named === undefined ? opened : refusal("mailbox-unknown");
  });
  bindExtension(app, deps, putInvite, async ({ m, slot, box }, call) => {
    const at = await admitted(m, call);
    return at.ok ? at.value.put(call.uid, slot, box) : at;
  });
  bindExtension(app, deps, takeReply, async ({ m, slot }, call) => {
    const at = await admitted(m, call);
    return at.ok ? at.value.take(call.uid, slot) : at;
  });
  bindExtension(app, deps, burnPairing, async ({ m, reason }, call) => {
    const at = await admitted(m, call);
    return at.ok ? at.value.burn(call.uid, reason) : at;
  });

  bind(app, joinPairing, async ({ m }, { from }) => {
    const at = await mailbox(m);
    // No platform stands before a local broker: what looks like its headers, the client has written.
    return at.ok ? at.value.join(local ? null : from) : at;
  });
  bind(app, sendReply, async ({ m, t, slot, box }) => {
    const at = await mailbox(m);
    return at.ok ? at.value.send(t, slot, box) : at;
  });
  bind(app, receiveInvite, async ({ m, t, slot }) => {
    const at = await mailbox(m);
    return at.ok ? at.value.receive(t, slot) : at;
  });
}
