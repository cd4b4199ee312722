import type { Id } from "#kernel";

/** Those who wait for something to happen to somebody, in this process. */
export class UpdateListeners {
  readonly #waiting = new Map<Id, Set<() => void>>();

  /** Whom somebody waits for. */
  get userIds(): Id[] {
    return [...this.#waiting.keys()];
  }

  /** Something may have happened to these. */
  notify(userIds: Iterable<Id>): void {
    for (const id of userIds) for (const listener of this.#waiting.get(id) ?? []) listener();
  }

  add(userId: Id, listener: () => void): () => void {
    const others = this.#waiting.get(userId) ?? new Set();
    this.#waiting.set(userId, others.add(listener));
    return () => {
      others.delete(listener);
      if (others.size === 0 && this.#waiting.get(userId) === others) this.#waiting.delete(userId);
    };
  }
}
