import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { ListVideo, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import type { Playlist, User } from "#base/api/types.ts";
import { formatCount } from "#base/format/format.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { VisibilityBadge } from "#base/ui/fields/visibility.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { ShelfDrawing } from "#base/ui/states/illustrations.tsx";
import { LoadMore } from "#base/ui/states/load-more.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { ErrorState, State } from "#base/ui/states/states.tsx";
import { Cover } from "#base/ui/videos/cover.tsx";
import { PlaylistForm } from "./playlist-form.tsx";
import { headQuery, playlistsOfQuery, useHidden } from "./queries.ts";

const gridClass = "grid grid-cols-2 gap-x-3 gap-y-5 sm:gap-x-4 lg:grid-cols-3 xl:grid-cols-4";

/** A user's playlists; one's own with the way to make another. */
export function PlaylistCards({ user }: { user: User }) {
  const { t } = useTranslation();
  const me = useMe();
  const isMine = me?.id === user.id;
  const hidden = useHidden();
  const query = useInfiniteQuery(playlistsOfQuery(user.id));
  const playlists = query.data?.pages.flatMap((page) => page.list).filter(({ id }) => !hidden.has(id)) ?? [];
  if (query.isPending)
    return (
      <div className={gridClass} aria-busy>
        {[0, 1, 2].map((place) => (
          <Skeleton key={place} className="aspect-video" />
        ))}
      </div>
    );
  if (query.isError && query.data === undefined)
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (playlists.length === 0)
    return (
      <State
        isPart
        drawing={<ShelfDrawing />}
        title={t("playlists.empty.title")}
        text={t(isMine ? "playlists.emptyMine.text" : "playlists.empty.text", { name: user.nickname || user.username })}
      >
        {isMine && <NewPlaylist look="main" />}
      </State>
    );
  return (
    <>
      {isMine && (
        <div className="mb-4">
          <NewPlaylist />
        </div>
      )}
      <ul className={gridClass}>
        {playlists.map((playlist) => (
          <li key={playlist.id}>
            <Card playlist={playlist} />
          </li>
        ))}
      </ul>
      <LoadMore query={query} className="mt-6" />
    </>
  );
}

function Card({ playlist }: { playlist: Playlist }) {
  const { t, i18n } = useTranslation();
  const head = useQuery(headQuery(playlist.id));
  const { first = null, total = 0 } = head.data ?? {};
  return (
    <Link to="/playlist/$id" params={{ id: playlist.id }} className="group block rounded-lg">
      <span className="relative block">
        {first === null ? (
          <span className="grid aspect-video place-items-center rounded-lg bg-raised text-soft">
            <ListVideo size={28} strokeWidth={1.5} aria-hidden />
          </span>
        ) : (
          <Cover video={first} showDuration={false} className="aspect-video" />
        )}
        <span className="tabular absolute end-1.5 bottom-1.5 inline-flex items-center gap-1 rounded bg-black/75 px-1.5 py-0.5 text-xs font-medium text-white">
          <ListVideo size={14} aria-hidden />
          {head.isSuccess ? t("count.videos", { count: total, formatted: formatCount(total, i18n.language) }) : "…"}
        </span>
      </span>
      <span className="mt-2 line-clamp-2 font-medium group-hover:underline">{playlist.title}</span>
      {playlist.visibility !== "public" && (
        <span className="mt-0.5 block text-xs text-soft">
          <VisibilityBadge visibility={playlist.visibility} />
        </span>
      )}
    </Link>
  );
}

function NewPlaylist({ look = "plain" }: { look?: "main" | "plain" }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button look={look} onPress={() => setOpen(true)}>
        <Plus size={18} aria-hidden />
        {t("playlist.new")}
      </Button>
      <Sheet title={t("playlist.new")} isOpen={isOpen} onClose={() => setOpen(false)}>
        <PlaylistForm
          onCancel={() => setOpen(false)}
          onDone={({ id }) => void navigate({ to: "/playlist/$id", params: { id } })}
        />
      </Sheet>
    </>
  );
}
