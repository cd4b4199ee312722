import { useSyncExternalStore } from "react";

/** How long a deletion can be taken back. */
export const undoMs = 6000;

interface Pending {
  timer: ReturnType<typeof setTimeout>;
  onFailed: (thrown: unknown) => void;
}

interface Deletions {
  /** What is being deleted: hidden already, still there for a while. */
  useHidden: () => ReadonlySet<number>;
  /** Hides it at once and deletes it when nobody took it back in time. Returns the way to take it back. */
  deleteLater: (id: number, onFailed: (thrown: unknown) => void) => () => void;
}

/** Deletions of one kind of thing, which can be taken back for a while; `remove` does it for good. */
export function deletions(remove: (id: number) => Promise<void>): Deletions {
  const pending = new Map<number, Pending>();
  const watchers = new Set<() => void>();
  let hidden: ReadonlySet<number> = new Set();
  const changed = () => {
    hidden = new Set(pending.keys());
    for (const watcher of watchers) watcher();
  };
  const deleteNow = async (id: number) => {
    const deletion = pending.get(id);
    if (deletion === undefined) return;
    clearTimeout(deletion.timer);
    try {
      await remove(id);
    } catch (thrown) {
      deletion.onFailed(thrown);
    } finally {
      pending.delete(id);
      changed();
    }
  };
  // Who leaves does not want it back: the request outlives the page.
  window.addEventListener("pagehide", () => {
    for (const id of pending.keys()) void deleteNow(id);
  });
  return {
    useHidden: () =>
      useSyncExternalStore(
        (watcher) => {
          watchers.add(watcher);
          return () => watchers.delete(watcher);
        },
        () => hidden,
      ),
    deleteLater: (id, onFailed) => {
      const timer = setTimeout(() => void deleteNow(id), undoMs);
      pending.set(id, { timer, onFailed });
      changed();
      return () => {
        clearTimeout(timer);
        pending.delete(id);
        changed();
      };
    },
  };
}
