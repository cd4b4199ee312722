import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { RotateCcw, Trash2, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { formatRemaining } from "#base/format/format.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { Button, IconButton } from "#base/ui/buttons/button.tsx";
import { ConfirmSheet } from "#base/ui/sheets/confirm-sheet.tsx";
import { State } from "#base/ui/states/states.tsx";
import { useDriveActions } from "./browser/actions.ts";
import { DriveFrame } from "./drive-frame.tsx";
import { BasketDrawing } from "./entries/drawings.tsx";
import { type Listed, listQuery, usageQuery } from "./entries/entries.ts";
import { EntryMenu } from "./entries/entry-menu.tsx";
import { EntryList } from "./list/entry-list.tsx";
import { EntryPages } from "./list/entry-pages.tsx";
import { nothing } from "./list/selection.ts";
import { useSelectable } from "./list/use-selectable.ts";

const daySeconds = 86_400;

/** Deleted entries, until they are removed permanently. */
export function TrashPage() {
  const { t } = useTranslation();
  useTitle(t("drive.trash"));
  return (
    <DriveFrame>
      <Trash />
    </DriveFrame>
  );
}

type Asked = { what: "remove"; entries: readonly Listed[] } | { what: "empty" };

function Trash() {
  const { t } = useTranslation();
  const actions = useDriveActions();
  const list = useInfiniteQuery(listQuery({ kind: "trash" }));
  const { entries, selection, setSelection, selected, fetchMore, withChosen } = useSelectable(list);
  const timeLeft = useTimeLeft();
  const [question, setAsked] = useState<Asked | null>(null);
  const [menu, setMenu] = useState<{ at: HTMLElement; entries: readonly Listed[] } | null>(null);
  const remove = (what: readonly Listed[]) => what.length > 0 && setAsked({ what: "remove", entries: what });
  return (
    <>
      <div className="sticky top-0 z-20 mt-2 flex min-h-14 items-center gap-2 bg-page max-sm:top-14">
        {selected.length > 0 ? (
          <ChosenBar
            count={selected.length}
            onClear={() => setSelection(nothing)}
            onRestore={() => void actions.restore(selected)}
            onRemove={() => remove(selected)}
          />
        ) : (
          <TrashBar isEmpty={entries.length === 0} onEmpty={() => setAsked({ what: "empty" })} />
        )}
      </div>
      <EntryPages
        list={list}
        view="list"
        none={
          <State drawing={<BasketDrawing />} title={t("drive.trash.none.title")} text={t("drive.trash.none.text")} />
        }
      >
        <EntryList
          label={t("drive.trash")}
          entries={entries}
          view="list"
          selection={selection}
          onSelection={setSelection}
          onOpen={(entry) => {
            const at = document.querySelector<HTMLElement>(`[data-id="${entry.id}"]`);
            if (at !== null) setMenu({ at, entries: [entry] });
          }}
          onMenu={(entry, at) => setMenu({ at, entries: withChosen(entry) })}
          onKey={(event) => {
            if (event.key !== "Delete") return false;
            remove(selected);
            return true;
          }}
          note={timeLeft}
          hasThumbnails={false}
          hasMore={list.hasNextPage}
          onMore={fetchMore}
        />
      </EntryPages>
      {menu !== null && (
        <EntryMenu
          at={menu.at}
          deeds={["restore", "remove"]}
          onDeed={(deed) => void (deed === "restore" ? actions.restore(menu.entries) : remove(menu.entries))}
          onClose={() => setMenu(null)}
        />
      )}
      {question !== null && <Confirm asked={question} entries={entries} onClose={() => setAsked(null)} />}
    </>
  );
}

/** How long an entry is still there, as a text. */
function useTimeLeft() {
  const { t, i18n } = useTranslation();
  const usage = useQuery(usageQuery);
  const keptSeconds = usage.data?.trash_kept ?? 0;
  return (entry: Listed) => {
    const deletedAtMs = Date.parse(entry.trashed_at ?? "") + keptSeconds * 1_000;
    const seconds = (deletedAtMs - Date.now()) / 1_000;
    if (!Number.isFinite(seconds) || keptSeconds === 0) return "";
    if (seconds < daySeconds) return t("drive.trash.left", { time: formatRemaining(seconds, i18n.language) });
    return t("drive.trash.days", { count: Math.ceil(seconds / daySeconds) });
  };
}

interface ChosenBarProps {
  count: number;
  onClear: () => void;
  onRestore: () => void;
  onRemove: () => void;
}

/** The actions on the selected entries. */
function ChosenBar({ count, onClear, onRestore, onRemove }: ChosenBarProps) {
  const { t } = useTranslation();
  return (
    <>
      <IconButton label={t("drive.clear")} onPress={onClear}>
        <X size={20} aria-hidden />
      </IconButton>
      <p role="status" className="min-w-0 flex-1 truncate font-medium">
        {t("drive.chosen", { count })}
      </p>
      <IconButton label={t("drive.do.restore")} onPress={onRestore}>
        <RotateCcw size={20} aria-hidden />
      </IconButton>
      <IconButton label={t("drive.do.remove")} onPress={onRemove}>
        <Trash2 size={20} aria-hidden />
      </IconButton>
    </>
  );
}

/** How long entries are kept, and the way to empty the trash. */
function TrashBar({ isEmpty, onEmpty }: { isEmpty: boolean; onEmpty: () => void }) {
  const { t } = useTranslation();
  const usage = useQuery(usageQuery);
  const days = Math.round((usage.data?.trash_kept ?? 0) / daySeconds);
  return (
    <>
      <p className="min-w-0 flex-1 text-soft">{days > 0 && t("drive.trash.text", { count: days })}</p>
      {!isEmpty && (
        <Button look="danger" onPress={onEmpty}>
          {t("drive.trash.empty")}
        </Button>
      )}
    </>
  );
}

/** Asks before entries are deleted, as that cannot be undone. */
function Confirm({
  asked: question,
  entries,
  onClose,
}: {
  asked: Asked;
  entries: readonly Listed[];
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const actions = useDriveActions();
  if (question.what === "remove")
    return (
      <ConfirmSheet
        title={t("drive.remove.title", { count: question.entries.length })}
        text={t("drive.remove.text")}
        action={t("drive.do.remove")}
        onConfirm={() => void actions.remove(question.entries)}
        onClose={onClose}
      />
    );
  return (
    <ConfirmSheet
      title={t("drive.trash.ask")}
      text={t("drive.remove.text")}
      action={t("drive.trash.empty")}
      onConfirm={() => void actions.emptyTrash(entries)}
      onClose={onClose}
    />
  );
}
