import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Operations } from "#base/api/types.ts";
import { formatRemaining } from "#base/format/format.ts";
import { Cover } from "#base/ui/videos/cover.tsx";

/** Videos that the viewer began to watch, in cards that leave the first third of the page to new ones. */
export function ContinueRow({ videos }: { videos: Operations["interaction.continueWatching"]["answer"]["list"] }) {
  const { t, i18n } = useTranslation();
  if (videos.length === 0) return null;
  return (
    <section aria-labelledby="continue-watching">
      <div className="mb-1.5 flex items-center justify-between">
        <h2 id="continue-watching" className="text-base font-semibold">
          {t("explore.continue")}
        </h2>
        <Link to="/history" className="-my-2 inline-flex min-h-11 items-center font-medium text-soft hover:text-ink">
          {t("nav.history")}
        </Link>
      </div>
      <ul className="-mx-4 flex gap-3 overflow-x-auto px-4 [scrollbar-width:none] sm:mx-0 sm:gap-4 sm:px-0">
        {videos.map((video) => (
          <li key={video.id} className="w-72 shrink-0 sm:w-auto sm:max-w-[22rem] sm:min-w-70 sm:flex-1">
            <Link
              to="/watch/$id"
              params={{ id: video.id }}
              className="group flex h-20 items-center gap-3 rounded-xl bg-surface p-2"
            >
              <span className="relative w-28 shrink-0 overflow-hidden rounded-lg">
                <Cover video={video} showDuration={false} className="aspect-video" />
                <span className="absolute inset-x-0 bottom-0 h-0.75 bg-white/35">
                  <span
                    className="block h-full bg-accent"
                    style={{ width: `${(100 * video.position) / (video.duration || 1)}%` }}
                  />
                </span>
              </span>
              <span className="min-w-0">
                <span className="line-clamp-2 font-semibold group-hover:underline">
                  <bdi>{video.title}</bdi>
                </span>
                <span className="block truncate text-xs text-soft">
                  {t("explore.left", { time: formatRemaining(video.duration - video.position, i18n.language) })} ·{" "}
                  <bdi>{video.user.nickname || video.user.username}</bdi>
                </span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
