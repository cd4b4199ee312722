import type { Id } from "#kernel";

/** The listeners of this process for updates of users. */
export class UpdateListeners {
  readonly #waiting = new Map<Id, Set<() => void>>();

  /** Users with a listener. */
  get userIds(): Id[] {
    return [...this.#waiting.keys()];
  }

  /** Calls the listeners of users who may have an update. */
  notify(userIds: Iterable<Id>): void {
    for (const id of userIds) for (const listener of this.#waiting.get(id) ?? []) listener();
  }

  add(userId: Id, listener: () => void): () => void {
    const listeners = this.#waiting.get(userId) ?? new Set();
    this.#waiting.set(userId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#waiting.get(userId) === listeners) this.#waiting.delete(userId);
    };
  }
}
