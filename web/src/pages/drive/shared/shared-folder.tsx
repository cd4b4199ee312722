import { useInfiniteQuery } from "@tanstack/react-query";
import { Download, LayoutGrid, List } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";
import { Button, IconButton } from "#base/ui/buttons/button.tsx";
import { ErrorState, State } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { Crumbs } from "../browser/crumbs.tsx";
import { BoxDrawing } from "../entries/drawings.tsx";
import type { Listed } from "../entries/entries.ts";
import { Preview } from "../entries/preview.tsx";
import { saveFrom } from "../entries/save.ts";
import { EntryList } from "../list/entry-list.tsx";
import { ListSkeleton } from "../list/list-skeleton.tsx";
import { nothing } from "../list/selection.ts";
import { useSelectable } from "../list/use-selectable.ts";
import { changeView, useView } from "../list/use-view.ts";
import { useSharedDownload, type Visit } from "./visit.ts";

/** A folder of another user, with what is below it. */
export function SharedFolder({ visit }: { visit: Visit }) {
  const { t } = useTranslation();
  const { ticket, entry: top } = visit;
  const { view } = useView();
  const [path, setPath] = useState<readonly { id: number; name: string }[]>([]);
  const [shown, setShown] = useState<Listed | null>(null);
  const download = useSharedDownload(ticket);
  const folderId = path.at(-1)?.id ?? null;
  const list = useInfiniteQuery({
    queryKey: keyOf("shared", ticket, folderId ?? 0),
    queryFn: ({ pageParam, signal }) =>
      ask("drive.sharedEntries", {
        query: { ticket, folder_id: folderId, page_size: 100, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
  const { entries, selection, setSelection, fetchMore } = useSelectable(list);
  const files = entries.filter(({ kind }) => kind !== "folder");
  const place = files.findIndex(({ id }) => id === shown?.id);

  const open = (entry: Listed) => {
    if (entry.kind === "folder") {
      setPath([...path, entry]);
      setSelection(nothing);
    } else setShown(entry);
  };
  return (
    <>
      <FolderHeader visit={visit} ids={[...selection.chosen]} folderId={folderId} />
      {path.length > 0 && (
        <Crumbs
          root={top.name}
          path={path}
          onGo={(id) => setPath(id === null ? [] : path.slice(0, path.findIndex((folder) => folder.id === id) + 1))}
        />
      )}
      {list.isPending ? (
        <ListSkeleton view={view} />
      ) : list.isError && list.data === undefined ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : entries.length === 0 ? (
        <State drawing={<BoxDrawing />} title={t("shared.empty.title")} text={t("shared.empty.text")} />
      ) : (
        <EntryList
          label={top.name}
          entries={entries}
          view={view}
          selection={selection}
          onSelection={setSelection}
          onOpen={open}
          hasThumbnails={false}
          hasMore={list.hasNextPage}
          onMore={fetchMore}
        />
      )}
      {shown !== null && (
        <Preview
          entry={shown}
          ticket={ticket}
          previous={files[place - 1]}
          next={place === -1 ? undefined : files[place + 1]}
          onGo={setShown}
          onDownload={({ id }) => download(id)}
          onClose={() => setShown(null)}
        />
      )}
    </>
  );
}

interface FolderHeaderProps {
  visit: Visit;
  /** The entries that are chosen. */
  ids: readonly number[];
  folderId: number | null;
}

/** The name of the folder, how it is shown, and its download: what is chosen, or else the folder that is open. */
function FolderHeader({ visit: { ticket, entry: top }, ids: chosenIds, folderId }: FolderHeaderProps) {
  const { t } = useTranslation();
  const { view } = useView();

  const { run: zip, isBusy } = useAction(
    async () => {
      const ids = chosenIds.length > 0 ? [...chosenIds] : folderId === null ? [] : [folderId];
      saveFrom((await ask("drive.zipShared", { body: { ticket, ids }, timeoutMs: 60_000 })).url);
    },
    { failure: "toast" },
  );
  return (
    <header className="flex flex-wrap items-center gap-2">
      <h1 className="min-w-0 flex-1 basis-48 text-xl font-semibold">{top.name}</h1>
      <IconButton
        label={view === "list" ? t("drive.asGrid") : t("drive.asList")}
        onPress={() => changeView({ view: view === "list" ? "grid" : "list" })}
      >
        {view === "list" ? <LayoutGrid size={20} aria-hidden /> : <List size={20} aria-hidden />}
      </IconButton>
      <Button look="main" isBusy={isBusy} onPress={() => void zip()}>
        <Download size={18} aria-hidden />
        {chosenIds.length > 0 ? t("shared.zipSome", { count: chosenIds.length }) : t("shared.zip")}
      </Button>
    </header>
  );
}
