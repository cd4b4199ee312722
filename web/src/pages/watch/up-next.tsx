import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Switch } from "react-aria-components/Switch";
import { useTranslation } from "react-i18next";
import { relatedQuery } from "#base/api/queries.ts";
import type { Video } from "#base/api/types.ts";
import { SwitchKnob } from "#base/ui/buttons/switch-knob.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { Cover } from "#base/ui/videos/cover.tsx";
import { ViewsAndAge } from "#base/ui/videos/video-card.tsx";
import { setAutoplay, useAutoplay } from "#parts/player/autoplay.ts";

interface UpNextProps {
  videoId: number;
  /** A playlist says what comes next: these are additions. */
  isInPlaylist: boolean;
}

/**
 * The next video and related ones, beside the player or under it. It is an addition: if none can be loaded, nothing is
 * said.
 */
export function UpNext({ videoId, isInPlaylist }: UpNextProps) {
  const { t } = useTranslation();
  const { data, isPending, isError } = useQuery(relatedQuery(videoId));
  const videos = data?.list ?? [];
  if ((isError && data === undefined) || (!isPending && videos.length === 0)) return null;
  return (
    <section aria-labelledby="up-next" className="px-4 sm:px-0">
      <div className="mb-2 flex min-h-9 items-center">
        <h2 id="up-next" className="flex-1 text-base font-semibold">
          {isInPlaylist ? t("watch.related") : t("watch.upNext")}
        </h2>
        <AutoplaySwitch />
      </div>
      <ul className="-mx-1.5 flex flex-col">
        {isPending
          ? [0, 1, 2, 3, 4].map((place) => <RowSkeleton key={place} />)
          : videos.map((video, place) => <Row key={video.id} video={video} isNext={place === 0 && !isInPlaylist} />)}
      </ul>
    </section>
  );
}

function AutoplaySwitch() {
  const { t } = useTranslation();
  const isOn = useAutoplay();
  return (
    <Switch
      isSelected={isOn}
      onChange={setAutoplay}
      className="group flex min-h-11 cursor-pointer items-center gap-2.5 font-medium text-soft pointer-fine:min-h-9"
    >
      {t("watch.autoplay")}
      <SwitchKnob />
    </Switch>
  );
}

function Row({ video, isNext }: { video: Video; isNext: boolean }) {
  return (
    <li>
      <Link
        to="/watch/$id"
        params={{ id: video.id }}
        className={`group flex gap-3 rounded-xl p-1.5 ${isNext ? "bg-surface" : ""}`}
      >
        <Cover video={video} className="aspect-video w-38 shrink-0" />
        <span className="min-w-0 flex-1">
          <span className="line-clamp-2 font-semibold group-hover:underline">
            <bdi>{video.title}</bdi>
          </span>
          <span className="mt-0.5 block truncate text-xs text-soft">
            <bdi>{video.user.nickname || video.user.username}</bdi>
          </span>
          <span className="block text-xs text-soft">
            <ViewsAndAge video={video} />
          </span>
        </span>
      </Link>
    </li>
  );
}

function RowSkeleton() {
  return (
    <li className="flex gap-3 p-1.5" aria-hidden>
      <Skeleton className="aspect-video w-38 shrink-0" />
      <div className="flex flex-1 flex-col gap-2 pt-1">
        <Skeleton className="h-4 w-full" />
        <Skeleton className="h-3 w-20" />
      </div>
    </li>
  );
}
