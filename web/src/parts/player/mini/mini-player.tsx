import { useLocation, useNavigate } from "@tanstack/react-router";
import { Pause, Play, X } from "lucide-react";
import { type RefObject, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "#base/ui/buttons/button.tsx";
import { attach } from "../engine/engine.ts";
import { readSound, writePosition } from "../memory.ts";
import { reportPlay } from "../report-play.ts";
import { type Mini, setMini } from "./mini.ts";

const bufferS = 20;

/**
 * A video that goes on while its viewer is on another page: in the corner of a wide screen, in a line over the bar of a
 * phone. A press leads back to its page, which goes on where this one was.
 */
export function MiniPlayer({ mini }: { mini: Mini }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const { video } = mini;
  const element = useRef<HTMLVideoElement>(null);
  const [isPlaying, setPlaying] = useState(true);
  // Another player has the page: this one would sound over it.
  const isInTheWay = pathname.startsWith("/watch/") || pathname.startsWith("/embed/");
  useEffect(() => {
    if (isInTheWay) setMini(null);
  }, [isInTheWay]);

  useEngine(element, mini, () => setPlaying(false));
  const toggle = () => {
    const player = element.current;
    if (player === null) return;
    if (player.paused) void player.play().catch(() => undefined);
    else player.pause();
  };
  const open = () => {
    const player = element.current;
    if (player !== null) writePosition(video.id, player.currentTime, player.duration);
    void navigate({ to: "/watch/$id", params: { id: video.id } });
  };
  return (
    <section
      aria-label={t("player.mini")}
      data-theme="dark"
      className="animate-rise fixed inset-x-0 bottom-(--bar) z-35 flex h-16 items-center gap-1 border-t border-line bg-surface pe-1 text-ink sm:inset-x-auto sm:end-4 sm:bottom-4 sm:h-auto sm:w-80 sm:flex-wrap sm:overflow-hidden sm:rounded-xl sm:border sm:pe-0 sm:shadow-2xl"
      onKeyDown={(event) => event.key === "Escape" && setMini(null)}
    >
      <button
        type="button"
        aria-label={t("player.backTo", { title: video.title })}
        onClick={open}
        className="h-full w-28 shrink-0 bg-black sm:aspect-video sm:h-auto sm:w-full"
      >
        <video
          ref={element}
          playsInline
          className="size-full object-contain"
          onPlay={() => setPlaying(true)}
          onPause={() => setPlaying(false)}
          onEnded={() => setMini(null)}
        />
      </button>
      <div className="min-w-0 flex-1 ps-2 sm:ps-3">
        <span className="block truncate font-semibold">
          <bdi>{video.title}</bdi>
        </span>
        <span className="block truncate text-xs text-soft">
          <bdi>{video.user.nickname || video.user.username}</bdi>
        </span>
      </div>
      <IconButton label={isPlaying ? t("player.pause") : t("player.play")} onPress={toggle}>
        {isPlaying ? (
          <Pause size={20} fill="currentColor" aria-hidden />
        ) : (
          <Play size={20} fill="currentColor" aria-hidden />
        )}
      </IconButton>
      <IconButton label={t("action.close")} onPress={() => setMini(null)}>
        <X size={20} aria-hidden />
      </IconButton>
    </section>
  );
}

/** Plays the video in the element, from where its page was left, with the sound of that page. */
function useEngine(element: RefObject<HTMLVideoElement | null>, { video, atS }: Mini, onRefused: () => void): void {
  useEffect(() => {
    const player = element.current;
    if (player === null) return undefined;
    const { volume, isMuted } = readSound();
    player.volume = volume;
    player.muted = isMuted;
    player.currentTime = atS;
    const engine = attach(player, video.hls_url, { bufferS, capToSize: true, onFatal: () => setMini(null) });
    const stopReport = reportPlay(video.id, player, "other");
    const begin = () => void player.play().catch(onRefused);
    player.addEventListener("loadeddata", begin, { once: true });
    return () => {
      writePosition(video.id, player.currentTime, player.duration);
      player.removeEventListener("loadeddata", begin);
      stopReport();
      engine.stop();
    };
  }, [video.id, video.hls_url, atS]);
}
