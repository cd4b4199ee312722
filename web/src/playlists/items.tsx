import { Link } from "@tanstack/react-router";
import { GripVertical, X } from "lucide-react";
import { type KeyboardEvent, type PointerEvent, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client.ts";
import type { Playlist, Video } from "../api/types.ts";
import { formatCount } from "../format/format.ts";
import { IconButton } from "../ui/button.tsx";
import { classNames } from "../ui/class-names.ts";
import { Cover } from "../ui/cover.tsx";
import { useErrorText } from "../ui/states.tsx";
import { showToast } from "../ui/toasts.tsx";
import { before, moved, placeAt } from "./order.ts";
import { itemsChanged, itemsNow, showItems } from "./queries.ts";

interface ItemsProps {
  playlist: Playlist;
  videos: readonly Video[];
  /** The one that is watched. */
  current?: number;
}

/** Where a row is dragged from, and where it would be put. */
interface Drag {
  readonly from: number;
  readonly to: number;
}

/** The videos of a playlist; their owner puts them in order by finger, mouse and keys. */
export function Items({ playlist, videos, current }: ItemsProps) {
  const { t } = useTranslation();
  const text = useErrorText();
  const list = useRef<HTMLOListElement>(null);
  const [drag, setDrag] = useState<Drag | null>(null);
  const [said, setSaid] = useState("");
  /** What is moved by keys. */
  const held = useRef<number | null>(null);
  /** Orders reach the server one after the other. */
  const told = useRef<Promise<unknown>>(Promise.resolve());
  const { id } = playlist;

  const tell = (work: () => Promise<unknown>) => {
    told.current = told.current.then(work).catch((thrown: unknown) => {
      showToast(text(thrown));
      itemsChanged(id);
    });
  };
  const put = (video: Video | undefined, to: number) => {
    const videos = itemsNow(id);
    const from = videos.findIndex((one) => one.id === video?.id);
    const next = moved(videos, from, to);
    const place = Math.min(Math.max(0, to), videos.length - 1);
    if (video === undefined || from < 0 || place === from) return;
    showItems(id, next);
    setSaid(t("playlist.movedTo", { title: video.title, place: place + 1, count: videos.length }));
    const after = before(next, place);
    tell(() =>
      ask("video.moveInPlaylist", { path: { id, video: video.id }, body: after ? { after_id: after.id } : {} }),
    );
  };
  const remove = (video: Video) => {
    const videos = itemsNow(id);
    const from = videos.findIndex((one) => one.id === video.id);
    if (from < 0) return;
    const after = before(videos, from);
    showItems(id, videos.toSpliced(from, 1));
    tell(() => ask("video.removeFromPlaylist", { path: { id, video: video.id } }));
    const undo = () => {
      showItems(id, videos);
      tell(async () => {
        await ask("video.addToPlaylist", { path: { id }, body: { video_id: video.id } });
        const body = after ? { after_id: after.id } : {};
        await ask("video.moveInPlaylist", { path: { id, video: video.id }, body });
      });
    };
    showToast(t("playlist.removed", { title: video.title }), { name: t("action.undo"), run: undo });
  };

  const onKey = (event: KeyboardEvent, video: Video) => {
    const videos = itemsNow(id);
    const from = videos.findIndex((one) => one.id === video.id);
    const to = { ArrowUp: from - 1, ArrowDown: from + 1, Home: 0, End: videos.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    held.current = video.id;
    put(video, to);
  };
  // A row that changes its place in the page loses the focus: it goes with the row.
  const order = videos.map((video) => video.id).join();
  useLayoutEffect(() => {
    list.current?.querySelector<HTMLElement>(`[data-move="${held.current}"]`)?.focus();
    held.current = null;
  }, [order]);
  const onDrag = (event: PointerEvent) => {
    if (drag === null || list.current === null) return;
    const middles = [...list.current.children].map((row) => {
      const { top, height } = row.getBoundingClientRect();
      return top + height / 2;
    });
    setDrag({ from: drag.from, to: placeAt(middles, drag.from, event.clientY) });
  };
  const onDrop = () => {
    if (drag !== null) put(videos[drag.from], drag.to);
    setDrag(null);
  };
  return (
    <>
      <p role="status" className="sr-only">
        {said}
      </p>
      <ol ref={list} className="flex flex-col">
        {videos.map((video, place) => (
          <li
            key={video.id}
            aria-current={video.id === current || undefined}
            className={classNames(
              "flex items-center gap-1 rounded-lg border-y-2 border-transparent py-1.5",
              video.id === current && "bg-raised",
              drag?.from === place && "opacity-50",
              drag !== null &&
                drag.to === place &&
                (drag.to < drag.from ? "border-t-accent" : drag.to > drag.from ? "border-b-accent" : ""),
            )}
          >
            {playlist.is_mine && (
              <button
                type="button"
                data-move={video.id}
                aria-label={t("playlist.move", { title: video.title, place: place + 1, count: videos.length })}
                className="grid size-11 shrink-0 cursor-grab touch-none place-items-center rounded-full text-soft hover:bg-raised hover:text-ink active:cursor-grabbing"
                onKeyDown={(event) => onKey(event, video)}
                onPointerDown={(event) => {
                  event.currentTarget.setPointerCapture(event.pointerId);
                  setDrag({ from: place, to: place });
                }}
                onPointerMove={onDrag}
                onPointerUp={onDrop}
                onPointerCancel={() => setDrag(null)}
              >
                <GripVertical size={18} aria-hidden />
              </button>
            )}
            <Item video={video} playlistId={id} isCurrent={video.id === current} />
            {playlist.is_mine && (
              <IconButton label={t("playlist.remove", { title: video.title })} onPress={() => remove(video)}>
                <X size={18} aria-hidden />
              </IconButton>
            )}
          </li>
        ))}
      </ol>
    </>
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
