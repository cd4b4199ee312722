import { FilePlus, FolderUp, Globe, Plus } from "lucide-react";
import { type RefObject, useRef, useState } from "react";
import { type Key, Menu, MenuItem } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import { useTranslation } from "react-i18next";
import { Button } from "#base/ui/buttons/button.tsx";
import { readChosen, type Found } from "#parts/upload/transfer/dropped.ts";
import { ImportSheet } from "./import-sheet.tsx";
import { enqueue } from "./uploads.ts";

interface WithPicker {
  showOpenFilePicker?: (how: { multiple: boolean }) => Promise<FileSystemFileHandle[]>;
}

/** Chooses files or a folder to send to a folder, or an address to fetch from. */
export function UploadButton({ folderId }: { folderId: number | null }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const [isImporting, setImporting] = useState(false);
  const at = useRef<HTMLSpanElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);

  const pick = async () => {
    const able = window as WithPicker; // Not in the types yet.
    if (able.showOpenFilePicker === undefined) {
      files.current?.click();
      return;
    }
    try {
      const handles = await able.showOpenFilePicker({ multiple: true });
      const folderFiles = await Promise.all(
        handles.map(async (handle): Promise<Found> => ({ file: await handle.getFile(), path: "", handle })),
      );
      await enqueue({ files: folderFiles, emptyFolders: [] }, folderId);
    } catch (thrown) {
      // Choosing nothing is no failure.
      if (!(thrown instanceof DOMException && thrown.name === "AbortError")) files.current?.click();
    }
  };
  const send = (input: HTMLInputElement) => {
    const all = [...(input.files ?? [])];
    // The same file may be chosen again.
    input.value = "";
    void enqueue(readChosen(all), folderId);
  };
  return (
    <>
      <span ref={at}>
        <Button look="main" onPress={() => setOpen(true)} aria-haspopup="menu">
          <Plus size={18} strokeWidth={2.5} aria-hidden />
          {t("drive.upload")}
        </Button>
      </span>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        data-choose="files"
        onChange={(event) => send(event.currentTarget)}
      />
      <input
        ref={folder}
        type="file"
        {...wholeFolder}
        hidden
        data-choose="folder"
        onChange={(event) => send(event.currentTarget)}
      />
      <UploadMenu
        at={at}
        isOpen={isOpen}
        onOpenChange={setOpen}
        onChoose={(what) => {
          setOpen(false);
          if (what === "files") void pick();
          else if (what === "folder") folder.current?.click();
          else setImporting(true);
        }}
      />
      {isImporting && <ImportSheet folderId={folderId} onClose={() => setImporting(false)} />}
    </>
  );
}

interface UploadMenuProps {
  at: RefObject<HTMLElement | null>;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  onChoose: (what: Key) => void;
}

/** The sources of files: this device, a folder of it, or an address. */
function UploadMenu({ at, isOpen, onOpenChange, onChoose }: UploadMenuProps) {
  const { t } = useTranslation();
  return (
    <Popover
      triggerRef={at}
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      placement="bottom start"
      className="min-w-52 rounded-xl border border-line bg-surface p-1 shadow-2xl outline-none"
    >
      <Menu aria-label={t("drive.upload")} autoFocus="first" className="outline-none" onAction={onChoose}>
        <MenuItem id="files" className={itemClass}>
          <FilePlus size={18} aria-hidden />
          {t("drive.upload.files")}
        </MenuItem>
        <MenuItem id="folder" className={itemClass}>
          <FolderUp size={18} aria-hidden />
          {t("drive.upload.folder")}
        </MenuItem>
        <MenuItem id="address" className={itemClass}>
          <Globe size={18} aria-hidden />
          {t("drive.upload.address")}
        </MenuItem>
      </Menu>
    </Popover>
  );
}

/** The types of React do not know it. */
const wholeFolder = { webkitdirectory: "" };

const itemClass =
  "flex min-h-11 cursor-pointer items-center gap-3 rounded-lg px-3 outline-none data-[focused]:bg-raised";
