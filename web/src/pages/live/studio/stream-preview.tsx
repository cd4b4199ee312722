import { Radio, Volume2, VolumeX } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "#base/ui/buttons/button.tsx";
import { PictureSpinner } from "#base/ui/states/picture-spinner.tsx";
import { useLivePlayer } from "#parts/player/live/use-live-player.ts";
import { RefusalNotice } from "./stream-health.tsx";
import { useStreamHealth } from "./use-stream-health.ts";

interface StreamPreviewProps {
  liveId: number;
  /** Content over its upper left corner. */
  label: ReactNode;
  /** Called when a picture comes or ends. */
  onPicture?: (hasPicture: boolean) => void;
  className?: string;
  /** In place of the picture while nothing is received. */
  waiting: ReactNode;
}

/** The host's own stream, in silence until they turn the sound on. Its state in words stands in place of a picture. */
export function StreamPreview({ liveId, label, onPicture, waiting, className = "" }: StreamPreviewProps) {
  const { t } = useTranslation();
  const element = useRef<HTMLVideoElement>(null);
  const player = useLivePlayer(element, liveId, { isOn: true, isSilent: true, onStall: () => undefined });
  const { hasPicture } = player;
  const { data: health } = useStreamHealth(liveId);
  // The studio says it beside what comes in.
  const refusal = onPicture !== undefined && health?.is_sending === false ? health.last_refusal : null;
  useEffect(() => onPicture?.(hasPicture), [hasPicture, onPicture]);
  return (
    <>
      {!hasPicture && (health?.is_sending === true ? <ArrivingStream /> : waiting)}
      {refusal != null && <RefusalNotice refusal={refusal} />}
      <div
        data-theme="dark"
        className={
          hasPicture
            ? `animate-rise relative aspect-video overflow-hidden rounded-xl bg-black text-white ${className}`
            : "h-0 overflow-hidden"
        }
      >
        <video
          ref={element}
          playsInline
          muted
          tabIndex={-1}
          aria-label={t("live.preview")}
          className="size-full object-contain"
        />
        {hasPicture && (
          <>
            <span className="absolute start-2.5 top-2.5 flex gap-1.5">{label}</span>
            {player.heightPx > 0 && (
              <span className="tabular absolute end-2.5 top-2.5 rounded bg-black/60 px-1.5 py-0.5 text-xs font-semibold">
                {player.heightPx}p
              </span>
            )}
            <IconButton
              label={t(player.isMuted ? "player.unmute" : "player.mute")}
              className="absolute start-1.5 bottom-1.5 bg-black/45 hover:bg-black/70"
              onPress={player.toggleMuted}
            >
              {player.isMuted ? <VolumeX size={20} aria-hidden /> : <Volume2 size={20} aria-hidden />}
            </IconButton>
          </>
        )}
      </div>
    </>
  );
}

/** A wait for a stream, with the way to start it. */
export function WaitingForStream({ title, text }: { title: string; text: string }) {
  return (
    <div className="flex items-center gap-4 rounded-xl bg-raised p-4">
      <span className="grid size-12 shrink-0 place-items-center rounded-full border-2 border-warn/50 text-warn">
        <Radio size={22} aria-hidden className="motion-safe:animate-pulse" />
      </span>
      <div className="min-w-0">
        <p className="text-base font-semibold">{title}</p>
        <p className="text-xs text-soft">{text}</p>
      </div>
    </div>
  );
}

/** A stream that is received, while its picture is on the way to this page. */
function ArrivingStream() {
  const { t } = useTranslation();
  return (
    <div role="status" className="relative aspect-video rounded-xl bg-black text-white">
      <span className="sr-only">{t("live.arriving")}</span>
      <PictureSpinner />
    </div>
  );
}
