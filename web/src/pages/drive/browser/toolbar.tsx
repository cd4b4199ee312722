import {
  ArrowDownUp,
  ClipboardPaste,
  Download,
  EllipsisVertical,
  FolderInput,
  FolderPlus,
  Info,
  LayoutGrid,
  Link2,
  List,
  Trash2,
  X,
} from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { Menu, MenuItem } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "#base/ui/buttons/button.tsx";
import type { Listed, Order, Sort } from "../entries/entries.ts";
import type { Deed } from "../entries/entry-menu.tsx";
import { changeView, useView } from "../list/use-view.ts";
import { UploadButton } from "../transfer/upload-button.tsx";

interface ToolbarProps {
  /** The folder for new entries. */
  folderId: number | null;
  isSorted: boolean;
  selected: readonly Listed[];
  canPaste: boolean;
  onPaste: () => void;
  onNewFolder: () => void;
  onDeed: (deed: Deed) => void;
  onMenu: (at: HTMLElement) => void;
  onClear: () => void;
  onDetails: () => void;
}

/** The actions of the place; while entries are selected, the actions on them. */
export function Toolbar(props: ToolbarProps) {
  const { t } = useTranslation();
  const { view } = useView();
  const more = useRef<HTMLSpanElement>(null);
  const { selected, onDeed } = props;
  const deedButton = (name: Deed, icon: ReactNode) => (
    <IconButton label={t(`drive.do.${name}`)} onPress={() => onDeed(name)}>
      {icon}
    </IconButton>
  );
  return (
    <div className="sticky top-0 z-20 -mx-2 flex min-h-14 items-center gap-1 bg-page px-2 max-sm:top-14">
      {selected.length > 0 ? (
        <>
          <IconButton label={t("drive.clear")} onPress={props.onClear}>
            <X size={20} aria-hidden />
          </IconButton>
          <p role="status" className="tabular min-w-0 flex-1 truncate font-medium">
            {t("drive.chosen", { count: selected.length })}
          </p>
          {deedButton("download", <Download size={20} aria-hidden />)}
          {selected.length === 1 && (
            <span className="max-[400px]:hidden">{deedButton("share", <Link2 size={20} aria-hidden />)}</span>
          )}
          <span className="max-sm:hidden">{deedButton("move", <FolderInput size={20} aria-hidden />)}</span>
          {deedButton("trash", <Trash2 size={20} aria-hidden />)}
          <span ref={more}>
            <IconButton label={t("action.more")} onPress={() => more.current !== null && props.onMenu(more.current)}>
              <EllipsisVertical size={20} aria-hidden />
            </IconButton>
          </span>
        </>
      ) : (
        <>
          <UploadButton folderId={props.folderId} />
          <Button onPress={props.onNewFolder} className="max-sm:w-11 max-sm:px-0!">
            <FolderPlus size={18} aria-hidden />
            <span className="max-sm:sr-only">{t("drive.newFolder")}</span>
          </Button>
          {props.canPaste && (
            <Button onPress={props.onPaste}>
              <ClipboardPaste size={18} aria-hidden />
              {t("drive.paste")}
            </Button>
          )}
          <span className="flex-1" />
          {props.isSorted && <SortMenu />}
          <IconButton
            label={view === "list" ? t("drive.asGrid") : t("drive.asList")}
            onPress={() => changeView({ view: view === "list" ? "grid" : "list" })}
          >
            {view === "list" ? <LayoutGrid size={20} aria-hidden /> : <List size={20} aria-hidden />}
          </IconButton>
          <span className="hidden lg2:block">
            <IconButton label={t("drive.do.details")} onPress={props.onDetails}>
              <Info size={20} aria-hidden />
            </IconButton>
          </span>
        </>
      )}
    </div>
  );
}

const sorts: readonly { sort: Sort; order: Order }[] = (["name", "date", "size"] as const).flatMap((sort) =>
  (["asc", "desc"] as const).map((order) => ({ sort, order })),
);

function SortMenu() {
  const { t } = useTranslation();
  const looks = useView();
  const [isOpen, setOpen] = useState(false);
  const at = useRef<HTMLSpanElement>(null);
  return (
    <>
      <span ref={at}>
        <Button look="ghost" onPress={() => setOpen(true)} aria-haspopup="menu" className="max-sm:w-11 max-sm:px-0!">
          <ArrowDownUp size={18} aria-hidden />
          <span className="max-sm:sr-only">{t(`drive.sort.${looks.sort}.${looks.order}`)}</span>
        </Button>
      </span>
      <Popover
        triggerRef={at}
        isOpen={isOpen}
        onOpenChange={setOpen}
        placement="bottom end"
        className="min-w-52 rounded-xl border border-line bg-surface p-1 shadow-2xl outline-none"
      >
        <Menu
          aria-label={t("drive.sort")}
          selectionMode="single"
          selectedKeys={[`${looks.sort}.${looks.order}`]}
          autoFocus="first"
          className="outline-none"
          onAction={(key) => {
            const chosen = sorts.find(({ sort, order }) => key === `${sort}.${order}`);
            if (chosen !== undefined) changeView(chosen);
            setOpen(false);
          }}
        >
          {sorts.map(({ sort, order }) => (
            <MenuItem
              key={`${sort}.${order}`}
              id={`${sort}.${order}`}
              className="flex min-h-11 cursor-pointer items-center rounded-lg px-3 outline-none data-[focused]:bg-raised data-[selected]:font-semibold data-[selected]:text-link"
            >
              {t(`drive.sort.${sort}.${order}`)}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </>
  );
}
