import { type ComponentType, render } from "preact";
import * as v from "valibot";
import { showLanguage } from "../language.ts";
import { Changed } from "../messaging/messages.ts";
import type { DirectoryView } from "../messaging/view.ts";
import { type Actions, createActions, type Surroundings } from "./actions.ts";
import type { Backend } from "./backend.ts";
import { LAST_PORTAL } from "./early.ts";
import { makeSearchReady } from "./rows.ts";
import { currentDirectory, initialState, type UiState } from "./state.ts";
import { createStore, type Store } from "./store.ts";

export interface PageProps {
  readonly store: Store;
  readonly actions: Actions;
  readonly mac: boolean;
}

const TICK_MS = 1_000;
/** A pairing moves when the terminal does; asking also wakes a background that was put to sleep. */
const PAIRING_EVERY_TICKS = 2;
/** So does asking for a list that is not whole yet: a background that was stopped while it read goes on where it was. */
const READING_EVERY_TICKS = 3;

function showTheme(store: Store): void {
  const theme = store.get().view?.prefs.theme ?? "system";
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

function rememberPortal(store: Store): void {
  const { portal } = store.get();
  if (portal !== null && localStorage.getItem(LAST_PORTAL) !== portal)
    localStorage.setItem(LAST_PORTAL, portal);
}

/** Once a list is shown, what its search needs is made in a moment when there is nothing else to do: before the first key. */
function searchReadier(store: Store, whenShown: () => void): () => void {
  let ready: DirectoryView | undefined;
  return () => {
    const state = store.get();
    const { view, portal } = state;
    const directory = currentDirectory(state);
    if (!view || portal === null || !directory || directory === ready) return;
    if (!ready) requestIdleCallback(whenShown);
    ready = directory;
    requestIdleCallback(() => makeSearchReady({ view, portal, directory }));
  };
}

const isReading = (state: UiState): boolean => {
  const directory = currentDirectory(state);
  return state.view !== null && (directory === undefined || directory.progress !== null);
};

/**
 * The page lives as long as its window: nothing here is ever taken down.
 * @param whenShown called once, when the list is there and nothing else is to do
 */
export function mount(
  Page: ComponentType<PageProps>,
  backend: Backend,
  around: Surroundings,
  onMessage: (listen: (message: unknown) => void) => void,
  whenShown: () => void = () => undefined,
): { store: Store; actions: Actions } {
  const store = createStore(initialState(around.now()));
  const actions = createActions(store, backend, around);
  showLanguage(document.documentElement);
  const mac = /mac/i.test(navigator.userAgent);

  onMessage((message) => {
    const changed = v.safeParse(Changed, message);
    if (!changed.success) return;
    if (changed.output.what === "state") void actions.refreshState();
    else if (changed.output.what === "directory") void actions.refreshDirectory();
    else void actions.refreshPairing();
  });

  const begin = async (): Promise<void> => {
    const last = localStorage.getItem(LAST_PORTAL);
    const ahead = last === null ? undefined : actions.readAhead(last);
    await actions.refreshState();
    if (store.get().unreachable) return;
    if (store.get().screen === "pairing") void actions.refreshPairing();
    await ahead;
    if (!currentDirectory(store.get())) await actions.refreshDirectory();
  };

  let ticks = 0;
  setInterval(() => {
    ticks += 1;
    store.dispatch({ type: "tick", nowMs: around.now() });
    const state = store.get();
    if (state.screen === "pairing" && ticks % PAIRING_EVERY_TICKS === 0) void actions.refreshPairing();
    if (state.unreachable) void begin();
    else if (isReading(state) && ticks % READING_EVERY_TICKS === 0) void actions.refreshDirectory();
  }, TICK_MS);

  store.subscribe(() => showTheme(store));
  store.subscribe(() => rememberPortal(store));
  store.subscribe(searchReadier(store, whenShown));
  render(<Page store={store} actions={actions} mac={mac} />, document.getElementById("app")!);
  void begin();
  return { store, actions };
}
