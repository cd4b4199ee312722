import { Link } from "@tanstack/react-router";
import { GripVertical, X } from "lucide-react";
import { type HTMLAttributes, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Playlist, Video } from "#base/api/types.ts";
import { formatCount } from "#base/format/format.ts";
import { IconButton } from "#base/ui/buttons/button.tsx";
import { classNames } from "#base/ui/class-names.ts";
import { Cover } from "#base/ui/videos/cover.tsx";
import { useItemOrder } from "./use-item-order.ts";
import { useMoveByKey, useRowDrag } from "./use-row-moves.ts";

interface ItemsProps {
  playlist: Playlist;
  videos: readonly Video[];
  /** The one that is watched. */
  current?: number;
}

/** The videos of a playlist; their owner puts them in order by finger, mouse and keys. */
export function Items({ playlist, videos, current }: ItemsProps) {
  const list = useRef<HTMLOListElement>(null);
  const { announcement, put, remove } = useItemOrder(playlist.id);
  const moveByKey = useMoveByKey(list, playlist.id, videos, put);
  const drag = useRowDrag(list, (from, to) => put(videos[from], to));
  return (
    <>
      <p role="status" className="sr-only">
        {announcement}
      </p>
      <ol ref={list} className="flex flex-col">
        {videos.map((video, place) => (
          <li
            key={video.id}
            aria-current={video.id === current || undefined}
            className={classNames(
              "flex items-center gap-1 rounded-lg border-y-2 border-transparent py-1.5",
              video.id === current && "bg-raised",
              drag.isDragged(place) && "opacity-50",
              drag.edgeOf(place) === "above" && "border-t-accent",
              drag.edgeOf(place) === "below" && "border-b-accent",
            )}
          >
            {playlist.is_mine && (
              <MoveButton
                {...{ video, place }}
                count={videos.length}
                onKeyDown={(event) => moveByKey(event, video)}
                {...drag.handlersOf(place)}
              />
            )}
            <Item video={video} playlistId={playlist.id} isCurrent={video.id === current} />
            {playlist.is_mine && <RemoveButton video={video} onRemove={remove} />}
          </li>
        ))}
      </ol>
    </>
  );
}

interface MoveButtonProps extends HTMLAttributes<HTMLButtonElement> {
  video: Video;
  place: number;
  count: number;
}

function MoveButton({ video, place, count, ...handlers }: MoveButtonProps) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      data-move={video.id}
      aria-label={t("playlist.move", { title: video.title, place: place + 1, count })}
      className="grid size-11 shrink-0 cursor-grab touch-none place-items-center rounded-full text-soft hover:bg-raised hover:text-ink active:cursor-grabbing"
      {...handlers}
    >
      <GripVertical size={18} aria-hidden />
    </button>
  );
}

function RemoveButton({ video, onRemove }: { video: Video; onRemove: (video: Video) => void }) {
  const { t } = useTranslation();
  return (
    <IconButton label={t("playlist.remove", { title: video.title })} onPress={() => onRemove(video)}>
      <X size={18} aria-hidden />
    </IconButton>
  );
}

function Item({ video, playlistId, isCurrent }: { video: Video; playlistId: number; isCurrent: boolean }) {
  const { t, i18n } = useTranslation();
  const formatted = formatCount(video.play_count, i18n.language);
  return (
    <Link
      to="/watch/$id"
      params={{ id: video.id }}
      search={{ list: playlistId }}
      {...(isCurrent && { "aria-current": "true" as const })}
      className="group flex min-w-0 flex-1 items-center gap-3 rounded-lg"
    >
      <Cover video={video} className="aspect-video w-28 shrink-0 sm:w-32" />
      <span className="min-w-0">
        <span className="line-clamp-2 font-medium group-hover:underline">{video.title}</span>
        <span className="mt-0.5 block truncate text-xs text-soft">
          {video.user.nickname || video.user.username} · {t("count.views", { count: video.play_count, formatted })}
        </span>
      </span>
    </Link>
  );
}
