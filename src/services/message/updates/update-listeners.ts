import type { Id } from "#kernel";

/** Those who wait for something to happen to somebody, in this process. */
export class Wakes {
  readonly #waiting = new Map<Id, Set<() => void>>();

  /** Whom somebody waits for. */
  get userIds(): Id[] {
    return [...this.#waiting.keys()];
  }

  /** Something may have happened to these. */
  wake(userIds: Iterable<Id>): void {
    for (const id of userIds) for (const tell of this.#waiting.get(id) ?? []) tell();
  }

  add(userId: Id, tell: () => void): () => void {
    const others = this.#waiting.get(userId) ?? new Set();
    this.#waiting.set(userId, others.add(tell));
    return () => {
      others.delete(tell);
      if (others.size === 0 && this.#waiting.get(userId) === others) this.#waiting.delete(userId);
    };
  }
}
