import { brokerActions, pairingActions } from "./actions/broker-actions.ts";
import { confirmActions } from "./actions/confirm-actions.ts";
import { createContext, type Surroundings } from "./actions/context.ts";
import { guardActions } from "./actions/guard-actions.ts";
import { listActions } from "./actions/list-actions.ts";
import { portalActions } from "./actions/portal-actions.ts";
import { roleActions } from "./actions/role-actions.ts";
import { terminalActions } from "./actions/terminal-actions.ts";
import type { Backend } from "./backend.ts";
import type { Screen } from "./state.ts";
import type { Store } from "./store.ts";

export type { Surroundings } from "./actions/context.ts";
export type Actions = ReturnType<typeof createActions>;

/** Everything a press or a key can set off. */
export function createActions(store: Store, backend: Backend, around: Surroundings) {
  const context = createContext(store, backend, around);
  const { dispatch } = store;
  const { refreshState, refreshDirectory, readAhead } = context;
  return {
    dispatch,
    refreshState,
    refreshDirectory,
    readAhead,
    ...roleActions(context),
    ...listActions(context),
    ...confirmActions(context),
    ...portalActions(context),
    ...pairingActions(context),
    ...brokerActions(context),
    ...terminalActions(context),
    ...guardActions(context),
    openOptions: around.openOptions,
    openWelcome: around.openWelcome,
    openPanel: around.openPanel,
    hasContainers: around.hasContainers,
    tellsScreen: around.tellsScreen,
    close: around.close,
    /** What is no secret: it is not cleared, nor what it has taken the place of. */
    async copyText(text: string): Promise<void> {
      await around.copyText(text);
      await backend.clipboardReplaced({});
    },
    async show(screen: Screen): Promise<void> {
      dispatch({ type: "screen", screen });
      if (screen === "terminals") await refreshState();
    },
    /** The roles of another portal, without leaving the pairing. */
    async choosePortalForPairing(portal: string): Promise<void> {
      dispatch({ type: "portal", portal });
      dispatch({ type: "screen", screen: "pairing" });
      await refreshDirectory();
    },
  };
}
