import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { ExternalLink } from "lucide-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { videoQuery } from "../api/queries.ts";
import { Player } from "../player/player.tsx";
import { useTitle } from "../shell/use-title.ts";
import { useErrorText } from "../ui/states.tsx";

/** The player alone, for frames on other sites; its title leads to the whole page. */
export function EmbedPage() {
  const { t } = useTranslation();
  const text = useErrorText();
  const { id } = useParams({ from: "/embed/$id" });
  const video = useQuery({ ...videoQuery(id), enabled: id > 0 });
  const seek = useRef<((seconds: number) => void) | null>(null);
  const time = useRef(0);
  useTitle(video.data?.title);
  const page = `/watch/${id}`;
  if (video.data === undefined)
    return (
      <p role="status" className="grid h-dvh place-items-center bg-black p-4 text-center text-white">
        {video.isPending && id > 0 ? t("embed.loading") : video.isError ? text(video.error) : t("watch.missing.title")}
      </p>
    );
  return (
    <div className="embed relative h-dvh overflow-hidden bg-black">
      <Player
        video={video.data}
        source="embed"
        ratio={video.data.width / video.data.height || 16 / 9}
        onLike={() => window.open(page, "_blank", "noopener")}
        onHelp={() => undefined}
        seek={seek}
        time={time}
        onChapter={() => undefined}
      />
      <a
        href={page}
        target="_blank"
        rel="noopener"
        className="text-shadow-video absolute top-2 end-3 flex min-h-11 max-w-[70%] items-center gap-1.5 text-sm font-semibold text-white hover:underline"
      >
        <span className="truncate">{video.data.title}</span>
        <ExternalLink size={14} aria-hidden className="shrink-0" />
      </a>
    </div>
  );
}
