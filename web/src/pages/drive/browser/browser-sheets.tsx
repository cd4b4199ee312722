import { useTranslation } from "react-i18next";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { deedsFor, EntryMenu } from "../entries/entry-menu.tsx";
import { Preview } from "../entries/preview.tsx";
import { Details } from "./details.tsx";
import { FolderPicker } from "./folder-picker.tsx";
import { NewFolderSheet } from "./new-folder-sheet.tsx";
import { ShareSheet } from "./share-sheet.tsx";
import type { BrowserState } from "./use-browser.ts";

/** The sheet, menu or preview that is open over the list. */
export function BrowserSheets({ browser }: { browser: BrowserState }) {
  const { t } = useTranslation();
  const { folderId, actions, open, setOpen, shown } = browser;
  const close = () => setOpen(null);
  const picking = open?.what === "pick" ? open : null;
  const menu = open?.what === "menu" ? open : null;
  return (
    <>
      {open?.what === "folder" && (
        <NewFolderSheet
          folderId={folderId}
          onMade={({ id }) => browser.setSelection({ chosen: new Set([id]), anchor: id, focus: id })}
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
          <Details entries={browser.selected} onShare={(entry) => setOpen({ what: "share", entry })} />
        </Sheet>
      )}
      {menu !== null && (
        <EntryMenu
          at={menu.at}
          deeds={deedsFor(menu.entries)}
          onDeed={(deed) => browser.act(deed, menu.entries)}
          onClose={close}
        />
      )}
      {shown !== undefined && (
        <Preview
          entry={shown}
          previous={browser.previous}
          next={browser.next}
          onGo={({ id }) => browser.preview(id)}
          onDownload={(entry) => void actions.download([entry])}
          onClose={() => browser.preview(undefined)}
        />
      )}
    </>
  );
}
