import { useInfiniteQuery } from "@tanstack/react-query";
import { Check, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import { ask } from "#base/api/request/client.ts";
import type { Playlist, User, Video } from "#base/api/types.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { VisibilityIcon } from "#base/ui/fields/visibility.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { LoadMore } from "#base/ui/states/load-more.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { ErrorState, useErrorText } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { PlaylistForm } from "./playlist-form.tsx";
import { itemsChanged, playlistsOfQuery, useHidden } from "./queries.ts";

/** Puts a video into one's own playlists and takes it out again. */
export function SaveToPlaylist({ video, onClose }: { video: Video; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <Sheet title={t("playlist.saveTo")} isOpen={me !== null} onClose={onClose}>
      {me == null ? <Waiting /> : <Choices me={me} video={video} />}
    </Sheet>
  );
}

const Waiting = () => <Skeleton className="h-24" />;

function Choices({ me, video }: { me: User; video: Video }) {
  const { t } = useTranslation();
  const text = useErrorText();
  const hidden = useHidden();
  const query = useInfiniteQuery(playlistsOfQuery(me.id));
  const [isNew, setNew] = useState(false);
  const playlists = query.data?.pages.flatMap((page) => page.list).filter(({ id }) => !hidden.has(id)) ?? [];
  const [added, setAdded] = useState<number | null>(null);
  if (query.isPending) return <Waiting />;
  if (query.isError && query.data === undefined)
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (isNew)
    return (
      <PlaylistForm
        onCancel={() => setNew(false)}
        onDone={(created) => {
          setNew(false);
          setAdded(created.id);
          ask("video.addToPlaylist", { path: { id: created.id }, body: { video_id: video.id } }).then(
            () => showToast(t("playlist.added", { title: created.title })),
            (thrown: unknown) => {
              setAdded(null);
              showToast(text(thrown));
            },
          );
        }}
      />
    );
  return (
    <>
      {playlists.length === 0 && <p className="mb-3 text-soft">{t("playlist.save.none")}</p>}
      <ul className="flex flex-col">
        {playlists.map((playlist) => (
          <ChoiceRow
            key={`${playlist.id} ${playlist.id === added}`}
            playlist={playlist}
            video={video}
            isNew={playlist.id === added}
          />
        ))}
      </ul>
      <LoadMore query={query} />
      <Button className="mt-3 w-full" onPress={() => setNew(true)}>
        <Plus size={18} aria-hidden />
        {t("playlist.new")}
      </Button>
    </>
  );
}

function ChoiceRow({ playlist, video, isNew }: { playlist: Playlist; video: Video; isNew: boolean }) {
  const { t } = useTranslation();
  const [isIn, setIn] = useState(isNew);
  const { id, title } = playlist;
  const toggle = useAction(
    async () => {
      setIn(!isIn);
      if (isIn) await ask("video.removeFromPlaylist", { path: { id, video: video.id } });
      else {
        const { added } = await ask("video.addToPlaylist", { path: { id }, body: { video_id: video.id } });
        showToast(t(added ? "playlist.added" : "playlist.inAlready", { title }));
      }
      itemsChanged(id);
    },
    { failure: "toast", onFailure: () => setIn(isIn) },
  );
  return (
    <li>
      <Button
        look="ghost"
        aria-pressed={isIn}
        autoFocus={isNew}
        className="w-full justify-start! text-start! font-medium!"
        onPress={() => void toggle.run()}
      >
        <span className="grid size-5 shrink-0 place-items-center rounded border-2 border-soft">
          {isIn && <Check size={14} strokeWidth={3} aria-hidden />}
        </span>
        <span className="min-w-0 flex-1 truncate">{title}</span>
        {playlist.visibility !== "public" && <VisibilityIcon visibility={playlist.visibility} />}
      </Button>
    </li>
  );
}
