import { Link } from "@tanstack/react-router";
import { Download, Info, Link2, SquarePlay, ThumbsDown, UserMinus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useMe } from "../api/queries.ts";
import type { FeedVideo } from "../api/types.ts";
import { ReportButton } from "../moderation/report-button.tsx";
import { SpeedPills } from "../ui/speed-pills.tsx";
import { DownloadLink } from "../ui/download-link.tsx";
import { Sheet } from "../ui/sheet.tsx";
import { useCopyLink } from "../ui/use-video-actions.ts";
import { useNotInterested } from "./use-not-interested.ts";

interface MoreSheetProps {
  video: FeedVideo;
  rate: number;
  onRate: (rate: number) => void;
  onClose: () => void;
}

const rowClass =
  "-mx-2 flex min-h-12 w-[calc(100%+1rem)] items-center gap-3 rounded-lg px-2 text-start text-base hover:bg-raised";

export function MoreSheet({ video, rate, onRate, onClose }: MoreSheetProps) {
  const { t } = useTranslation();
  const copy = useCopyLink(video);
  const me = useMe();
  const hideVideo = useNotInterested(video);
  const hide = (scope: "video" | "author") => {
    onClose();
    hideVideo(scope);
  };
  return (
    <Sheet title={t("action.more")} isOpen onClose={onClose}>
      <Link to="/watch/$id" params={{ id: video.id }} className={rowClass} onClick={onClose}>
        <SquarePlay size={20} aria-hidden />
        {t("feed.openPage")}
      </Link>
      <button
        type="button"
        className={rowClass}
        onClick={() => {
          copy();
          onClose();
        }}
      >
        <Link2 size={20} aria-hidden />
        {t("action.copyLink")}
      </button>
      <DownloadLink video={video} className={rowClass} onPress={onClose}>
        <Download size={20} aria-hidden />
        {t("action.download")}
      </DownloadLink>
      {!video.is_mine && me != null && (
        <>
          <button type="button" className={rowClass} onClick={() => hide("video")}>
            <ThumbsDown size={20} aria-hidden />
            {t("feed.notInterested")}
          </button>
          <button type="button" className={rowClass} onClick={() => hide("author")}>
            <UserMinus size={20} aria-hidden />
            {t("feed.lessOfAuthor")}
          </button>
        </>
      )}
      {!video.is_mine && <ReportButton thing={{ kind: "video", id: video.id }} className={rowClass} />}
      <div className="mt-3">
        <SpeedPills rate={rate} onRate={onRate} />
      </div>
      <p className="mt-5 flex gap-3 border-t border-line pt-4 text-soft">
        <Info size={20} aria-hidden className="shrink-0" />
        <span>
          <span className="block font-medium text-ink">{t("feed.why")}</span>
          {t(`feed.reason.${video.reason}`)}
        </span>
      </p>
    </Sheet>
  );
}
