import { useNavigate } from "@tanstack/react-router";
import {
  Bookmark,
  Download,
  Flag,
  FolderHeart,
  HardDriveDownload,
  Heart,
  ListPlus,
  Pencil,
  Share2,
} from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { invalidate } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { Video } from "#base/api/types.ts";
import { formatCount } from "#base/format/format.ts";
import { BareButton } from "#base/ui/buttons/bare-button.tsx";
import { classNames } from "#base/ui/class-names.ts";
import { lazySheet } from "#base/ui/loading/lazy-part.tsx";
import { MoreMenu } from "#base/ui/menus/more-menu.tsx";
import { useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { useDownload } from "#base/ui/videos/download-link.tsx";
import { useFavorite, useLike } from "#base/ui/videos/use-video-actions.ts";
import { useSaveToPlaylist } from "#parts/playlists/use-save-to-playlist.tsx";
import { useReport } from "#parts/report/use-report.tsx";
import { useShareVideo } from "#parts/share/use-share-video.tsx";

const ChooseFolder = lazySheet(() => import("#parts/favorites/choose-folder.tsx"), "ChooseFolder");

const pillClass =
  "inline-flex min-h-11 min-w-0 items-center justify-center gap-2 rounded-full bg-raised px-4 font-semibold whitespace-nowrap transition-colors hover:bg-strong pointer-fine:min-h-9 pointer-fine:px-3.5 max-sm:flex-1 [&>svg]:shrink-0";

/** Like, save, share, and behind three dots all that is rarely done with a video. */
export function VideoActions({ video, timeS }: { video: Video; timeS: () => number }) {
  const { t, i18n } = useTranslation();
  const like = useLike(video);
  const { share, sheet } = useShareVideo(video, timeS);
  const favorite = useFavorite(video);
  return (
    <div className="flex gap-2 max-sm:w-full">
      <span className={classNames(pillClass, "relative")}>
        <BareButton
          aria-label={t("action.like")}
          aria-pressed={video.is_liked}
          onPress={() => like()}
          className="rounded-full after:absolute after:inset-0 after:rounded-full"
        >
          <Heart size={20} aria-hidden className={video.is_liked ? "fill-accent text-accent" : ""} />
        </BareButton>
        <span className="tabular">{formatCount(video.like_count, i18n.language)}</span>
      </span>
      <Pill label={t("favorite.keep")} isOn={video.is_favorited} onPress={favorite}>
        <Bookmark size={20} aria-hidden className={video.is_favorited ? "fill-current" : ""} />
        {t("favorite.keep")}
      </Pill>
      <Pill label={t("action.share")} onPress={share}>
        <Share2 size={18} aria-hidden />
        {t("action.share")}
      </Pill>
      <RareActions video={video} />
      {sheet}
    </div>
  );
}

interface PillProps {
  label: string;
  isOn?: boolean;
  onPress: () => void;
  children: ReactNode;
}

function Pill({ label, isOn, onPress, children }: PillProps) {
  return (
    <BareButton
      aria-label={label}
      {...(isOn !== undefined && { "aria-pressed": isOn })}
      onPress={onPress}
      className={classNames(pillClass, "active:scale-[0.98]")}
    >
      {children}
    </BareButton>
  );
}

function RareActions({ video }: { video: Video }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { report, sheet: reportSheet } = useReport({ kind: "video", id: video.id });
  const { save, sheet: playlistSheet } = useSaveToPlaylist(video);
  const [isChoosing, setChoosing] = useState(false);
  const download = useDownload(video);
  const saveToDrive = useSaveToDrive(video);
  const icon = { size: 18, "aria-hidden": true } as const;
  return (
    <>
      <MoreMenu
        label={t("action.more")}
        className={classNames(pillClass, "px-0! max-sm:max-w-14 sm:aspect-square")}
        actions={[
          { id: "playlist", text: t("playlist.save"), icon: <ListPlus {...icon} />, run: save },
          video.is_favorited && {
            id: "folder",
            text: t("folder.choose"),
            icon: <FolderHeart {...icon} />,
            run: () => setChoosing(true),
          },
          download && { id: "download", text: t("action.download"), icon: <Download {...icon} />, run: download },
          video.is_mine && {
            id: "drive",
            text: t("watch.save"),
            icon: <HardDriveDownload {...icon} />,
            run: saveToDrive,
          },
          video.is_mine && {
            id: "edit",
            text: t("action.edit"),
            icon: <Pencil {...icon} />,
            run: () => void navigate({ to: "/studio", search: { edit: video.id } }),
          },
          !video.is_mine && { id: "report", text: t("action.report"), icon: <Flag {...icon} />, run: report },
        ]}
      />
      {reportSheet}
      {playlistSheet}
      {isChoosing && <ChooseFolder video={video} onClose={() => setChoosing(false)} />}
    </>
  );
}

/** Makes a file in the drive of one's own video, without sending it again. */
function useSaveToDrive(video: Video): () => void {
  const { t } = useTranslation();
  const text = useErrorText();
  const navigate = useNavigate();
  const save = async () => {
    try {
      const { name } = await ask("drive.fromMedia", { body: { media_id: video.media_id } });
      void invalidate(keyOf("drive"));
      showToast(t("watch.saved", { name }), {
        name: t("nav.drive"),
        run: () => void navigate({ to: "/drive", search: {} }),
      });
    } catch (thrown) {
      showToast(text(thrown));
    }
  };
  return () => void save();
}
