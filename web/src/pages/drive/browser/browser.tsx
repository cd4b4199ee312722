import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Button } from "#base/ui/buttons/button.tsx";
import { pathQuery, type Place } from "../entries/entries.ts";
import { EntryList } from "../list/entry-list.tsx";
import { EntryPages } from "../list/entry-pages.tsx";
import { nothing } from "../list/selection.ts";
import { changeView } from "../list/use-view.ts";
import { DropZone } from "../transfer/drop-zone.tsx";
import { BrowserSheets } from "./browser-sheets.tsx";
import { Crumbs } from "./crumbs.tsx";
import { Details } from "./details.tsx";
import { Nothing } from "./nothing.tsx";
import { Toolbar } from "./toolbar.tsx";
import { type BrowserState, useBrowser } from "./use-browser.ts";

/** Files and folders with everything that can be done with them. */
export function Browser({ place }: { place: Place }) {
  const { t } = useTranslation();
  const browser = useBrowser(place);
  const { folderId, isFolder, list, looks, isWide, selected, act, setOpen } = browser;
  return (
    <DropZone folderId={folderId}>
      <Heading browser={browser} />
      <Toolbar
        folderId={folderId}
        isSorted={isFolder}
        selected={selected}
        canPaste={browser.canPaste}
        onPaste={browser.paste}
        onNewFolder={() => setOpen({ what: "folder" })}
        onDeed={(deed) => act(deed, selected)}
        onMenu={(at) => setOpen({ what: "menu", entries: selected, at })}
        onClear={() => browser.setSelection(nothing)}
        onDetails={() => (isWide ? changeView({ hasDetails: !looks.hasDetails }) : setOpen({ what: "details" }))}
      />
      <div className="flex min-h-0 grow items-stretch gap-6">
        <div className="flex min-w-0 flex-1 flex-col">
          <EntryPages list={list} view={looks.view} none={<Nothing place={place.kind} />}>
            <Entries browser={browser} />
          </EntryPages>
          {list.isFetchNextPageError && (
            <Button className="mb-6 self-center" isBusy={list.isFetching} onPress={() => void list.fetchNextPage()}>
              {t("action.retry")}
            </Button>
          )}
        </div>
        {isWide && looks.hasDetails && (
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
      <BrowserSheets browser={browser} />
    </DropZone>
  );
}

/** The place of the list: the folders above it, or its subject. */
function Heading({ browser }: { browser: BrowserState }) {
  const { t } = useTranslation();
  const { folderId, isFolder, place, entries } = browser;
  const path = useQuery({ ...pathQuery(folderId ?? 0), enabled: folderId !== null });
  return (
    <div className="-ms-1.5 mt-2 flex min-h-11 flex-wrap items-center gap-x-3">
      {isFolder ? (
        <Crumbs path={folderId === null ? [] : (path.data ?? [])} />
      ) : (
        <h2 className="px-1.5 text-base font-semibold">
          {place.kind === "recent" ? t("drive.recent") : t("drive.found", { count: entries.length })}
        </h2>
      )}
    </div>
  );
}

function Entries({ browser }: { browser: BrowserState }) {
  const { t } = useTranslation();
  const { entries, list, actions, renaming, setRenaming, setOpen } = browser;
  const rename = (id: number, name: string | null) => {
    setRenaming(null);
    const entry = entries.find((candidate) => candidate.id === id);
    if (name !== null && entry !== undefined) void actions.rename(entry, name);
  };
  return (
    <EntryList
      label={t("drive.list")}
      entries={entries}
      view={browser.looks.view}
      selection={browser.selection}
      onSelection={browser.setSelection}
      onOpen={browser.openEntry}
      onMenu={(entry, at) => setOpen({ what: "menu", entries: browser.withChosen(entry), at })}
      onAll={() => void browser.chooseAll()}
      onKey={browser.onKey}
      hasMore={list.hasNextPage}
      onMore={browser.fetchMore}
      renaming={renaming === null ? undefined : { id: renaming, onDone: (name) => rename(renaming, name) }}
    />
  );
}
