import type { Prefs } from "../../messaging/view.ts";
import type { Step } from "../situation.ts";
import type { Context } from "./context.ts";

/** Sessions, portals, preferences, and the way out of each situation. */
export function portalActions({
  store,
  backend,
  around,
  refused,
  under,
  refreshState,
  refreshDirectory,
}: Context) {
  const { dispatch, get } = store;

  async function signIn(portal = get().portal): Promise<void> {
    const done = await under("sign-in", () => backend.signIn(portal === null ? {} : { portal }));
    if (done) around.close();
  }

  async function selectPortal(portal: string): Promise<void> {
    dispatch({ type: "portal", portal });
    await refreshDirectory();
  }

  /** @returns whether the address was taken */
  async function addPortal(startUrl: string, region?: string): Promise<boolean> {
    const added = await under("add-portal", () =>
      backend.portalAdd(region ? { startUrl, region } : { startUrl }),
    );
    if (!added) return false;
    dispatch({ type: "notice", notice: null });
    await refreshState();
    await selectPortal(added.origin);
    return true;
  }

  async function removePortal(portal: string): Promise<void> {
    await under(`remove:${portal}`, () => backend.portalRemove({ portal }));
    dispatch({ type: "confirm", key: null });
    await refreshState();
  }

  async function regions(): Promise<readonly string[]> {
    const reply = await backend.regions({});
    return reply.ok ? reply.value.regions : [];
  }

  async function setPrefs(prefs: Partial<Prefs>): Promise<void> {
    const reply = await backend.prefsSet(prefs);
    const { view } = get();
    if (!reply.ok) refused(reply.problem);
    else if (view) dispatch({ type: "view", view: { ...view, prefs: reply.value } });
  }

  /** The first press asks JumpCloud, later ones open it. */
  async function jumpcloud(): Promise<void> {
    if (get().view?.jumpcloud.status !== "unknown") {
      await under("jumpcloud", () => backend.openJumpcloud({}));
      return;
    }
    await under("jumpcloud", () => backend.checkJumpcloud({}));
    await refreshState();
  }

  async function retry(): Promise<void> {
    dispatch({ type: "notice", notice: null });
    await refreshState();
    await refreshDirectory(true);
  }

  /** The steps of a situation that need nothing typed. */
  function take(step: Exclude<Step, "add-portal" | "choose-region">): void {
    if (step === "sign-in") void signIn();
    else if (step === "retry") void retry();
    else if (step === "reload") around.reload();
    else dispatch({ type: "close-page-notice" });
  }

  return {
    signIn,
    selectPortal,
    addPortal,
    removePortal,
    regions,
    setPrefs,
    jumpcloud,
    retry,
    take,
  };
}
