import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type KeyboardEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/button.tsx";
import { Sheet } from "../ui/sheet.tsx";
import { ErrorState } from "../ui/states.tsx";
import { showToast } from "../ui/toasts.tsx";
import { useDriveActions } from "./actions.ts";
import { hold, useHeld } from "./clipboard.ts";
import { Crumbs } from "./crumbs.tsx";
import { Details } from "./details.tsx";
import { DropZone } from "./drop-zone.tsx";
import { Nothing } from "./nothing.tsx";
import { type Listed, listQuery, pathQuery, type Place } from "./entries.ts";
import { EntryList } from "./entry-list.tsx";
import { type Deed, deedsFor, EntryMenu } from "./entry-menu.tsx";
import { FolderPicker } from "./folder-picker.tsx";
import { ListSkeleton } from "./list-skeleton.tsx";
import { NewFolderSheet } from "./new-folder-sheet.tsx";
import { Preview } from "./preview.tsx";
import { everything, nothing, pruned } from "./selection.ts";
import { ShareSheet } from "./share-sheet.tsx";
import { Toolbar } from "./toolbar.tsx";
import { changeView, useView } from "./use-view.ts";

type Open =
  | { what: "folder" }
  | { what: "pick"; how: "move" | "copy"; entries: readonly Listed[] }
  | { what: "share"; entry: Listed }
  | { what: "details" }
  | { what: "menu"; entries: readonly Listed[]; at: HTMLElement };

