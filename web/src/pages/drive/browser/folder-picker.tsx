import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { ChevronRight, FolderPlus } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "#base/ui/buttons/button.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { ErrorState } from "#base/ui/states/states.tsx";
import { listQuery, pathQuery } from "../entries/entries.ts";
import { EntryIcon } from "../entries/entry-icon.tsx";
import { Crumbs } from "./crumbs.tsx";
import { NewFolderSheet } from "./new-folder-sheet.tsx";

interface FolderPickerProps {
  title: string;
  action: string;
  /** The folder that is open first. */
  folderId: number | null;
  /** Folders that cannot be opened: those that are moved. */
  without: ReadonlySet<number>;
  onPick: (folderId: number | null) => void;
  onClose: () => void;
}

/** Chooses a folder of the drive by walking to it. */
export function FolderPicker({ title, action, folderId, without, onPick, onClose }: FolderPickerProps) {
  const { t } = useTranslation();
  const [at, setAt] = useState(folderId);
  const [isMaking, setMaking] = useState(false);
  const path = useQuery({ ...pathQuery(at ?? 0), enabled: at !== null });
  const list = useInfiniteQuery(listQuery({ kind: "folder", folderId: at, sort: "name", order: "asc" }));
  const all = list.data?.pages.flatMap((page) => page.list) ?? [];
  const folders = all.filter(({ kind }) => kind === "folder");
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  // Folders come first: after the first file there are none.
  const wantsMore = hasNextPage && !isFetchingNextPage && folders.length === all.length;
  useEffect(() => {
    if (wantsMore) void fetchNextPage();
  }, [wantsMore, fetchNextPage]);
  return (
    <Sheet title={title} isOpen onClose={onClose} wide>
      <Crumbs path={at === null ? [] : (path.data ?? [])} onGo={setAt} />
      <div className="mt-2 h-72 overflow-y-auto rounded-xl border border-line">
        {list.isError ? (
          <ErrorState error={list.error} onRetry={() => void list.refetch()} />
        ) : list.isPending ? (
          <div className="flex flex-col gap-2 p-3" aria-busy>
            {[0, 1, 2].map((place) => (
              <Skeleton key={place} className="h-9" />
            ))}
          </div>
        ) : folders.length === 0 ? (
          <p className="p-6 text-center text-soft">{t("drive.noFolders")}</p>
        ) : (
          <ul aria-label={t("drive.folders")}>
            {folders.map((folder) => (
              <li key={folder.id}>
                <button
                  type="button"
                  disabled={without.has(folder.id)}
                  className="flex min-h-11 w-full items-center gap-3 px-3 text-start hover:bg-raised disabled:opacity-50"
                  onClick={() => setAt(folder.id)}
                >
                  <EntryIcon entry={folder} />
                  <span className="min-w-0 flex-1 truncate">{folder.name}</span>
                  <ChevronRight size={18} aria-hidden className="text-soft rtl:-scale-x-100" />
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
      <div className="mt-4 flex flex-wrap gap-3">
        <Button onPress={() => setMaking(true)}>
          <FolderPlus size={18} aria-hidden />
          {t("drive.newFolder")}
        </Button>
        <Button
          look="main"
          className="flex-1"
          onPress={() => {
            onClose();
            onPick(at);
          }}
        >
          {action}
        </Button>
      </div>
      {isMaking && <NewFolderSheet folderId={at} onMade={({ id }) => setAt(id)} onClose={() => setMaking(false)} />}
    </Sheet>
  );
}
