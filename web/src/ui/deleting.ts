import { useSyncExternalStore } from "react";

/** How long a deletion can be taken back. */
export const undoMs = 6000;

interface Pending {
  timer: ReturnType<typeof setTimeout>;
  isSent: boolean;
  onFailed: (thrown: unknown) => void;
}

interface Deletions {
  /** The things that are being deleted: hidden already, still there for a while. */
  useHidden: () => ReadonlySet<number>;
  /** Hides it immediately and deletes it unless the user undoes that in time. Returns the undo. */
  deleteLater: (id: number, onFailed: (thrown: unknown) => void) => () => void;
  /** Undoes a deletion that is not sent yet. */
  takeBack: (id: number) => void;
}

/** Deletions of one kind of thing, which can be undone for a while; `remove` does it finally. */
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
    if (deletion === undefined || deletion.isSent) return;
    deletion.isSent = true;
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
  const takeBack = (id: number) => {
    const deletion = pending.get(id);
    // A sent deletion cannot be undone.
    if (deletion === undefined || deletion.isSent) return;
    clearTimeout(deletion.timer);
    pending.delete(id);
    changed();
  };
  // Who leaves does not want it back: the request outlives the page. Where there is the earlier word it is heeded, as a
  // busy browser may end a page before it sent what the later one asked for.
  for (const leaving of ["beforeunload", "pagehide"])
    window.addEventListener(leaving, () => {
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
      pending.set(id, { timer, isSent: false, onFailed });
      changed();
      return () => takeBack(id);
    },
    takeBack,
  };
}