/** Files and folders with everything that can be done with them. */
export function Browser({ place }: { place: Place }) {
  const folderId = place.kind === "folder" ? place.folderId : null;
  const isFolder = place.kind === "folder";
  const { t } = useTranslation();
  const looks = useView();
  const navigate = useNavigate();
  const { show } = useSearch({ strict: false });
  const actions = useDriveActions();
  const held = useHeld();
  const list = useInfiniteQuery(listQuery(place));
  const path = useQuery({ ...pathQuery(folderId ?? 0), enabled: folderId !== null });
  const entries = list.data?.pages.flatMap((page) => page.list) ?? [];
  const [chosen, setSelection] = useState(nothing);
  const [open, setOpen] = useState<Open | null>(null);
  const [renaming, setRenaming] = useState<number | null>(null);
  const selection = pruned(
    chosen,
    entries.map(({ id }) => id),
  );
  const selected = entries.filter(({ id }) => selection.chosen.has(id));
  const close = () => setOpen(null);
  const wide = useIsWide();

  const preview = (id: number | undefined) =>
    void navigate({
      to: ".",
      search: (before: Record<string, unknown>) => ({ ...before, show: id }),
      replace: show !== undefined,
      resetScroll: false,
    });
  const openEntry = (entry: Listed) => {
    if (entry.kind === "folder") void navigate({ to: "/drive/folder/$id", params: { id: entry.id } });
    else preview(entry.id);
  };
  const act = (deed: Deed, on: readonly Listed[]) => {
    const [first] = on;
    if (first === undefined) return;
    const deeds: Record<Deed, () => unknown> = {
      open: () => openEntry(first),
      download: () => actions.download(on),
      share: () => setOpen({ what: "share", entry: first }),
      rename: () => setRenaming(first.id),
      move: () => setOpen({ what: "pick", how: "move", entries: on }),
      copy: () => setOpen({ what: "pick", how: "copy", entries: on }),
      publish: () => actions.publish(first),
      details: () => (wide ? changeView({ hasDetails: true }) : setOpen({ what: "details" })),
      trash: () => actions.trash(on),
      restore: () => actions.restore(on),
      remove: () => actions.remove(on),
    };
    void deeds[deed]();
  };
  const putHere = () => {
    if (held === null || !isFolder) return;
    const { how, entries: what } = held;
    hold(null);
    void actions[how](what, folderId);
  };
  const take = (how: "move" | "copy") => {
    if (selected.length === 0) return;
    hold({ how, entries: selected });
    showToast(t(how === "move" ? "drive.cut" : "drive.held", { count: selected.length }));
  };
  const keys = (event: KeyboardEvent): boolean => {
    const isHeld = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    const focused = entries.find(({ id }) => id === selection.focus);
    const on = selected.length > 0 ? selected : focused === undefined ? [] : [focused];
    if (key === "delete" || (key === "backspace" && isHeld)) act("trash", on);
    else if (key === "f2") act("rename", on);
    else if (key === "x" && isHeld) take("move");
    else if (key === "c" && isHeld) take("copy");
    else if (key === "v" && isHeld) putHere();
    else return false;
    return true;
  };
  const all = async () => {
    let { hasNextPage } = list;
    let pages = list.data?.pages ?? [];
    while (hasNextPage) {
      const more = await list.fetchNextPage();
      if (more.isError) break;
      hasNextPage = more.hasNextPage;
      pages = more.data?.pages ?? pages;
    }
    const ids = pages.flatMap((page) => page.list.map(({ id }) => id));
    setSelection((before) => everything(before, ids));
  };

  const files = entries.filter(({ kind }) => kind !== "folder");
  const shownPlace = files.findIndex(({ id }) => id === show);
  const shown = files[shownPlace];
  const picking = open?.what === "pick" ? open : null;
  const menu = open?.what === "menu" ? open : null;
  return (
    <DropZone folderId={folderId}>
      <div className="mt-2 flex min-h-11 flex-wrap items-center gap-x-3">
        {isFolder ? (
          <Crumbs path={folderId === null ? [] : (path.data ?? [])} />
        ) : (
          <h2 className="px-1.5 text-base font-semibold">
            {place.kind === "recent" ? t("drive.recent") : t("drive.found", { count: entries.length })}
          </h2>
        )}
      </div>
      <Toolbar
        folderId={folderId}
        isSorted={isFolder}
        selected={selected}
        canPaste={held !== null && isFolder}
        onPaste={putHere}
        onNewFolder={() => setOpen({ what: "folder" })}
        onDeed={(deed) => act(deed, selected)}
        onMenu={(at) => setOpen({ what: "menu", entries: selected, at })}
        onClear={() => setSelection(nothing)}
        onDetails={() => (wide ? changeView({ hasDetails: !looks.hasDetails }) : setOpen({ what: "details" }))}
      />
      <div className="flex min-h-0 grow items-stretch gap-6">
        <div className="flex min-w-0 flex-1 flex-col">
          {list.isPending ? (
            <ListSkeleton view={looks.view} />
          ) : list.isError && list.data === undefined ? (
            <ErrorState error={list.error} isRetrying={list.isFetching} onRetry={() => void list.refetch()} />
          ) : entries.length === 0 ? (
            <Nothing place={place.kind} />
          ) : (
            <EntryList
              label={t("drive.list")}
              entries={entries}
              view={looks.view}
              selection={selection}
              onSelection={setSelection}
              onOpen={openEntry}
              onMenu={(entry, at) =>
                setOpen({ what: "menu", entries: selection.chosen.has(entry.id) ? selected : [entry], at })
              }
              onAll={() => void all()}
              onKey={keys}
              hasMore={list.hasNextPage}
              onMore={() => {
                if (!list.isFetchingNextPage && !list.isFetchNextPageError) void list.fetchNextPage();
              }}
              renaming={
                renaming === null
                  ? undefined
                  : {
                      id: renaming,
                      onDone: (name) => {
                        setRenaming(null);
                        const entry = entries.find(({ id }) => id === renaming);
                        if (name !== null && entry !== undefined) void actions.rename(entry, name);
                      },
                    }
              }
            />
          )}
          {list.isFetchNextPageError && (
            <Button className="mb-6 self-center" isBusy={list.isFetching} onPress={() => void list.fetchNextPage()}>
              {t("action.retry")}
            </Button>
          )}
        </div>
        {wide && looks.hasDetails && (
          <aside
            aria-label={t("drive.do.details")}
            className="sticky top-4 w-72 shrink-0 self-start rounded-2xl bg-surface p-4"
          >
            <Details
              entries={selected}
              onShare={(entry) => setOpen({ what: "share", entry })}
              onClose={() => changeView({ hasDetails: false })}
            />
          </aside>
        )}
      </div>
      {open?.what === "folder" && (
        <NewFolderSheet
          folderId={folderId}
          onMade={({ id }) => setSelection({ chosen: new Set([id]), anchor: id, focus: id })}
          onClose={close}
        />
      )}
      {picking !== null && (
        <FolderPicker
          title={t(`drive.pick.${picking.how}`, { count: picking.entries.length })}
          action={t(`drive.pick.${picking.how}.action`)}
          folderId={folderId}
          without={new Set(picking.entries.map(({ id }) => id))}
          onPick={(to) => void actions[picking.how](picking.entries, to)}
          onClose={close}
        />
      )}
      {open?.what === "share" && <ShareSheet entry={open.entry} onClose={close} />}
      {open?.what === "details" && (
        <Sheet title={t("drive.do.details")} isOpen onClose={close}>
          <Details entries={selected} onShare={(entry) => setOpen({ what: "share", entry })} />
        </Sheet>
      )}
      {menu !== null && (
        <EntryMenu
          at={menu.at}
          deeds={deedsFor(menu.entries)}
          onDeed={(deed) => act(deed, menu.entries)}
          onClose={close}
        />
      )}
      {shown !== undefined && (
        <Preview
          entry={shown}
          previous={files[shownPlace - 1]}
          next={files[shownPlace + 1]}
          onGo={({ id }) => preview(id)}
          onDownload={(entry) => void actions.download([entry])}
          onClose={() => preview(undefined)}
        />
      )}
    </DropZone>
  );
}

const widePx = 1_025;

function useIsWide(): boolean {
  const [isWide, setWide] = useState(() => window.innerWidth >= widePx);
  useEffect(() => {
    const look = () => setWide(window.innerWidth >= widePx);
    window.addEventListener("resize", look);
    return () => window.removeEventListener("resize", look);
  }, []);
  return isWide;
}
