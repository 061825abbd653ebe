import {
  burnPairing,
  joinPairing,
  openPairing,
  putInvite,
  receiveInvite,
  sendReply,
  takeReply,
} from "@jcfetch/shared/protocol/endpoints";
import type { Hono } from "hono";
import type { AppEnv, Deps } from "../app.ts";
import { bind } from "../bind.ts";
import { bindExtension } from "./extension.ts";

/** The extension is let through by its vault, the terminal by the token it got when it joined. */
export function pairing(app: Hono<AppEnv>, deps: Deps): void {
  const { vaultOf, mailboxOf, local } = deps;

  bindExtension(app, deps, openPairing, async ({ m }, call) => {
    const admitted = await vaultOf(call.uid).admitPairing(call);
    return admitted.ok ? mailboxOf(m).open(call.uid) : admitted;
  });
  bindExtension(app, deps, putInvite, async ({ m, slot, box }, call) => {
    const admitted = await vaultOf(call.uid).admit(call);
    return admitted.ok ? mailboxOf(m).put(call.uid, slot, box) : admitted;
  });
  bindExtension(app, deps, takeReply, async ({ m, slot }, call) => {
    const admitted = await vaultOf(call.uid).admit(call);
    return admitted.ok ? mailboxOf(m).take(call.uid, slot) : admitted;
  });
  bindExtension(app, deps, burnPairing, async ({ m, reason }, call) => {
    const admitted = await vaultOf(call.uid).admit(call);
    return admitted.ok ? mailboxOf(m).burn(call.uid, reason) : admitted;
  });

  bind(app, joinPairing, ({ m }, { from }) =>
    // No platform stands before a local broker: what looks like its headers, the client has written.
    mailboxOf(m).join(local ? null : from),
  );
  bind(app, sendReply, ({ m, t, slot, box }) => mailboxOf(m).send(t, slot, box));
  bind(app, receiveInvite, ({ m, t, slot }) => mailboxOf(m).receive(t, slot));
}
