import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "#base/api/request/client.ts";
import type { Video } from "#base/api/types.ts";
import { useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { before, moveItem } from "./order.ts";
import { itemsChanged, itemsNow, showItems } from "./queries.ts";

/** Moves and removes videos of a playlist: here immediately, then on the server, one change after the other. */
export function useItemOrder(id: number) {
  const { t } = useTranslation();
  const text = useErrorText();
  const [announcement, setAnnouncement] = useState("");
  const sent = useRef<Promise<unknown>>(Promise.resolve());

  const send = (work: () => Promise<unknown>) => {
    sent.current = sent.current.then(work).catch((thrown: unknown) => {
      showToast(text(thrown));
      itemsChanged(id);
    });
  };
  const put = (video: Video | undefined, to: number) => {
    const videos = itemsNow(id);
    const from = videos.findIndex((row) => row.id === video?.id);
    const next = moveItem(videos, from, to);
    const place = Math.min(Math.max(0, to), videos.length - 1);
    if (video === undefined || from < 0 || place === from) return;
    showItems(id, next);
    setAnnouncement(t("playlist.movedTo", { title: video.title, place: place + 1, count: videos.length }));
    const after = before(next, place);
    send(() =>
      ask("video.moveInPlaylist", { path: { id, video: video.id }, body: after ? { after_id: after.id } : {} }),
    );
  };
  const remove = (video: Video) => {
    const videos = itemsNow(id);
    const from = videos.findIndex((row) => row.id === video.id);
    if (from < 0) return;
    const after = before(videos, from);
    showItems(id, videos.toSpliced(from, 1));
    send(() => ask("video.removeFromPlaylist", { path: { id, video: video.id } }));
    const undo = () => {
      showItems(id, videos);
      send(async () => {
        await ask("video.addToPlaylist", { path: { id }, body: { video_id: video.id } });
        const body = after ? { after_id: after.id } : {};
        await ask("video.moveInPlaylist", { path: { id, video: video.id }, body });
      });
    };
    showToast(t("playlist.removed", { title: video.title }), { name: t("action.undo"), run: undo });
  };
  return { announcement, put, remove };
}
