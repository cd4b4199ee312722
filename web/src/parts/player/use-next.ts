import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { relatedQuery } from "#base/api/queries.ts";
import type { Video } from "#base/api/types.ts";
import { isTyping } from "#base/ui/fields/is-typing.ts";
import { useNextInList } from "#parts/playlists/playing.tsx";
import { useAutoplay } from "./autoplay.ts";

/** The video after the one that is watched. */
export interface Next {
  readonly video: Video | null;
  readonly related: readonly Video[];
  /** It begins by itself. In a playlist it always does. */
  readonly isAutomatic: boolean;
  /** In a playlist one video follows the other without a pause. */
  readonly isInstant: boolean;
  readonly go: () => void;
  readonly goTo: (video: Video) => void;
}

/** The next video of the playlist, or else the first of the related ones. The key `n` goes there. */
export function useNext(list: number | undefined, videoId: number): Next {
  const navigate = useNavigate();
  const inList = useNextInList(list, videoId);
  const isAutoplay = useAutoplay();
  const { data } = useQuery({ ...relatedQuery(videoId), enabled: videoId > 0 });
  const related = data?.list ?? [];
  const video = list === undefined ? (related[0] ?? null) : inList;
  const goTo = (target: Video) =>
    void navigate({
      to: "/watch/$id",
      params: { id: target.id },
      search: target.id === inList?.id && list !== undefined ? { list } : {},
    });
  const go = () => {
    if (video !== null) goTo(video);
  };
  const latest = useRef(go);
  latest.current = go;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "n" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      latest.current();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  const isInstant = list !== undefined;
  return { video, related, isAutomatic: isInstant || isAutoplay, isInstant, go, goTo };
}
