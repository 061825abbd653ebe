import { digest } from "@jcfetch/shared/crypto/encoding";
import type { UserId } from "@jcfetch/shared/domain/ids";
import {
  type AuditEntry,
  type AuditLine,
  type AuditPlace,
  canonicalEntry,
} from "@jcfetch/shared/protocol/audit";
import { readActivity, readAudit } from "@jcfetch/shared/protocol/endpoints";
import { ok } from "@jcfetch/shared/result";
import type { Hono } from "hono";
import type { AppEnv, Deps } from "../app.ts";
import { bind } from "../bind.ts";
import { signAuditHead } from "../broker/standing.ts";
import { proveDevice } from "../middleware/proof.ts";
import type { AuditExcerpt } from "../vault/calls.ts";
import { bindExtension } from "./extension.ts";

/** [AU3] The same chain for both readers; a device learns nothing of other terminals but that something was. */
export function audit(app: Hono<AppEnv>, deps: Deps): void {
  bind(app, readAudit, async ({ grant, after, limit }, call) => {
    const proved = await proveDevice(call, grant, deps);
    if (!proved.ok) return proved;
    const { uid, did } = proved.value.call;
    const excerpt = await deps.vaultOf(uid).readAudit(proved.value.call, after, limit);
    if (!excerpt.ok) return excerpt;
    return ok(
      await pageOf(deps, uid, excerpt.value, ({ act, ...entry }) => act === "skip" || entry.did === did),
    );
  });

  bindExtension(app, deps, readActivity, async ({ after, limit }, call) => {
    const excerpt = await deps.vaultOf(call.uid).readActivity(call, after, limit);
    return excerpt.ok ? ok(await pageOf(deps, call.uid, excerpt.value, () => true)) : excerpt;
  });
}

async function pageOf(
  deps: Deps,
  uid: UserId,
  { from, entries, head, rl }: AuditExcerpt,
  mayRead: (entry: AuditEntry) => boolean,
): Promise<{ from: AuditPlace; lines: AuditLine[]; head: string }> {
  const lines = entries.map(
    async (entry): Promise<AuditLine> =>
      mayRead(entry) ? { entry } : { seq: entry.seq, digest: await digest(canonicalEntry(entry)) },
  );
  return { from, lines: await Promise.all(lines), head: await signAuditHead(deps, uid, head, rl) };
}
