import {
  Copy,
  Download,
  FolderInput,
  Info,
  Link2,
  Pencil,
  RotateCcw,
  Send,
  SquareArrowOutUpRight,
  Trash2,
} from "lucide-react";
import type { ReactNode } from "react";
import { Menu, MenuItem } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import { useTranslation } from "react-i18next";
import type { Listed } from "./entries.ts";

export type Deed =
  | "open"
  | "download"
  | "share"
  | "rename"
  | "move"
  | "copy"
  | "publish"
  | "details"
  | "trash"
  | "restore"
  | "remove";

const icons: Record<Deed, ReactNode> = {
  open: <SquareArrowOutUpRight size={18} aria-hidden />,
  download: <Download size={18} aria-hidden />,
  share: <Link2 size={18} aria-hidden />,
  rename: <Pencil size={18} aria-hidden />,
  move: <FolderInput size={18} aria-hidden />,
  copy: <Copy size={18} aria-hidden />,
  publish: <Send size={18} aria-hidden />,
  details: <Info size={18} aria-hidden />,
  trash: <Trash2 size={18} aria-hidden />,
  restore: <RotateCcw size={18} aria-hidden />,
  remove: <Trash2 size={18} aria-hidden />,
};

/** The actions on these entries, in the order of the menu. Pure. */
export function deedsFor(entries: readonly Listed[]): Deed[] {
  const [only] = entries;
  if (only === undefined) return [];
  if (entries.length > 1) return ["download", "move", "copy", "trash"];
  const canPublish = only.kind === "video" || only.kind === "audio";
  return [
    "open",
    "download",
    "share",
    "rename",
    "move",
    "copy",
    ...(canPublish ? ["publish" as const] : []),
    "details",
    "trash",
  ];
}

interface EntryMenuProps {
  /** The anchor of the menu. */
  at: HTMLElement;
  deeds: readonly Deed[];
  onDeed: (deed: Deed) => void;
  onClose: () => void;
}

/** The menu of one entry, or of all that are chosen. */
export function EntryMenu({ at, deeds, onDeed, onClose }: EntryMenuProps) {
  const { t } = useTranslation();
  return (
    <Popover
      triggerRef={{ current: at }}
      isOpen
      onOpenChange={(isOpen) => isOpen || onClose()}
      placement="bottom end"
      className="min-w-52 rounded-xl border border-line bg-surface p-1 shadow-2xl outline-none"
    >
      <Menu
        aria-label={t("action.more")}
        autoFocus="first"
        className="outline-none"
        onAction={(key) => {
          const deed = deeds.find((candidate) => candidate === key);
          onClose();
          if (deed !== undefined) onDeed(deed);
        }}
      >
        {deeds.map((deed) => (
          <MenuItem
            key={deed}
            id={deed}
            className={`flex min-h-11 cursor-pointer items-center gap-3 rounded-lg px-3 outline-none data-[focused]:bg-raised ${deed === "trash" || deed === "remove" ? "text-bad" : ""}`}
          >
            {icons[deed]}
            {t(`drive.do.${deed}`)}
          </MenuItem>
        ))}
      </Menu>
    </Popover>
  );
}
