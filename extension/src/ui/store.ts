import { useEffect, useState } from "preact/hooks";
import { type Action, reduce, type UiState } from "./state.ts";

export interface Store {
  get(): UiState;
  dispatch(action: Action): void;
  /** Returns the way to stop. */
  subscribe(run: () => void): () => void;
}

export function createStore(initial: UiState): Store {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    dispatch(action) {
      const next = reduce(state, action);
      if (next === state) return;
      state = next;
      for (const run of listeners) run();
    },
    subscribe(run) {
      listeners.add(run);
      return () => listeners.delete(run);
    },
  };
}

export function useStore(store: Store): UiState {
  const [state, setState] = useState(store.get);
  useEffect(() => {
    setState(store.get());
    return store.subscribe(() => setState(store.get()));
  }, [store]);
  return state;
}
