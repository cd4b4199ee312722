import { type RefObject, useEffect, useRef } from "react";
import type { Video } from "#base/api/types.ts";
import { thumbUrl } from "#base/ui/videos/thumb.ts";

interface AmbientProps {
  /** A few bytes of the cover: enough for the light, and nothing to decode. */
  thumb: Video["thumb"];
  /** The cover, for videos without those colours. */
  coverUrl: string;
  /** The playing video, whose light follows the picture. */
  video?: RefObject<HTMLVideoElement | null>;
  isLive?: boolean;
  className?: string;
}

const sizePx = 24;
const everyMs = 500;

/**
 * The light a video throws on the wall behind it. A picture of 24 by 24 pixels, scaled up: that is blurred for the
 * price of nothing, where a CSS blur of the whole screen costs a frame on each swipe.
 */
export function Ambient({ thumb, coverUrl, video, isLive = false, className = "" }: AmbientProps) {
  const canvas = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    const url = thumbUrl(thumb) ?? coverUrl;
    if (context == null || url === "") return;
    const image = new Image();
    image.addEventListener("load", () => draw(context, image, 1));
    image.src = url;
  }, [thumb, coverUrl]);

  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (context == null || !isLive || window.matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const timer = setInterval(() => {
      const source = video?.current;
      if (source != null && source.readyState >= 2 && !source.paused) draw(context, source, 0.35);
    }, everyMs);
    return () => clearInterval(timer);
  }, [isLive, video]);

  return (
    <canvas ref={canvas} width={sizePx} height={sizePx} aria-hidden className={`pointer-events-none ${className}`} />
  );
}

function draw(context: CanvasRenderingContext2D, source: CanvasImageSource, opacity: number) {
  context.globalAlpha = opacity;
  context.filter = "blur(2px)";
  context.drawImage(source, -3, -3, sizePx + 6, sizePx + 6);
}
