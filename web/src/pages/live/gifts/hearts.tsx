import { Heart } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { logInFor } from "#base/api/log-in-request.ts";
import { useMe } from "#base/api/queries.ts";
import type { Live } from "#base/api/types.ts";
import { formatCount } from "#base/format/format.ts";
import { Button, IconButton } from "#base/ui/buttons/button.tsx";
import { numberIn } from "../feed/frames.ts";
import { useFollowedRoom, useRoomView } from "../feed/use-room-feed.ts";

/** Likes a room; as often as one wants. The like of a visitor is sent after the log-in. */
export function useLike(live: Live): () => void {
  const { t } = useTranslation();
  const me = useMe();
  const room = useFollowedRoom();
  const isWaiting = useRef(false);
  useEffect(() => {
    if (!isWaiting.current || !room.isSignedIn) return;
    isWaiting.current = false;
    room.like();
  }, [room]);
  return () => {
    if (me == null) {
      isWaiting.current = true;
      void logInFor(t("room.likeFirst")).then((isIn) => (isWaiting.current &&= isIn));
    } else if (live.status === "live" || live.status === "paused") room.like();
  };
}

function useLikeCount(live: Live): number {
  const total = useRoomView(({ likeCount, ownLikes }) => (likeCount ?? live.like_count) + ownLikes);
  return Math.max(live.like_count, total);
}

/** The heart of a desk, with the count. */
export function LikeButton({ live }: { live: Live }) {
  const { t, i18n } = useTranslation();
  const like = useLike(live);
  const count = useLikeCount(live);
  return (
    <Button className="rounded-full!" aria-label={t("action.like")} onPress={like}>
      <Heart size={18} aria-hidden className="fill-accent text-accent" />
      {count > 0 && <span className="tabular">{formatCount(count, i18n.language)}</span>}
    </Button>
  );
}

/** The heart of a phone, with the count above it. */
export function RoundLike({ live }: { live: Live }) {
  const { t, i18n } = useTranslation();
  const like = useLike(live);
  const count = useLikeCount(live);
  return (
    <span className="relative">
      {count > 0 && (
        <span className="tabular text-shadow-video absolute inset-x-0 -top-5 text-center text-xs font-semibold">
          {formatCount(count, i18n.language)}
        </span>
      )}
      <IconButton label={t("action.like")} className="bg-white/15 backdrop-blur-sm" onPress={like}>
        <Heart size={22} aria-hidden className="fill-accent text-accent" />
      </IconButton>
    </span>
  );
}

interface Floating {
  readonly id: number;
  readonly place: number;
}
const heartsMax = 14;
/** The number of hearts that rise for many likes in one frame. */
const heartsOfFrame = 3;
const colours = ["#ff6a4d", "#ff8fab", "#ffd166", "#e879f9", "#ff4d6d"];

/** Hearts that rise over the picture, for one's own likes and those of others. Decorative. */
export function Hearts({ className }: { className: string }) {
  const room = useFollowedRoom();
  const ownLikeCount = useRoomView(({ ownLikes }) => ownLikes);
  const [hearts, setHearts] = useState<readonly Floating[]>([]);
  useEffect(() => {
    let lastId = 0;
    const rise = (count: number) => {
      if (document.hidden || window.matchMedia("(prefers-reduced-motion: reduce)").matches) return;
      const added = Array.from({ length: count }, () => ({ id: (lastId += 1), place: Math.random() }));
      setHearts((before) => [...before, ...added].slice(-heartsMax));
    };
    return room.listen(({ type, payload }) => {
      if (type === "like") rise(Math.min(heartsOfFrame, numberIn(payload, "count")));
    });
  }, [room]);
  useEffect(() => {
    if (ownLikeCount === 0 || window.matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    setHearts((before) => [...before, { id: -performance.now(), place: Math.random() }].slice(-heartsMax));
  }, [ownLikeCount]);
  return (
    <div aria-hidden className={`pointer-events-none absolute ${className}`}>
      {hearts.map(({ id, place }) => (
        <Heart
          key={id}
          size={22 + Math.round(place * 12)}
          className="heart-rise absolute bottom-0 fill-current"
          style={{
            color: colours[Math.floor(place * colours.length)] ?? "",
            insetInlineStart: `${Math.round(place * 70)}%`,
            animationDuration: `${1.8 + place}s`,
          }}
          onAnimationEnd={() => setHearts((before) => before.filter((heart) => heart.id !== id))}
        />
      ))}
    </div>
  );
}
