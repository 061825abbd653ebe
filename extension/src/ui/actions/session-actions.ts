import type { PortalMark } from "../../messaging/portal-mark.ts";
import type { accessActions } from "./access-actions.ts";
import type { Context } from "./context.ts";

/** What the cards of sessions offer beside signing in and choosing a portal. */
export function sessionActions(context: Context, { allowed }: ReturnType<typeof accessActions>) {
  const { store, backend, around, under, refreshState, refreshDirectory } = context;

  return {
    async checkJumpcloud(): Promise<void> {
      if (!(await allowed(store.get().view?.jumpcloud.missing ?? []))) return;
      await under("jumpcloud", () => backend.checkJumpcloud({}));
      await refreshState();
    },

    async openJumpcloud(): Promise<void> {
      await under("jumpcloud", () => backend.openJumpcloud({}));
    },

    /** What is missing for this portal, asked for straight from the press. */
    async allowPortal(origin: string): Promise<void> {
      const missing = store.get().view?.portals.find((one) => one.origin === origin)?.missing;
      if (await allowed(missing ?? [])) await refreshState();
    },

    /** Act as somebody else who is signed in there. */
    async actAs(portal: string, store: string): Promise<void> {
      await under(`user:${portal}`, () => backend.portalUser({ portal, store }));
      await refreshState();
      await refreshDirectory();
    },

    async markPortal(portal: string, mark: PortalMark): Promise<void> {
      await under(`mark:${portal}`, () => backend.portalMarkSet({ portal, mark }));
      await refreshState();
    },

    async checkPortal(portal: string): Promise<void> {
      await under(`check:${portal}`, () => backend.portalCheck({ portal }));
      await refreshState();
    },

    /** By the link to AWS that JumpCloud shows its user. */
    async signInThroughJumpcloud(): Promise<void> {
      const done = await under("sign-in", () => backend.signIn({ through: "jumpcloud" }));
      if (done) around.close();
    },
  };
}
