import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ask } from "#base/api/request/client.ts";
import type { DriveOutcome } from "#base/api/types.ts";
import { useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { hideEntries, type Listed, patchEntry, refreshLists } from "../entries/entries.ts";
import { saveFrom } from "../entries/save.ts";

const undoMs = 8_000;
/** So many ids go with one request. */
const idsMax = 500;
const copyAskMs = 1_000;

type Many = "move" | "copy" | "trash" | "restore" | "remove";

/** Does something with any number of entries, a few hundred at a time; what became of each. */
async function many(what: Many, ids: readonly number[], folderId?: number | null): Promise<DriveOutcome[]> {
  const outcomes: DriveOutcome[] = [];
  for (let at = 0; at < ids.length; at += idsMax) {
    const some = ids.slice(at, at + idsMax);
    const body = { ids: some, ...(folderId != null && { folder_id: folderId }) };
    const rows = {
      move: () => ask("drive.move", { body }),
      copy: () => ask("drive.copy", { body }),
      trash: () => ask("drive.trash", { body: { ids: some } }),
      restore: () => ask("drive.restore", { body: { ids: some } }),
      remove: () => ask("drive.remove", { body: { ids: some } }),
    };
    outcomes.push(...(await rows[what]()).list);
  }
  return outcomes;
}

/** Settles when the copies that are made in the background are there. */
async function awaitCopies(outcomes: readonly DriveOutcome[]): Promise<void> {
  for (const { task_id: id } of outcomes) {
    if (id === null) continue;
    for (;;) {
      const { status } = await ask("drive.task", { path: { id } });
      if (status === "done" || status === "failed") break;
      await new Promise((resolve) => setTimeout(resolve, copyAskMs));
    }
  }
}

export interface DriveActions {
  readonly trash: (entries: readonly Listed[]) => Promise<void>;
  readonly restore: (entries: readonly Listed[]) => Promise<void>;
  readonly remove: (entries: readonly Listed[]) => Promise<void>;
  /** Deletes all entries of the trash; those in `shown` disappear immediately. */
  readonly emptyTrash: (shown: readonly Listed[]) => Promise<void>;
  readonly move: (entries: readonly Listed[], folderId: number | null) => Promise<void>;
  readonly copy: (entries: readonly Listed[], folderId: number | null) => Promise<void>;
  readonly rename: (entry: Listed, name: string) => Promise<void>;
  /** One file as it is, several and folders as an archive. */
  readonly download: (entries: readonly Listed[]) => Promise<void>;
  /** Goes on to the form by which any video is published. */
  readonly publish: (entry: Listed) => Promise<void>;
}

type SingleActions = Pick<DriveActions, "rename" | "download" | "publish">;

/** The actions on entries of one's own. Each answers immediately and reports a failure. */
export function useDriveActions(): DriveActions {
  return { ...useChangesOfMany(), ...useChangesOfOne() };
}

/** Says in a toast why something was not done. */
function useRefusal() {
  const { t } = useTranslation();
  const text = useErrorText();
  const say = (thrown: unknown) => showToast(text(thrown), undefined, 8_000);
  /** Reports the failures, with the text of the first. */
  const sayRefused = (outcomes: readonly DriveOutcome[]) => {
    const [first, ...more] = outcomes.filter(({ ok }) => !ok);
    if (first === undefined) return;
    const why =
      first.error === null ? t("error.title") : text(Object.assign(new Error(first.error.message), first.error));
    showToast(more.length === 0 ? why : `${t("drive.refused", { count: more.length + 1 })} ${why}`, undefined, 8_000);
  };
  return { say, sayRefused };
}

const idsOf = (entries: readonly Listed[]) => entries.map(({ id }) => id);

function useChangesOfMany(): Omit<DriveActions, keyof SingleActions> {
  const { t } = useTranslation();
  const { say, sayRefused } = useRefusal();

  /** With many at once: what is hidden comes back when it was refused. */
  const change = async (what: Many, entries: readonly Listed[], hides: boolean, folderId?: number | null) => {
    const ids = idsOf(entries);
    const showAgain = hides ? hideEntries(new Set(ids)) : () => undefined;
    try {
      const outcomes = await many(what, ids, folderId);
      sayRefused(outcomes);
      if (outcomes.some(({ ok }) => !ok)) showAgain();
      if (what === "copy") {
        refreshLists();
        await awaitCopies(outcomes);
      }
      return outcomes.filter(({ ok }) => ok).length;
    } catch (thrown) {
      showAgain();
      say(thrown);
      return 0;
    } finally {
      refreshLists();
    }
  };

  return {
    async trash(entries: readonly Listed[]) {
      const count = await change("trash", entries, true);
      if (count === 0) return;
      const undo = () => void change("restore", entries, false);
      const [first] = entries;
      const isOne = entries.length === 1 && first !== undefined;
      const words = isOne ? t("drive.trashedOne", { name: first.name }) : t("drive.trashed", { count });
      showToast(words, { name: t("action.undo"), run: undo }, undoMs);
    },
    async restore(entries: readonly Listed[]) {
      const count = await change("restore", entries, true);
      if (count > 0) showToast(t("drive.restored", { count }));
    },
    async remove(entries: readonly Listed[]) {
      const count = await change("remove", entries, true);
      if (count > 0) showToast(t("drive.removed", { count }));
    },
    async emptyTrash(shown: readonly Listed[]) {
      const showAgain = hideEntries(new Set(idsOf(shown)));
      try {
        await ask("drive.emptyTrash", { timeoutMs: 120_000 });
        showToast(t("drive.trash.emptied"));
      } catch (thrown) {
        showAgain();
        say(thrown);
      } finally {
        refreshLists();
      }
    },
    async move(entries: readonly Listed[], folderId: number | null) {
      const count = await change("move", entries, true, folderId);
      if (count > 0) showToast(t("drive.moved", { count }));
    },
    async copy(entries: readonly Listed[], folderId: number | null) {
      const count = await change("copy", entries, false, folderId);
      if (count > 0) showToast(t("drive.copied", { count }));
    },
  };
}

function useChangesOfOne(): SingleActions {
  const { say } = useRefusal();
  const navigate = useNavigate();
  return {
    async rename(entry: Listed, name: string) {
      patchEntry(entry.id, { name });
      try {
        patchEntry(entry.id, await ask("drive.rename", { path: { id: entry.id }, body: { name } }));
      } catch (thrown) {
        patchEntry(entry.id, { name: entry.name });
        say(thrown);
      } finally {
        refreshLists();
      }
    },
    async download(entries: readonly Listed[]) {
      const [only] = entries;
      if (only === undefined) return;
      try {
        if (entries.length === 1 && only.kind !== "folder") {
          saveFrom((await ask("drive.link", { path: { id: only.id }, body: {} })).url);
          return;
        }
        saveFrom((await ask("drive.zip", { body: { ids: idsOf(entries) }, timeoutMs: 60_000 })).url);
      } catch (thrown) {
        say(thrown);
      }
    },
    async publish(entry: Listed) {
      try {
        const { media_id: id, title } = await ask("drive.publish", {
          path: { id: entry.id },
          body: {},
          timeoutMs: 60_000,
        });
        const { adoptMedia } = await import("#parts/upload/upload-store.ts");
        await adoptMedia({ id, name: entry.name, sizeBytes: entry.size }, title);
        await navigate({ to: "/upload", search: {} });
      } catch (thrown) {
        say(thrown);
      }
    },
  };
}
