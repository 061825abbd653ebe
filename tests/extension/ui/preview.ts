import type { AccountId, RoleName } from "@jcfetch/shared/domain/ids";
import { decide } from "@jcfetch/shared/protocol/policy";
import { termsOf } from "../../../extension/src/broker/policy.ts";
import type { Reply } from "../../../extension/src/messaging/messages.ts";
import type { PairingPreview, PairingTerms } from "../../../extension/src/messaging/terms.ts";
import type { DirectoryView } from "../../../extension/src/messaging/view.ts";

/** What the background would say that these terms open, of the roles in a directory. */
export function previewOf(chosen: PairingTerms, directory: DirectoryView | undefined): Reply<PairingPreview> {
  const start = `${chosen.portal}/start`;
  const portal = { origin: chosen.portal, startUrl: start, name: "acme", region: "us-east-1" };
  const terms = termsOf({ ...portal, enteredRegion: null, lastUsedAtMs: 0 }, chosen);
  if (!terms.ok) throw new Error(terms.error);
  const known = Object.entries(directory?.roles ?? {}).flatMap(([account, roles]) =>
    roles.map((role) => ({ account: account as AccountId, role: role as RoleName })),
  );
  const opens = known.flatMap((role) => {
    const decision = decide(terms.value, role);
    return decision.access === "allowed" ? [{ ...role, mode: decision.mode, asks: decision.asks }] : [];
  });
  return { ok: true, value: { opens, known: known.length, complete: directory?.complete ?? false } };
}
