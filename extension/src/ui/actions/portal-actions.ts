import type { Prefs } from "../../messaging/view.ts";
import { t } from "../../words.ts";
import type { Step } from "../situation.ts";
import { accessActions } from "./access-actions.ts";
import type { Context } from "./context.ts";
import { sessionActions } from "./session-actions.ts";

/** Sessions, portals, preferences, and the way out of each situation. */
export function portalActions(context: Context) {
  const { store, backend, around, refused, under, refreshState, refreshDirectory } = context;
  const reach = accessActions(context);
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
  async function addPortal(
    startUrl: string,
    region?: string,
    missing: readonly string[] = [],
  ): Promise<boolean> {
    if (!(await reach.allowed(missing))) return false;
    const added = await under("add-portal", () =>
      backend.portalAdd(region ? { startUrl, region } : { startUrl }),
    );
    if (!added) return false;
    dispatch({ type: "notice", notice: null });
    await refreshState();
    await selectPortal(added.origin);
    return true;
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

  async function retry(): Promise<void> {
    dispatch({ type: "notice", notice: null });
    await refreshState();
    await refreshDirectory(true);
  }

  /** [PB5] Which of our selectors find how many nodes: what one may show to anybody. */
  async function copyCensus(): Promise<void> {
    const shown = get().view?.portals.find(({ origin }) => origin === get().portal);
    if (!shown?.census) return;
    const { page, census } = shown;
    await around.copyText(`${JSON.stringify({ jcfetchPageReport: 1, page, census }, null, 2)}\n`);
    dispatch({ type: "notice", notice: { tone: "good", text: t("situation.pageCensusCopied") } });
  }

  /** The steps of a situation that need nothing typed. */
  function take(step: Exclude<Step, "add-portal" | "choose-region">): void {
    if (step === "sign-in") void signIn();
    else if (step === "grant") void reach.grant();
    else if (step === "retry") void retry();
    else if (step === "reload") around.reload();
    else if (step === "copy-census") void copyCensus();
    else dispatch({ type: "close-page-notice" });
  }

  return {
    ...reach,
    ...sessionActions(context, reach),
    signIn,
    selectPortal,
    addPortal,
    regions,
    setPrefs,
    retry,
    take,
  };
}
