import { useSyncExternalStore } from "react";
import { createListeners } from "./listeners.ts";
import { onLogOut } from "./session.ts";

/** State outside of React, which components and plain functions share. It is replaced, never mutated. */
export interface Store<State> {
  readonly get: () => State;
  /** Notifies subscribers, unless the state is the same object. */
  readonly set: (next: State) => void;
  /** Returns the function that ends the subscription. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** State of this page or device. A log-out does not change it. */
export function createDeviceStore<State>(initial: State): Store<State> {
  const { subscribe, notify } = createListeners();
  let state = initial;
  const set = (next: State) => {
    if (Object.is(next, state)) return;
    state = next;
    notify();
  };
  return { get: () => state, set, subscribe };
}

/**
 * State of the logged-in account. A log-out calls `stop`, which ends work under way, and restores the initial state. It
 * lives as long as the page: create it in a module, not in a component.
 */
export function createAccountStore<State>(initial: State, stop?: () => void): Store<State> {
  const store = createDeviceStore(initial);
  onLogOut(() => {
    stop?.();
    store.set(initial);
  });
  return store;
}

/** The state, or the part that `select` takes from it. The component renders again when that part is another value. */
export function useStore<State>(store: Store<State>): State;
export function useStore<State, Part>(store: Store<State>, select: (state: State) => Part): Part;
export function useStore<State>(store: Store<State>, select?: (state: State) => unknown): unknown {
  return useSyncExternalStore(store.subscribe, () => (select === undefined ? store.get() : select(store.get())));
}
