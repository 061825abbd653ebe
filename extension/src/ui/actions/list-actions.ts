import type { PortalRole, SwitcherChoices } from "../../messaging/view.ts";
import { consoleLink } from "../../roles/console-link.ts";
import { t } from "../../words.ts";
import { nameOf, type RoleRow } from "../rows.ts";
import { currentPortal } from "../state.ts";
import type { Context, OptionalPermission } from "./context.ts";

/** What the user makes of the list: favorites, labels, links. */
export function listActions({ store, backend, around, said, refused, under, refreshState }: Context) {
  const { dispatch, get } = store;
  const ref = ({ account, role }: RoleRow) => ({ portal: get().portal ?? "", account, role }) as PortalRole;

  async function favorite(row: RoleRow): Promise<void> {
    const on = !row.favorite;
    const done = await under(`favorite:${row.key}`, () => backend.favoriteSet({ ...ref(row), on }));
    if (!done) return;
    await refreshState();
    said(t(on ? "list.nowFavorite" : "list.noFavorite", [nameOf(row)]));
  }

  async function moveFavorite(row: RoleRow, step: 1 | -1): Promise<void> {
    if (!row.favorite) return;
    await under("favorites", () => backend.favoriteMove({ ...ref(row), step }));
    await refreshState();
  }

  /** A link for colleagues: it holds no secret, and whoever follows it signs in as themselves. */
  async function copyLink(row: RoleRow, destination?: string): Promise<void> {
    const portal = currentPortal(get());
    if (!portal) return;
    const link = consoleLink(portal.startUrl, ref(row), destination);
    if (!link.ok) {
      refused({ code: link.error, text: t("list.notAConsole"), next: t("list.notAConsoleNext") });
      return;
    }
    await around.copyText(link.value);
    said(t("list.linkCopied", [nameOf(row)]));
  }

  async function setLabel(account: string, label: string): Promise<void> {
    const portal = get().portal ?? "";
    const done = await under("label", () =>
      backend.labelSet({ portal, account: account as PortalRole["account"], label }),
    );
    if (!done) return;
    dispatch({ type: "label", account: null });
    await refreshState();
  }

  /** The browser's question comes straight from the press, before anything else is waited for. */
  async function setChoice(
    name: keyof SwitcherChoices,
    on: boolean,
    permission?: OptionalPermission,
  ): Promise<void> {
    if (on && permission !== undefined && !(await around.changePermission(permission, true))) {
      refused({ code: "permission", text: t("switcher.notAllowed"), next: t("switcher.notAllowedNext") });
    } else await under(`choice:${name}`, () => backend.choicesSet({ [name]: on }));
    await refreshState();
  }

  async function clearRecents(): Promise<void> {
    if (await under("recents", () => backend.recentsClear({}))) said(t("switcher.recentsCleared"));
    await refreshState();
  }

  async function dropWaiting(): Promise<void> {
    await under("waiting", () => backend.waitingDrop({}));
    await refreshState();
  }

  return { favorite, moveFavorite, copyLink, setLabel, setChoice, clearRecents, dropWaiting };
}
