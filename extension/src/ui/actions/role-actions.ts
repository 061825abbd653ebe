import type { CopyFormat } from "../../messaging/view.ts";
import { t } from "../../words.ts";
import type { Backend } from "../backend.ts";
import { longDuration } from "../duration.ts";
import type { ChoosableRow, RoleRow } from "../rows.ts";
import type { Context } from "./context.ts";

type RoleBody = Parameters<Backend["favoriteSet"]>[0];
type Account = RoleBody["account"];
type Role = RoleBody["role"];

const named = (row: RoleRow): string => `${row.role} in ${row.accountName ?? row.account}`;

/** Copy, open, favorite, and opening an account's roles. */
export function roleActions({ store, backend, around, said, under, refreshState }: Context) {
  const { dispatch, get } = store;
  const ref = (row: RoleRow) => ({
    portal: get().portal ?? "",
    account: row.account as Account,
    role: row.role as Role,
  });

  async function copy(row: RoleRow, wanted?: CopyFormat): Promise<void> {
    const format = wanted ?? get().view?.prefs.format ?? "sh";
    const done = await under(`copy:${row.key}`, () => backend.copyRole({ ...ref(row), format }));
    if (!done) return;
    const valid = longDuration(done.expiresAtMs - around.now());
    const seconds = get().view?.guard.prefs.clipboardSeconds ?? 0;
    said(`${t("guard.copied", [named(row), valid])} ${t("guard.clears", seconds)}`);
    await refreshState();
  }

  async function open(row: RoleRow): Promise<void> {
    const done = await under(`open:${row.key}`, () => backend.openConsole(ref(row)));
    if (done) around.close();
  }

  async function expand(account: string, opened: boolean): Promise<void> {
    dispatch({ type: "expand", account, open: opened });
    const { portal, directories } = get();
    if (!opened || portal === null || directories[portal]?.roles[account]) return;
    const found = await under(`roles:${account}`, () =>
      backend.rolesOf({ portal, account: account as Account }),
    );
    if (found) dispatch({ type: "roles", portal, account, roles: found.roles });
  }

  async function favorite(row: RoleRow): Promise<void> {
    const on = !row.favorite;
    const done = await under(`favorite:${row.key}`, () => backend.favoriteSet({ ...ref(row), on }));
    if (!done) return;
    await refreshState();
    said(on ? `${named(row)} is a favorite.` : `${named(row)} is no favorite any more.`);
  }

  /** Enter, or a click on the row itself. */
  function choose(row: ChoosableRow): void {
    if (row.kind === "role") void open(row);
    else void expand(row.account, !row.expanded);
  }

  return { copy, open, expand, favorite, choose };
}
