import { RotateCcw, SkipForward } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Video } from "#base/api/types.ts";
import { formatLength } from "#base/format/format.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Cover } from "#base/ui/videos/cover.tsx";
import type { Next } from "../use-next.ts";

/** The next video begins this long after the end. */
const waitS = 5;
const stepMs = 100;

interface EndScreenProps {
  next: Next;
  /** The viewer is at the settings: the next video waits. */
  isHeld: boolean;
  onReplay: () => void;
}

/** Over the picture once it has ended: what comes next with the seconds until then, again, and what is like it. */
export function EndScreen({ next, isHeld, onReplay }: EndScreenProps) {
  const { t } = useTranslation();
  const [isCancelled, setCancelled] = useState(false);
  const { video: following, related, isAutomatic, go } = next;
  const suggestions = related.filter(({ id }) => id !== following?.id).slice(0, 3);
  return (
    <div className="absolute inset-0 flex flex-col items-center justify-center gap-4 overflow-y-auto bg-black/80 p-2 pb-20 text-white sm:p-4 sm:pb-20">
      {following !== null && isAutomatic && !isCancelled ? (
        <Countdown next={following} isHeld={isHeld} onNext={go} onCancel={() => setCancelled(true)} />
      ) : (
        <>
          <div className="flex gap-2">
            <Button className="rounded-full! bg-white/15! text-white!" onPress={onReplay}>
              <RotateCcw size={16} aria-hidden />
              {t("player.replay")}
            </Button>
            {following !== null && (
              <Button look="inverse" className="rounded-full!" onPress={go}>
                <SkipForward size={16} aria-hidden className="rtl:-scale-x-100" />
                {t("player.next")}
              </Button>
            )}
          </div>
          {suggestions.length > 0 && (
            <ul aria-label={t("watch.related")} className="hidden w-full max-w-2xl grid-cols-3 gap-3 sm:grid">
              {suggestions.map((video) => (
                <li key={video.id}>
                  <button type="button" className="w-full text-start" onClick={() => next.goTo(video)}>
                    <Cover video={video} className="aspect-video" />
                    <span className="mt-1.5 line-clamp-2 text-sm font-semibold">
                      <bdi>{video.title}</bdi>
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </div>
  );
}

interface CountdownProps {
  next: Video;
  isHeld: boolean;
  onNext: () => void;
  onCancel: () => void;
}

/** The next video with a ring that closes until it begins. */
function Countdown({ next, isHeld, onNext, onCancel }: CountdownProps) {
  const { t } = useTranslation();
  const [leftS, setLeftS] = useState(waitS);
  useEffect(() => {
    if (isHeld) return undefined;
    // A page in the background waits: nobody would see the video begin.
    const timer = setInterval(() => document.hidden || setLeftS((current) => current - stepMs / 1000), stepMs);
    return () => clearInterval(timer);
  }, [isHeld]);
  const isOver = leftS <= 0;
  useEffect(() => {
    if (isOver) onNext();
  }, [isOver]);
  const seconds = Math.max(1, Math.ceil(leftS));
  return (
    <div className="flex w-full max-w-sm flex-col items-center gap-2 text-center sm:gap-3">
      <p className="text-sm text-white/85" role="status">
        {t("player.nextIn", { count: seconds })}
      </p>
      <Cover video={next} showDuration={false} className="aspect-video w-full max-w-64 max-sm:hidden" />
      <span className="line-clamp-1 text-base font-semibold sm:line-clamp-2">
        <bdi>
          {next.title} <span className="tabular font-normal text-white/80">{formatLength(next.duration)}</span>
        </bdi>
      </span>
      <div className="flex items-center gap-2">
        <Button className="rounded-full! bg-white/15! text-white!" onPress={onCancel}>
          {t("action.cancel")}
        </Button>
        <Button look="inverse" className="rounded-full!" onPress={onNext}>
          <svg viewBox="0 0 20 20" className="size-4.5 -rotate-90" aria-hidden>
            <circle cx="10" cy="10" r="8" fill="none" stroke="currentColor" strokeWidth="3" opacity="0.25" />
            <circle
              cx="10"
              cy="10"
              r="8"
              fill="none"
              stroke="currentColor"
              strokeWidth="3"
              pathLength="1"
              strokeDasharray={`${1 - Math.max(0, leftS) / waitS} 1`}
            />
          </svg>
          {t("player.playNow")}
        </Button>
      </div>
    </div>
  );
}
