import { Link } from "@tanstack/react-router";
import { Bookmark, Check, Clock, Ellipsis, Heart, MessageCircle, Plus, Share2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import type { Video } from "#base/api/types.ts";
import { formatCount } from "#base/format/format.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { useFollow, useRequested } from "#base/ui/accounts/follow-button.tsx";
import { BareButton } from "#base/ui/buttons/bare-button.tsx";
import { useFavorite, useLike } from "#base/ui/videos/use-video-actions.ts";
import { useShareVideo } from "#parts/share/use-share-video.tsx";

interface RailProps {
  video: Video;
  onComments: () => void;
  onMore: () => void;
}

/** The actions on the video, in reach of a thumb. */
export function Rail({ video, onComments, onMore }: RailProps) {
  const { t, i18n } = useTranslation();
  const like = useLike(video);
  const favorite = useFavorite(video);
  const { share, sheet } = useShareVideo(video);
  const count = (number: number) => (number > 0 ? formatCount(number, i18n.language) : "");
  return (
    <div className="feed-rail feed-words z-10 flex w-12 flex-col items-center gap-3.5 text-white">
      <Author video={video} />
      <RailButton label={t("action.like")} isOn={video.is_liked} onPress={() => like()} below={count(video.like_count)}>
        <Heart
          size={30}
          aria-hidden
          className={video.is_liked ? "animate-pop fill-accent text-accent" : "fill-black/10"}
        />
      </RailButton>
      <RailButton label={t("comments.heading")} onPress={onComments} below={count(video.comment_count)}>
        <MessageCircle size={30} aria-hidden className="-scale-x-100 fill-black/10" />
      </RailButton>
      <RailButton
        label={t("favorite.keep")}
        isOn={video.is_favorited}
        onPress={favorite}
        below={count(video.favorite_count)}
      >
        <Bookmark size={29} aria-hidden className={video.is_favorited ? "fill-white" : "fill-black/10"} />
      </RailButton>
      <RailButton label={t("action.share")} onPress={share} below={count(video.share_count)}>
        <Share2 size={28} aria-hidden />
      </RailButton>
      <RailButton label={t("action.more")} onPress={onMore}>
        <Ellipsis size={28} aria-hidden />
      </RailButton>
      {sheet}
    </div>
  );
}

/** The author's picture, with the way to follow them until one does. */
function Author({ video }: { video: Video }) {
  const { t } = useTranslation();
  const me = useMe();
  const { user } = video;
  const follow = useFollow(user);
  const isRequested = useRequested(user);
  const isOn = user.is_followed || isRequested;
  // One that was followed here says so until the card is left.
  const [isNew, setNew] = useState(false);
  const canFollow = me !== undefined && me?.id !== user.id && (!isOn || isNew);
  return (
    <div className="relative mb-2.5">
      <Link
        to="/@{$username}"
        params={{ username: user.username }}
        aria-label={user.nickname || user.username}
        className="block rounded-full"
      >
        <Avatar user={user} size="rail" className="border-2 border-white" />
      </Link>
      {canFollow && (
        <BareButton
          aria-label={t(isRequested ? "follow.requested" : "follow.follow")}
          aria-pressed={isOn}
          onPress={() => {
            setNew(true);
            follow();
          }}
          className="absolute inset-x-0 -bottom-5.5 mx-auto grid size-11 place-items-center rounded-full"
        >
          <span className="grid size-5 place-items-center rounded-full bg-accent text-on-accent">
            {user.is_followed ? (
              <Check size={14} strokeWidth={3} aria-hidden />
            ) : isRequested ? (
              <Clock size={14} strokeWidth={3} aria-hidden />
            ) : (
              <Plus size={14} strokeWidth={3} aria-hidden />
            )}
          </span>
        </BareButton>
      )}
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

function RailButton({ label, onPress, isOn, below = "", children }: RailButtonProps) {
  return (
    <div className="relative flex w-12 flex-col items-center">
      <BareButton
        aria-label={label}
        {...(isOn !== undefined && { "aria-pressed": isOn })}
        onPress={onPress}
        // The number below belongs to what can be pressed.
        className="grid h-9 w-12 place-items-center rounded-lg after:absolute after:inset-x-0 after:-inset-y-1 [&>svg]:drop-shadow-[0_1px_3px_rgb(0_0_0/0.55)] [&>svg]:transition-transform active:[&>svg]:scale-85"
      >
        {children}
      </BareButton>
      {below !== "" && <span className="tabular text-shadow-video text-xs font-semibold">{below}</span>}
    </div>
  );
}
