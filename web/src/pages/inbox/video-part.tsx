import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Film } from "lucide-react";
import { useTranslation } from "react-i18next";
import { videoQuery } from "#base/api/queries.ts";
import { formatLength } from "#base/format/format.ts";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { Cover } from "#base/ui/videos/cover.tsx";

const cardClass =
  "flex h-28 w-64 max-w-full items-center gap-3 rounded-2xl border border-line bg-page p-2 text-sm text-ink";

/** A video that was sent: its picture, title and author, and the way to it. It is as high before they are known. */
export function VideoPart({ videoId }: { videoId: number }) {
  const { t } = useTranslation();
  const { data: video, isError } = useQuery(videoQuery(videoId));
  if (isError && video === undefined)
    return (
      <p className={`${cardClass} text-soft`}>
        <Film size={20} aria-hidden className="ms-2 shrink-0" />
        {t("chat.video.missing")}
      </p>
    );
  return (
    <Link to="/watch/$id" params={{ id: videoId }} className={`${cardClass} hover:bg-surface`}>
      {video === undefined ? (
        <Skeleton className="h-24 w-16 shrink-0" />
      ) : (
        <>
          <Cover video={video} showDuration={false} className="h-24 w-16 shrink-0" />
          <span className="min-w-0 flex-1">
            <span className="line-clamp-2 font-semibold whitespace-normal">
              <bdi>{video.title}</bdi>
            </span>
            <span className="mt-0.5 flex text-xs text-soft">
              <bdi className="truncate">{video.user.nickname || video.user.username}</bdi>
              <span className="tabular shrink-0">&nbsp;· {formatLength(video.duration)}</span>
            </span>
          </span>
        </>
      )}
    </Link>
  );
}
