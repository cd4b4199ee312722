import { useInfiniteQuery } from "@tanstack/react-query";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import { Button, IconButton } from "#base/ui/buttons/button.tsx";
import { chipClass } from "#base/ui/buttons/chips.ts";
import { classNames } from "#base/ui/class-names.ts";
import { undoMs } from "#base/ui/sheets/deleting.ts";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { LoadMore } from "#base/ui/states/load-more.tsx";
import { useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { Private } from "./choose-folder.tsx";
import { FolderForm } from "./folder-form.tsx";
import { deleteLater, foldersQuery, useHidden } from "./queries.ts";

interface FoldersProps {
  userId: number;
  /** The one that is looked into; `null` for all. */
  current: number | null;
  onCurrent: (id: number | null) => void;
}

const allId = "folder-all";

/** A user's folders of favourites; one's own are made, changed and deleted here. */
export function Folders({ userId, current, onCurrent }: FoldersProps) {
  const { t } = useTranslation();
  const text = useErrorText();
  const isMine = useMe()?.id === userId;
  const hidden = useHidden();
  const query = useInfiniteQuery(foldersQuery(userId));
  const [sheet, setSheet] = useState<"new" | "edit" | null>(null);
  const folders = (query.data?.pages.flatMap((page) => page.list) ?? []).filter(({ id }) => !hidden.has(id));
  const folder = folders.find(({ id }) => id === current);
  // For a private list the videos say so.
  if (query.data === undefined || (folders.length === 0 && !isMine)) return null;
  const remove = (id: number, name: string) => {
    const undo = deleteLater(id, (thrown) => showToast(text(thrown)));
    onCurrent(null);
    showToast(t("folder.deleted", { name }), { name: t("action.undo"), run: undo }, undoMs - 200, {
      focusAfter: () => document.getElementById(allId),
    });
  };
  const close = () => setSheet(null);
  return (
    <div className="mb-5 flex flex-col gap-3">
      <div role="group" aria-label={t("folder.all")} className="flex flex-wrap items-center gap-2">
        {[{ id: null, name: t("folder.everything"), is_public: true, video_count: null }, ...folders].map((choice) => (
          <button
            key={choice.id}
            type="button"
            aria-pressed={choice.id === current}
            {...(choice.id === null && { id: allId })}
            onClick={() => onCurrent(choice.id)}
            className={classNames(chipClass(choice.id === current), "max-w-full")}
          >
            <span className="truncate">{choice.name}</span>
            {choice.video_count !== null && <span className="tabular text-xs opacity-75">{choice.video_count}</span>}
            {!choice.is_public && <Private />}
          </button>
        ))}
        {isMine && folder && (
          <span className="flex">
            <IconButton label={t("folder.edit", { name: folder.name })} onPress={() => setSheet("edit")}>
              <Pencil size={18} aria-hidden />
            </IconButton>
            <IconButton
              label={t("folder.delete", { name: folder.name })}
              onPress={() => remove(folder.id, folder.name)}
            >
              <Trash2 size={18} aria-hidden />
            </IconButton>
          </span>
        )}
        {isMine && (
          <Button look="ghost" className="rounded-full!" onPress={() => setSheet("new")}>
            <Plus size={18} aria-hidden />
            {t("folder.new")}
          </Button>
        )}
      </div>
      <LoadMore query={query} />
      <Sheet
        title={sheet === "edit" ? t("folder.edit", { name: folder?.name ?? "" }) : t("folder.new")}
        isOpen={sheet !== null}
        onClose={close}
      >
        <FolderForm
          {...(sheet === "edit" && folder && { folder })}
          onCancel={close}
          onDone={({ id }) => {
            onCurrent(id);
            close();
          }}
        />
      </Sheet>
    </div>
  );
}
