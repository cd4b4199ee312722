import { Check, EllipsisVertical, Link2 } from "lucide-react";
import {
  type ComponentProps,
  type CSSProperties,
  type HTMLAttributes,
  type KeyboardEvent,
  type ReactNode,
  useRef,
} from "react";
import { useTranslation } from "react-i18next";
import { formatAgo, formatDate, formatSize } from "#base/format/format.ts";
import { classNames } from "#base/ui/class-names.ts";
import type { Listed } from "../entries/entries.ts";
import { Thumbnail, ThumbnailIcon } from "../entries/entry-icon.tsx";

interface ViewProps {
  entry: Listed;
  isChosen: boolean;
  /** Something is chosen: pressing an entry chooses it too. */
  isChoosing: boolean;
  tabIndex: number;
  onToggle: () => void;
  onMenu: ((entry: Listed, at: HTMLElement) => void) | undefined;
  onFocus: () => void;
  renaming: ((name: string | null) => void) | undefined;
  note: ReactNode;
  /** Else it has its icon alone. */
  hasThumbnail: boolean;
  handlers: HTMLAttributes<HTMLElement>;
}

const chosenClass = "bg-accent/15! ring-1 ring-accent-strong ring-inset";

/** A line of the list. */
export function EntryRow({ entry, row, style, ...view }: ViewProps & { row: number; style: CSSProperties }) {
  const { t, i18n } = useTranslation();
  return (
    <div
      role="row"
      aria-rowindex={row + 1}
      aria-selected={view.isChosen}
      data-id={entry.id}
      data-name={entry.name}
      tabIndex={view.tabIndex}
      onFocus={view.onFocus}
      {...view.handlers}
      style={style}
      className={classNames(
        // The content of a row begins at the page's edge, and its colour outside of that.
        "group absolute -inset-x-2 flex cursor-default items-center gap-2 rounded-lg px-2 hover:bg-raised/60 md:gap-3",
        view.isChosen && chosenClass,
      )}
    >
      <span role="gridcell" className="flex min-w-0 flex-1 items-center gap-3">
        <span data-solid className="relative block h-10 w-14 shrink-0">
          <Picture entry={entry} iconSize={22} hasThumbnail={view.hasThumbnail} />
          <span className={classNames("absolute top-0 start-0", !view.isChoosing && "max-sm:hidden")}>
            <Tick {...view} name={entry.name} className="size-7" />
          </span>
        </span>
        {view.renaming === undefined ? (
          <span data-solid className="min-w-0">
            <span className="flex items-center gap-1.5">
              <span className="truncate font-medium" title={entry.name}>
                {entry.name}
              </span>
              {entry.is_shared === true && (
                <Link2 size={14} role="img" aria-label={t("drive.shared")} className="shrink-0 text-soft" />
              )}
            </span>
            <span className="block truncate text-xs text-soft md:hidden">
              {view.note ?? <When entry={entry} />}
              {entry.kind !== "folder" && ` · ${formatSize(entry.size, i18n.language)}`}
            </span>
          </span>
        ) : (
          <NameField name={entry.name} isFolder={entry.kind === "folder"} onDone={view.renaming} />
        )}
      </span>
      <span role="gridcell" className="hidden w-44 shrink-0 truncate text-soft md:block">
        {view.note ?? <When entry={entry} />}
      </span>
      <span role="gridcell" className="tabular hidden w-20 shrink-0 text-end text-soft md:block">
        {entry.kind === "folder" ? "–" : formatSize(entry.size, i18n.language)}
      </span>
      <span role="gridcell" className="shrink-0">
        <More entry={entry} onMenu={view.onMenu} />
      </span>
    </div>
  );
}

interface TileProps extends ViewProps {
  width: number;
  gap: number;
}

