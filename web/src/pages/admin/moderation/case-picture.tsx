import { useQuery } from "@tanstack/react-query";
import { ListVideo, type LucideIcon, Mail, MessageSquare, Radio, User, VideoOff } from "lucide-react";
import { useTranslation } from "react-i18next";
import { videoQuery } from "#base/api/queries.ts";
import type { ModerationCase, Video } from "#base/api/types.ts";
import { formatDuration } from "#base/format/format.ts";
import { classNames } from "#base/ui/class-names.ts";
import { Cover } from "#base/ui/videos/cover.tsx";
import { LiveCover } from "#parts/live/live-card.tsx";
import { liveQuery } from "#parts/live/queries.ts";
import { storyboardQuery, tileAt } from "#parts/player/storyboard.ts";
import { momentOf } from "#parts/report/moment.ts";

/** Icons of cases without a picture. */
export const caseIcons: Record<ModerationCase["kind"], LucideIcon> = {
  video: VideoOff,
  comment: MessageSquare,
  danmaku: MessageSquare,
  user: User,
  message: Mail,
  playlist: ListVideo,
  live: Radio,
};
const boxClass = "relative block aspect-video w-full overflow-hidden rounded-lg bg-raised";

/** The picture of what a case is about: the room's, or the video's, at the moment of the comment where it has one. */
export function CasePicture({ item }: { item: ModerationCase }) {
  const videoId = item.kind === "video" ? item.thing_id : item.video_id;
  const { data: video } = useQuery({ ...videoQuery(videoId ?? 0), enabled: videoId !== null, retry: false });
  const Icon = caseIcons[item.kind];
  if (video !== undefined) return <VideoPicture video={video} atS={momentOf(item)} hasTitle={item.kind !== "video"} />;
  // A message, a list or a profile has no picture that would be missing.
  if (item.kind === "live") return <RoomPicture id={item.thing_id} />;
  if (videoId === null) return null;
  return (
    <div aria-hidden className="flex w-full flex-col gap-1.5">
      <span className={classNames(boxClass, "grid place-items-center text-soft")}>
        <Icon size={24} strokeWidth={1.5} />
      </span>
      {/* The room of the title. */}
      {item.kind !== "video" && <span className="h-4" />}
    </div>
  );
}

/** A room's picture, of its stream while that is open to all; none of a room that is not there for moderators. */
function RoomPicture({ id }: { id: number }) {
  const { data: live } = useQuery({ ...liveQuery(id), retry: false });
  return live === undefined ? null : <LiveCover live={live} className="w-full" />;
}

interface VideoPictureProps {
  video: Video;
  atS: number | null;
  /** Else the case itself is about the video, and names it. */
  hasTitle: boolean;
}

function VideoPicture({ video, atS, hasTitle }: VideoPictureProps) {
  const { t } = useTranslation();
  const { data: tiles = [] } = useQuery({
    ...storyboardQuery(video.hls_url),
    enabled: atS !== null && video.hls_url !== "",
  });
  const tile = atS === null || tiles.length === 0 ? null : tileAt(tiles, atS);
  return (
    <figure className="flex w-full flex-col gap-1.5">
      <span className={boxClass}>
        {tile === null ? (
          <Cover video={video} className="size-full" showDuration={atS === null} />
        ) : (
          <svg viewBox={`0 0 ${tile.width} ${tile.height}`} className="size-full" aria-hidden>
            <svg viewBox={`${tile.x} ${tile.y} ${tile.width} ${tile.height}`}>
              <image href={tile.url} />
            </svg>
          </svg>
        )}
        {atS !== null && (
          <span className="tabular absolute start-1.5 top-1.5 rounded bg-black/75 px-1.5 py-0.5 text-xs font-medium text-white">
            {t("cases.moment", { time: formatDuration(atS) })}
          </span>
        )}
      </span>
      {hasTitle && (
        <figcaption className="truncate text-xs text-soft">
          <bdi>{video.title}</bdi> · <bdi>{video.user.nickname || video.user.username}</bdi>
        </figcaption>
      )}
    </figure>
  );
}
