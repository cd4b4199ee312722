import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { RotateCcw, Trash2, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { formatRemaining } from "../format/format.ts";
import { useTitle } from "../shell/use-title.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { ErrorState, State } from "../ui/states.tsx";
import { useDriveActions } from "./actions.ts";
import { ConfirmSheet } from "./confirm-sheet.tsx";
import { BasketDrawing } from "./drawings.tsx";
import { DriveFrame } from "./drive-frame.tsx";
import { type Listed, listQuery, usageQuery } from "./entries.ts";
import { EntryList } from "./entry-list.tsx";
import { EntryMenu } from "./entry-menu.tsx";
import { ListSkeleton } from "./list-skeleton.tsx";
import { nothing, pruned } from "./selection.ts";

const daySeconds = 86_400;

/** What was thrown away, until it goes for good. */
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
  const { t, i18n } = useTranslation();
  const actions = useDriveActions();
  const list = useInfiniteQuery(listQuery({ kind: "trash" }));
  const usage = useQuery(usageQuery);
  const [chosen, setSelection] = useState(nothing);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [menu, setMenu] = useState<{ at: HTMLElement; entries: readonly Listed[] } | null>(null);
  const entries = list.data?.pages.flatMap((page) => page.list) ?? [];
  const selection = pruned(
    chosen,
    entries.map(({ id }) => id),
  );
  const selected = entries.filter(({ id }) => selection.chosen.has(id));
  const keptSeconds = usage.data?.trash_kept ?? 0;
  const days = Math.round(keptSeconds / daySeconds);
  const remove = (what: readonly Listed[]) => what.length > 0 && setAsked({ what: "remove", entries: what });
  /** How long it is still there. */
  const left = (entry: Listed) => {
    const goneMs = Date.parse(entry.trashed_at ?? "") + keptSeconds * 1_000;
    const seconds = (goneMs - Date.now()) / 1_000;
    if (!Number.isFinite(seconds) || keptSeconds === 0) return "";
    if (seconds < daySeconds) return t("drive.trash.left", { time: formatRemaining(seconds, i18n.language) });
    return t("drive.trash.days", { count: Math.ceil(seconds / daySeconds) });
  };
  return (
    <>
      <div className="sticky top-0 z-20 mt-2 flex min-h-14 items-center gap-2 bg-page max-sm:top-14">
        {selected.length > 0 ? (
          <>
            <IconButton label={t("drive.clear")} onPress={() => setSelection(nothing)}>
              <X size={20} aria-hidden />
            </IconButton>
            <p role="status" className="min-w-0 flex-1 truncate font-medium">
              {t("drive.chosen", { count: selected.length })}
            </p>
            <IconButton label={t("drive.do.restore")} onPress={() => void actions.restore(selected)}>
              <RotateCcw size={20} aria-hidden />
            </IconButton>
            <IconButton label={t("drive.do.remove")} onPress={() => remove(selected)}>
              <Trash2 size={20} aria-hidden />
            </IconButton>
          </>
        ) : (
          <>
            <p className="min-w-0 flex-1 text-soft">{days > 0 && t("drive.trash.text", { count: days })}</p>
            {entries.length > 0 && (
              <Button look="danger" onPress={() => setAsked({ what: "empty" })}>
                {t("drive.trash.empty")}
              </Button>
            )}
          </>
        )}
      </div>
      {list.isPending ? (
        <ListSkeleton view="list" />
      ) : list.isError && list.data === undefined ? (
        <ErrorState error={list.error} isRetrying={list.isFetching} onRetry={() => void list.refetch()} />
      ) : entries.length === 0 ? (
        <State drawing={<BasketDrawing />} title={t("drive.trash.none.title")} text={t("drive.trash.none.text")} />
      ) : (
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
          onMenu={(entry, at) => setMenu({ at, entries: selection.chosen.has(entry.id) ? selected : [entry] })}
          onKey={(event) => {
            if (event.key !== "Delete") return false;
            remove(selected);
            return true;
          }}
          note={left}
          hasMore={list.hasNextPage}
          onMore={() => {
            if (!list.isFetchingNextPage && !list.isFetchNextPageError) void list.fetchNextPage();
          }}
        />
      )}
      {menu !== null && (
        <EntryMenu
          at={menu.at}
          deeds={["restore", "remove"]}
          onDeed={(deed) => void (deed === "restore" ? actions.restore(menu.entries) : remove(menu.entries))}
          onClose={() => setMenu(null)}
        />
      )}
      {asked?.what === "remove" && (
        <ConfirmSheet
          title={t("drive.remove.title", { count: asked.entries.length })}
          text={t("drive.remove.text")}
          action={t("drive.do.remove")}
          onConfirm={() => void actions.remove(asked.entries)}
          onClose={() => setAsked(null)}
        />
      )}
      {asked?.what === "empty" && (
        <ConfirmSheet
          title={t("drive.trash.ask")}
          text={t("drive.remove.text")}
          action={t("drive.trash.empty")}
          onConfirm={() => void actions.emptyTrash(entries)}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}
