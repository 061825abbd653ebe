import { t } from "../../words.ts";
import { currentPortal } from "../state.ts";
import type { Context, PortalHere } from "./context.ts";

/** What the browser lets us reach: asking for it, and giving it back. */
export function accessActions(context: Context) {
  const { store, backend, around, refused, under, refreshState, refreshDirectory } = context;
  const { dispatch, get } = store;

  /**
   * Ask the browser for these hosts, first thing after the press: only while it is fresh may one ask, and one question is
   * all there is. @returns whether nothing is missing
   */
  async function allowed(missing: readonly string[]): Promise<boolean> {
    if (missing.length === 0 || (await around.request(missing))) return true;
    refused({ code: "permission", text: t("access.denied"), next: t("access.deniedNext") });
    return false;
  }

  /** What the user is asked before a portal is theirs, or undefined while the address is none. */
  async function readPortal({ startUrl, hints }: PortalHere) {
    const reply = await backend.portalPreview({ startUrl, hints: [...hints] });
    return reply.ok ? reply.value : undefined;
  }

  /** What is missing for the portal that is shown. */
  async function grant(): Promise<void> {
    if (!(await allowed(currentPortal(get())?.missing ?? []))) return;
    dispatch({ type: "notice", notice: null });
    await refreshState();
    await refreshDirectory();
  }

  async function release(pattern: string): Promise<void> {
    const gone = await around.release(pattern).catch(() => false);
    if (!gone) refused({ code: "permission", text: t("access.kept"), next: t("access.keptNext") });
    await refreshState();
  }

  /** Its grant goes with it. */
  async function removePortal(portal: string): Promise<void> {
    const hosts = get().view?.granted.filter((pattern) => pattern === `${portal}/*`) ?? [];
    await under(`remove:${portal}`, () => backend.portalRemove({ portal }));
    for (const pattern of hosts) await around.release(pattern).catch(() => false);
    dispatch({ type: "confirm", key: null });
    await refreshState();
  }

  return { allowed, removePortal, readPortal, grant, release, portalHere: around.portalHere };
}
