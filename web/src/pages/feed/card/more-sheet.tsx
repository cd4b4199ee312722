import { Link } from "@tanstack/react-router";
import { Download, Hash, Info, Link2, SlidersHorizontal, SquarePlay, ThumbsDown, UserMinus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import type { FeedVideo } from "#base/api/types.ts";
import { SpeedPills } from "#base/ui/buttons/speed-pills.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { DownloadLink } from "#base/ui/videos/download-link.tsx";
import { useCopyLink } from "#base/ui/videos/use-video-actions.ts";
import {
  type Setting,
  SettingPages,
  useCaptionsSetting,
  useQualitySetting,
} from "#parts/player/controls/setting-pages.tsx";
import { ReportButton } from "#parts/report/report-button.tsx";
import { type Hidden, tagToHide } from "./hidden.ts";
import { reasonText } from "./reason.ts";
import {
  captionsIn,
  chooseCaptionLanguage,
  chooseMostPx,
  qualityAt,
  useCaptionLanguage,
  useMostPx,
  useWatchedTracks,
} from "./track-choices.ts";
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
  return (
    <Sheet title={t("action.more")} isOpen onClose={onClose}>
      <SettingPages settings={useTrackSettings()} rowClass={rowClass}>
        {(rows) => (
          <>
            <Actions {...{ video, onClose }} />
            <div className="mt-2 border-t border-line pt-2">
              {rows}
              <div className="mt-2">
                <SpeedPills rate={rate} onRate={onRate} />
              </div>
            </div>
            <Why {...{ video, onClose }} />
          </>
        )}
      </SettingPages>
    </Sheet>
  );
}

/** The reason for the video, with the way to what the feed is made of. */
function Why({ video, onClose }: Pick<MoreSheetProps, "video" | "onClose">) {
  const { t } = useTranslation();
  const me = useMe();
  const { key, values } = reasonText(video);
  return (
    <div className="mt-5 border-t border-line pt-4">
      <p className="flex gap-3 text-soft">
        <Info size={20} aria-hidden className="shrink-0" />
        <span>
          <span className="block font-medium text-ink">{t("feed.why")}</span>
          {t(key, values)}
        </span>
      </p>
      {me != null && (
        <Link to="/your-feed" className={`${rowClass} mt-1`} onClick={onClose}>
          <SlidersHorizontal size={20} aria-hidden />
          {t("nav.yourFeed")}
        </Link>
      )}
    </div>
  );
}

/** Quality and captions, where the watched video has a choice of them. */
function useTrackSettings(): Setting[] {
  const { qualities, captions, heightPx } = useWatchedTracks();
  const quality = qualityAt(qualities, useMostPx());
  const caption = captionsIn(captions, useCaptionLanguage());
  const settings = [
    useQualitySetting({
      qualities,
      quality: quality?.index ?? null,
      heightPx,
      chooseQuality: (index) =>
        chooseMostPx(qualities.find((candidate) => candidate.index === index)?.heightPx ?? null),
    }),
    useCaptionsSetting({
      captions,
      caption: caption?.index ?? null,
      chooseCaptions: (index) =>
        chooseCaptionLanguage(captions.find((candidate) => candidate.index === index)?.language ?? null),
    }),
  ];
  const counts = [qualities.length - 1, captions.length];
  return settings.filter((_setting, place) => (counts[place] ?? 0) > 0);
}

/** Actions on the video. */
function Actions({ video, onClose }: Pick<MoreSheetProps, "video" | "onClose">) {
  const { t } = useTranslation();
  const copy = useCopyLink(video);
  const me = useMe();
  const hideVideo = useNotInterested(video);
  const tag = tagToHide(video);
  const hide = (hidden: Hidden) => {
    onClose();
    hideVideo(hidden);
  };
  return (
    <>
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
          <button type="button" className={rowClass} onClick={() => hide({ scope: "video" })}>
            <ThumbsDown size={20} aria-hidden />
            {t("feed.notInterested")}
          </button>
          <button type="button" className={rowClass} onClick={() => hide({ scope: "author" })}>
            <UserMinus size={20} aria-hidden />
            {t("feed.lessOfAuthor")}
          </button>
          {tag !== undefined && (
            <button type="button" className={rowClass} onClick={() => hide({ scope: "tag", tag })}>
              <Hash size={20} aria-hidden />
              <bdi className="min-w-0 truncate">{t("feed.lessOfTag", { tag })}</bdi>
            </button>
          )}
        </>
      )}
      {!video.is_mine && <ReportButton thing={{ kind: "video", id: video.id }} className={rowClass} />}
    </>
  );
}
