import type { AccountId } from "@jcfetch/shared/domain/ids";
import type { GuardPrefs } from "../../messaging/guard-view.ts";
import type { TransferParts } from "../../messaging/transfer-messages.ts";
import type { AccountRule } from "../../messaging/view.ts";
import { t } from "../../words.ts";
import type { Context } from "./context.ts";

/** Clipboard, lock, and their settings. */
export function guardActions(context: Context) {
  const { store, backend, around, refused, said, under, refreshState, refreshDirectory } = context;
  const { dispatch, get } = store;

  async function setGuard(prefs: Partial<GuardPrefs>): Promise<void> {
    const reply = await backend.guardSet(prefs);
    if (reply.ok) await refreshState();
    else refused(reply.problem);
  }

  async function clearClipboard(): Promise<void> {
    const done = await under("clear-clipboard", () => backend.clipboardClear({}));
    await refreshState();
    if (done) said(t("guard.cleared"));
  }

  async function lockNow(): Promise<void> {
    await under("lock", () => backend.lockNow({}));
    await refreshState();
  }

  async function unlockBrowser(): Promise<void> {
    await under("lock", () => backend.unlock({}));
    await refreshState();
    await refreshDirectory();
  }

  /** A notice was pressed that named a role: stand on it, so that one more press copies it. */
  async function goToWanted(): Promise<void> {
    const { view } = get();
    const wanted = view?.guard.wanted;
    if (!wanted || view.guard.locked) return;
    const { portal, account, role } = wanted;
    dispatch({ type: "view", view: { ...view, guard: { ...view.guard, wanted: null } } });
    await backend.wantedTaken({});
    dispatch({ type: "portal", portal });
    dispatch({ type: "query", query: `${account} ${role}` });
    await refreshDirectory();
  }

  async function readCopyLog() {
    const reply = await backend.copyLog({});
    return reply.ok ? reply.value.entries : [];
  }

  async function clearCopyLog(): Promise<void> {
    await under("copy-log", () => backend.copyLogClear({}));
  }

  /** @returns whether the file was taken over */
  async function takeOver(parts: TransferParts): Promise<boolean> {
    const done = await under("transfer", () => backend.transferApply(parts));
    await refreshState();
    if (done) said(t("options.taken"));
    return done !== undefined;
  }

  async function setRules(rules: readonly AccountRule[]): Promise<void> {
    await under("rules", () => backend.rulesSet({ rules: [...rules] }));
    await refreshState();
  }

  async function nameAccount(portal: string, account: string, label: string): Promise<void> {
    await under("label", () => backend.labelSet({ portal, account: account as AccountId, label }));
    await refreshState();
  }

  const { hasPermission, changePermission } = around;
  return {
    ...{ hasPermission, changePermission, takeOver, setRules, nameAccount },
    ...{ setGuard, clearClipboard, lockNow, unlockBrowser, goToWanted, readCopyLog, clearCopyLog },
  };
}
