import type { CopyFormat } from "../../messaging/view.ts";
import { t } from "../../words.ts";
import type { Backend } from "../backend.ts";
import { longDuration } from "../duration.ts";
import { type ChoosableRow, nameOf, type RoleRow } from "../rows.ts";
import type { Context } from "./context.ts";

type RoleBody = Parameters<Backend["favoriteSet"]>[0];
type Account = RoleBody["account"];
type Role = RoleBody["role"];

/** Copy, open, and opening an account's roles. */
export function roleActions({ store, backend, around, under, refreshState }: Context) {
  const { dispatch, get } = store;
  const ref = (row: RoleRow) => ({
    portal: get().portal ?? "",
    account: row.account as Account,
    role: row.role as Role,
  });

  /** [SW7] A role of production acts on the second press, or on one that is held; the first only asks. */
  function isMeant(act: "copy" | "open", row: RoleRow, confirmed: boolean, format?: CopyFormat): boolean {
    const { confirming } = get();
    const key = `${act}:${row.key}`;
    const second = confirming === key;
    if (confirming !== null) dispatch({ type: "confirm", key: null });
    if (row.environment !== "prod" || confirmed || second) return true;
    dispatch({ type: "ask-prod", ask: { act, row, ...(format && { format }) } });
    return false;
  }

  /** @param confirmed the user has held the button */
  async function copy(row: RoleRow, wanted?: CopyFormat, confirmed = false): Promise<void> {
    const asked = get().asking?.format;
    if (!isMeant("copy", row, confirmed, wanted)) return;
    const format = wanted ?? asked ?? get().view?.prefs.format ?? "sh";
    const done = await under(`copy:${row.key}`, () => backend.copyRole({ ...ref(row), format }));
    await refreshState();
    if (!done) return;
    const valid = longDuration(done.expiresAtMs - around.now());
    const seconds = get().view?.guard.prefs.clipboardSeconds ?? 0;
    const text = t("common.sentences", [t("guard.copied", [nameOf(row), valid]), t("guard.clears", seconds)]);
    dispatch({ type: "notice", notice: { tone: "good", text, copied: true } });
  }

  /** @param destination a page of the console */
  async function open(row: RoleRow, destination?: string, confirmed = false): Promise<void> {
    if (!isMeant("open", row, confirmed)) return;
    const body = destination === undefined ? ref(row) : { ...ref(row), destination };
    const done = await under(`open:${row.key}`, () => backend.openConsole(body));
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

  /** Enter, or a click on the row itself. */
  function choose(row: ChoosableRow): void {
    if (row.kind === "role") void open(row);
    else void expand(row.account, !row.expanded);
  }

  return { copy, open, expand, choose };
}