/** A tile of the grid. */
export function EntryTile({ entry, width, gap, ...view }: TileProps) {
  const { t, i18n } = useTranslation();
  return (
    <div
      role="gridcell"
      aria-selected={view.isChosen}
      aria-labelledby={`tile-${entry.id}`}
      data-id={entry.id}
      data-name={entry.name}
      data-solid
      tabIndex={view.tabIndex}
      onFocus={view.onFocus}
      {...view.handlers}
      style={{ width, marginRight: gap }}
      className={classNames(
        "group relative flex shrink-0 cursor-default flex-col gap-1 rounded-xl p-2 hover:bg-raised/60",
        view.isChosen && chosenClass,
      )}
    >
      <div className="relative min-h-0 flex-1">
        <Picture entry={entry} iconSize={40} hasThumbnail={view.hasThumbnail} showDuration={entry.is_shared !== true} />
        <span className="absolute top-0 start-0">
          <Tick {...view} name={entry.name} className="size-9" />
        </span>
        {entry.is_shared === true && (
          <span className="absolute end-1.5 bottom-1.5 grid size-6 place-items-center rounded-full bg-page/85">
            <Link2 size={14} role="img" aria-label={t("drive.shared")} />
          </span>
        )}
      </div>
      <div className="flex h-11 shrink-0 items-center">
        {view.renaming === undefined ? (
          <span id={`tile-${entry.id}`} className="min-w-0 flex-1 ps-1">
            <span className="block truncate font-medium" title={entry.name}>
              {entry.name}
            </span>
            <span className="block truncate text-xs text-soft">
              {view.note ?? (entry.kind === "folder" ? t("drive.folder") : formatSize(entry.size, i18n.language))}
            </span>
          </span>
        ) : (
          <NameField name={entry.name} isFolder={entry.kind === "folder"} onDone={view.renaming} />
        )}
        <More entry={entry} onMenu={view.onMenu} />
      </div>
    </div>
  );
}

function Picture({ hasThumbnail, ...props }: ComponentProps<typeof Thumbnail> & { hasThumbnail: boolean }) {
  return hasThumbnail && props.entry.kind !== "folder" ? <Thumbnail {...props} /> : <ThumbnailIcon {...props} />;
}

function When({ entry }: { entry: Listed }) {
  const { i18n } = useTranslation();
  const changedMs = Date.parse(entry.changed_at);
  return (
    <time dateTime={entry.changed_at} title={formatDate(changedMs, i18n.language)}>
      {formatAgo(changedMs, Date.now(), i18n.language)}
    </time>
  );
}

/**
 * The mark of what is chosen, over the picture so that nothing moves when it appears; it can be pressed with a mouse, the
 * keyboard has the space bar.
 */
function Tick({
  isChosen,
  isChoosing,
  onToggle,
  name,
  className,
}: Omit<ViewProps, "entry"> & { name: string; className: string }) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={t("drive.select", { name })}
      aria-pressed={isChosen}
      onClick={onToggle}
      className={classNames(
        "grid place-items-center transition-opacity",
        className,
        !isChosen && !isChoosing && "opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100",
      )}
    >
      <span
        className={classNames(
          "grid size-5 place-items-center rounded-md border-2",
          isChosen ? "border-accent-strong bg-accent-strong text-page" : "border-soft bg-page/70",
        )}
      >
        {isChosen && <Check size={14} strokeWidth={3} aria-hidden />}
      </span>
    </button>
  );
}

function More({ entry, onMenu }: Pick<ViewProps, "onMenu"> & { entry: Listed }) {
  const { t } = useTranslation();
  if (onMenu === undefined) return null;
  return (
    <button
      type="button"
      data-more
      tabIndex={-1}
      aria-label={t("drive.moreOf", { name: entry.name })}
      aria-haspopup="menu"
      onClick={(event) => onMenu(entry, event.currentTarget)}
      className="grid size-11 place-items-center rounded-full text-soft hover:bg-raised hover:text-ink"
    >
      <EllipsisVertical size={18} aria-hidden />
    </button>
  );
}

interface NameFieldProps {
  name: string;
  isFolder: boolean;
  onDone: (name: string | null) => void;
}

/** The name while it is changed: Enter keeps it, Escape does not, leaving keeps it. */
function NameField({ name, isFolder, onDone }: NameFieldProps) {
  const { t } = useTranslation();
  const isOver = useRef(false);
  const end = (given: string | null) => {
    if (isOver.current) return;
    isOver.current = true;
    const newName = given?.trim() ?? "";
    onDone(newName === "" || newName === name ? null : newName);
  };
  const keys = (event: KeyboardEvent<HTMLInputElement>) => {
    event.stopPropagation();
    if (event.key === "Enter") end(event.currentTarget.value);
    if (event.key === "Escape") end(null);
  };
  return (
    <input
      aria-label={t("drive.newName", { name })}
      defaultValue={name}
      maxLength={255}
      autoFocus
      className="min-h-9 w-full min-w-0 flex-1 rounded-lg border border-accent-strong bg-surface px-2 text-sm select-text"
      onFocus={(event) => {
        const dot = name.lastIndexOf(".");
        event.currentTarget.setSelectionRange(0, isFolder || dot <= 0 ? name.length : dot);
      }}
      onKeyDown={keys}
      onBlur={(event) => end(event.currentTarget.value)}
    />
  );
}
