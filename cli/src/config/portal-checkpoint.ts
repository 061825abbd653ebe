import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Host } from "../host.ts";
import type { Checkpoint } from "../sources/portal-roles.ts";
import { prepareFolder } from "./folder.ts";
import { isAccountId, isRoleName } from "./names.ts";
import { ownFolder } from "./paths.ts";
import { readIfThere, writeWhole } from "./replace-file.ts";

/**
 * Where a reading of the portal's lists is kept that was stopped. Only there to save calls: what goes wrong with it is of no
 * consequence, and what does not fit counts as nothing.
 *
 * @param portal whose lists they are.
 */
export function checkpointFile(host: Host, portal: string) {
  const path = join(ownFolder(host), "portal-roles.json");
  return {
    async load(): Promise<Checkpoint | undefined> {
      const bytes = await readIfThere(path);
      return bytes.ok && bytes.value ? parse(bytes.value.toString(), portal) : undefined;
    },
    async save(checkpoint: Checkpoint | undefined): Promise<void> {
      if (checkpoint === undefined) return rm(path, { force: true }).catch(() => undefined);
      if (!(await prepareFolder(ownFolder(host))).ok) return;
      const text = JSON.stringify({ v: 1, portal, ...checkpoint });
      await writeWhole(path, Buffer.from(text), { mode: 0o600, durable: false });
    },
  };
}

function parse(text: string, portal: string): Checkpoint | undefined {
  try {
    const data = (JSON.parse(text) ?? {}) as Partial<Checkpoint> & { v?: unknown; portal?: unknown };
    const { startedAtMs, accounts, roles } = data;
    if (data.v !== 1 || data.portal !== portal || !Number.isSafeInteger(startedAtMs)) return undefined;
    if (!Array.isArray(accounts) || typeof roles !== "object" || roles === null) return undefined;
    const isName = (name: unknown) => name === undefined || typeof name === "string";
    const fit =
      accounts.every((one) => isAccountId(String(one?.account)) && isName(one?.name)) &&
      Object.values(roles).every(
        (names) => Array.isArray(names) && names.every((one) => isRoleName(String(one))),
      );
    return fit ? { startedAtMs: startedAtMs!, accounts, roles } : undefined;
  } catch {
    return undefined;
  }
}
