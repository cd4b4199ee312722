import { useInfiniteQuery } from "@tanstack/react-query";
import { ChevronDown, Globe, ListPlus, Trash2, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Playlist, User, Visibility } from "#base/api/types.ts";
import { BareButton } from "#base/ui/buttons/bare-button.tsx";
import { Button as OwnButton, IconButton } from "#base/ui/buttons/button.tsx";
import { visibilities } from "#base/ui/fields/visibilities.ts";
import { VisibilityIcon } from "#base/ui/fields/visibility.tsx";
import { MoreMenu } from "#base/ui/menus/more-menu.tsx";
import { undoMs } from "#base/ui/sheets/deleting.ts";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { LoadMore } from "#base/ui/states/load-more.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { itemsChanged, playlistsOfQuery } from "#parts/playlists/queries.ts";
import { deleteAllLater } from "./deletion.ts";
import { changeMany } from "./own-videos.ts";
import { SelectBox, type Selection } from "./selection.tsx";

const changedMax = 100;
const action =
  "inline-flex min-h-9 shrink-0 items-center gap-2 rounded-lg bg-page/15 px-3 text-sm font-semibold whitespace-nowrap hover:bg-page/25 active:bg-page/25";

/** Actions on the selected videos; they take the filter line's place. */
export function SelectionBar({ me, selection, all }: { me: User; selection: Selection; all: readonly number[] }) {
  const { t } = useTranslation();
  const [isAdding, setAdding] = useState(false);
  const count = Math.min(selection.ids.size, changedMax);
  const isNone = count === 0;

  const { setVisibility, add, remove } = useChanges(selection);
  const isAll = count > 0 && count >= Math.min(all.length, changedMax);
  return (
    <div
      role="toolbar"
      aria-label={t("studio.selected", { count })}
      className="flex min-h-12 items-center gap-2 rounded-xl bg-ink px-1 text-page"
    >
      <SelectBox
        label={t("studio.selectAll")}
        isSelected={isAll}
        isPartial={count > 0 && !isAll}
        onChange={() => (isAll ? selection.selectAll([]) : selection.selectAll(all.slice(0, changedMax)))}
      />
      <span className="me-auto text-sm font-semibold whitespace-nowrap">{t("studio.selected", { count })}</span>
      {!isNone && (
        <>
          <MoreMenu
            label={t("my.visibility")}
            className={action}
            actions={visibilities
              // A password and a rule are set for one video at a time.
              .filter((option) => option !== "password" && option !== "gated")
              .map((option) => ({
                id: option,
                text: t(`visibility.${option}`),
                icon: <VisibilityIcon visibility={option} size={18} />,
                run: () => setVisibility(option),
              }))}
          >
            <Globe size={16} aria-hidden />
            <span className="max-sm:sr-only">{t("my.visibility")}</span>
            <ChevronDown size={16} aria-hidden className="max-sm:hidden" />
          </MoreMenu>
          <BareButton className={action} onPress={() => setAdding(true)}>
            <ListPlus size={16} aria-hidden />
            <span className="max-sm:sr-only">{t("studio.addTo")}</span>
          </BareButton>
          <BareButton className={action} onPress={remove}>
            <Trash2 size={16} aria-hidden />
            <span className="max-sm:sr-only">{t("studio.delete")}</span>
          </BareButton>
        </>
      )}
      <IconButton label={t("studio.selectNone")} className="hover:bg-page/15" onPress={selection.clear}>
        <X size={18} aria-hidden />
      </IconButton>
      <Sheet title={t("playlist.saveTo")} isOpen={isAdding} onClose={() => setAdding(false)}>
        <PlaylistChoice
          me={me}
          onChoose={(playlist) => {
            setAdding(false);
            add(playlist);
          }}
        />
      </Sheet>
    </div>
  );
}

/** Changes of the selected videos. */
function useChanges(selection: Selection) {
  const { t } = useTranslation();
  const text = useErrorText();
  const ids = [...selection.ids].slice(0, changedMax);
  const change = async (wanted: Parameters<typeof changeMany>[1], said: (count: number) => string) => {
    try {
      const { done, failed } = await changeMany(ids, wanted);
      const [first] = failed;
      if (done.length > 0) showToast(said(done.length));
      if (first !== undefined)
        showToast(
          `${t("studio.failedSome", { count: failed.length })} ${text({ code: first.error })}`,
          undefined,
          8000,
        );
      selection.clear();
    } catch (thrown) {
      showToast(text(thrown));
    }
  };
  const setVisibility = (visibility: Visibility) =>
    void change({ visibility }, (done) =>
      t("studio.visibilityChanged", { count: done, visibility: t(`visibility.${visibility}`) }),
    );
  const add = ({ id, title }: Playlist) => {
    void change({ playlist_id: id }, () => t("playlist.added", { title })).then(() => itemsChanged(id));
  };
  const remove = () => {
    const undo = deleteAllLater(ids, (thrown) =>
      showToast(`${t("studio.deleteFailed")} ${text(thrown)}`, undefined, 8000),
    );
    showToast(t("studio.deleted", { count: ids.length }), { name: t("action.undo"), run: undo }, undoMs - 200);
    selection.clear();
  };
  return { setVisibility, add, remove };
}

function PlaylistChoice({ me, onChoose }: { me: User; onChoose: (playlist: Playlist) => void }) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(playlistsOfQuery(me.id));
  const playlists = query.data?.pages.flatMap((page) => page.list) ?? [];
  return (
    <>
      {query.isPending && <Skeleton className="h-24" />}
      {query.isSuccess && playlists.length === 0 && <p className="text-soft">{t("playlist.save.none")}</p>}
      <ul className="flex flex-col">
        {playlists.map((playlist) => (
          <li key={playlist.id}>
            <OwnButton
              look="ghost"
              className="w-full justify-start! text-start! font-medium!"
              onPress={() => onChoose(playlist)}
            >
              <span className="min-w-0 flex-1 truncate">{playlist.title}</span>
              {playlist.visibility !== "public" && <VisibilityIcon visibility={playlist.visibility} />}
            </OwnButton>
          </li>
        ))}
      </ul>
      <LoadMore query={query} />
    </>
  );
}
