import { beforeLogOut } from "#base/api/session/session.ts";
import { createDeviceStore, useStore } from "#base/api/session/store.ts";

/** How long a deletion can be taken back. */
export const undoMs = 6000;

interface Pending {
  /** Those that are deleted together, and can only be taken back together. */
  ids: readonly number[];
  timer: ReturnType<typeof setTimeout>;
  isSent: boolean;
  onFailed: (thrown: unknown) => void;
}

interface Deletions {
  /** The things that are being deleted: hidden already, still there for a while. */
  useHidden: () => ReadonlySet<number>;
  /** Hides it immediately and deletes it unless the user undoes that in time. Returns the undo. */
  deleteLater: (id: number, onFailed: (thrown: unknown) => void) => () => void;
  /** As `deleteLater`, for several at once. */
  deleteAllLater: (ids: readonly number[], onFailed: (thrown: unknown) => void) => () => void;
  /** Undoes a deletion that is not sent yet, with those that were deleted together. */
  takeBack: (id: number) => void;
}

const eachAlone =
  (remove: (id: number) => Promise<void>) =>
  async (ids: readonly number[]): Promise<void> => {
    await Promise.all(ids.map(remove));
  };

/** Deletions of one kind of thing, which can be undone for a while; `remove` does it finally, `removeMany` for several. */
export function deletions(remove: (id: number) => Promise<void>, removeMany = eachAlone(remove)): Deletions {
  const pending = new Map<number, Pending>();
  const hidden = createDeviceStore<ReadonlySet<number>>(new Set());
  const updateHidden = () => hidden.set(new Set(pending.keys()));
  const forget = ({ ids }: Pending) => {
    for (const id of ids) pending.delete(id);
    updateHidden();
  };
  const deleteNow = async (deletion: Pending) => {
    if (deletion.isSent) return;
    deletion.isSent = true;
    clearTimeout(deletion.timer);
    const [first = 0, ...otherIds] = deletion.ids;
    try {
      await (otherIds.length === 0 ? remove(first) : removeMany(deletion.ids));
    } catch (thrown) {
      deletion.onFailed(thrown);
    } finally {
      forget(deletion);
    }
  };
  const undo = (deletion: Pending | undefined) => {
    // A sent deletion cannot be undone.
    if (deletion === undefined || deletion.isSent) return;
    clearTimeout(deletion.timer);
    forget(deletion);
  };
  const deleteAllLater: Deletions["deleteAllLater"] = (ids, onFailed) => {
    const timer = setTimeout(() => void deleteNow(deletion), undoMs);
    const deletion: Pending = { ids, timer, isSent: false, onFailed };
    for (const id of ids) pending.set(id, deletion);
    updateHidden();
    return () => undo(deletion);
  };
  const deleteAllNow = () => Promise.all(Array.from(new Set(pending.values()), deleteNow));
  // The request outlives the page. A busy browser may end a page before it sends what `pagehide` asks for.
  for (const leaving of ["beforeunload", "pagehide"]) window.addEventListener(leaving, () => void deleteAllNow());
  // Without a session it would be refused, and the thing would be back.
  beforeLogOut(deleteAllNow);
  return {
    useHidden: () => useStore(hidden),
    deleteLater: (id, onFailed) => deleteAllLater([id], onFailed),
    deleteAllLater,
    takeBack: (id) => undo(pending.get(id)),
  };
}
