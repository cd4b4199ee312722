import { Link } from "@tanstack/react-router";
import { Ellipsis, Heart, Share2, Volume2, VolumeX } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "react-aria-components/Button";
import { useTranslation } from "react-i18next";
import type { Video } from "../api/types.ts";
import { formatCount } from "../format/format.ts";
import { Avatar } from "../ui/avatar.tsx";
import { useLike, useShare } from "../ui/use-video-actions.ts";

interface RailProps {
  video: Video;
  isMuted: boolean;
  onMute: () => void;
  onMore: () => void;
}

/** The actions on the video, in reach of a thumb. */
export function Rail({ video, isMuted, onMute, onMore }: RailProps) {
  const { t, i18n } = useTranslation();
  const like = useLike(video);
  const share = useShare(video);
  const count = formatCount(video.like_count, i18n.language);
  return (
    <div className="feed-rail z-10 flex w-14 flex-col items-center gap-3 text-white">
      <Link
        to="/@{$username}"
        params={{ username: video.user.username }}
        aria-label={video.user.nickname || video.user.username}
        className="mb-1 rounded-full"
      >
        <Avatar user={video.user} size="medium" className="border-2 border-white" />
      </Link>
      <RailButton label={t("action.like")} isOn={video.is_liked} onPress={() => like()} below={count}>
        <Heart size={26} aria-hidden className={video.is_liked ? "fill-accent text-accent" : "fill-white/20"} />
      </RailButton>
      <RailButton label={t("action.share")} onPress={share}>
        <Share2 size={24} aria-hidden />
      </RailButton>
      <RailButton label={isMuted ? t("feed.soundOn") : t("feed.mute")} onPress={onMute}>
        {isMuted ? <VolumeX size={24} aria-hidden /> : <Volume2 size={24} aria-hidden />}
      </RailButton>
      <RailButton label={t("action.more")} onPress={onMore}>
        <Ellipsis size={24} aria-hidden />
      </RailButton>
    </div>
  );
}

interface RailButtonProps {
  label: string;
  onPress: () => void;
  isOn?: boolean;
  below?: string;
  children: ReactNode;
}

function RailButton({ label, onPress, isOn, below, children }: RailButtonProps) {
  return (
    <div className="flex flex-col items-center">
      <Button
        aria-label={label}
        {...(isOn !== undefined && { "aria-pressed": isOn })}
        onPress={onPress}
        className="grid size-12 place-items-center rounded-full bg-black/35 transition-transform hover:bg-black/55 data-[pressed]:scale-85 sm:bg-white/12 sm:hover:bg-white/22"
      >
        {children}
      </Button>
      {below !== undefined && <span className="tabular text-shadow-video mt-0.5 text-xs font-semibold">{below}</span>}
    </div>
  );
}
