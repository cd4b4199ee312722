import type { RefObject } from "react";
import type { FeedVideo } from "#base/api/types.ts";
import { useFollow } from "#base/ui/accounts/follow-button.tsx";
import { useFavorite, useLike } from "#base/ui/videos/use-video-actions.ts";
import { seekIn } from "./seek.ts";
import { useFeedKeys } from "./use-feed-keys.ts";

export interface FeedKeysProps {
  video: FeedVideo;
  list: RefObject<HTMLDivElement | null>;
  isOff: boolean;
  onStep: (step: -1 | 1) => void;
  onPause: () => void;
  onMute: () => void;
  onComments: () => void;
  onHelp: () => void;
}

/** The keys of the watched video. A component, because liking belongs to one video. */
export function FeedKeys({ video, list, isOff, onStep, onPause, onMute, onComments, onHelp }: FeedKeysProps) {
  const like = useLike(video);
  const favorite = useFavorite(video);
  const follow = useFollow(video.user);
  useFeedKeys(isOff, {
    onStep,
    onPause,
    onMute,
    onHelp,
    onLike: () => like(),
    onSave: favorite,
    onFollow: follow,
    onComments,
    onSeek: (seconds) => seekIn(list, (nowS) => nowS + seconds),
  });
  return null;
}
