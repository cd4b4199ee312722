import { useQueries } from "@tanstack/react-query";
import { type RefObject, useEffect, useRef } from "react";
import type { Danmaku } from "#base/api/types.ts";
import { crossingS, type Flown, laneOf, leftAt, stayingS } from "./lanes.ts";
import { pictureOf } from "./picture.ts";
import { usePreferences } from "./preferences.ts";
import { danmakuQuery, stretchS } from "./query.ts";
import { followSize, Surface, type SurfaceSize } from "./surface.tsx";

interface LayerProps {
  videoId: number;
  video: RefObject<HTMLVideoElement | null>;
  timeS: number;
}

/** One comment, drawn once: what moves is its picture. */
interface Drawn {
  readonly picture: HTMLCanvasElement;
  readonly flown: Flown;
  readonly lane: number | undefined;
}

/** Timed comments over the film. */
export function DanmakuLayer({ videoId, video, timeS }: LayerProps) {
  const { isOn, opacity, share } = usePreferences();
  const canvas = useRef<HTMLCanvasElement>(null);
  const bucket = Math.floor(timeS / stretchS);
  const items = useQueries({
    // Coming danmaku are loaded before they fly; those that fly now may have begun in the stretch before.
    queries: [bucket - 1, bucket, bucket + 1]
      .filter((stretch) => stretch >= 0)
      .map((stretch) => ({ ...danmakuQuery(videoId, stretch), enabled: isOn })),
    combine: (answers) => answers.flatMap(({ data }) => data?.list ?? []),
  });
  useEffect(() => {
    const [film, surface] = [video.current, canvas.current];
    if (!isOn || film === null || surface === null || items.length === 0) return;
    return fly(film, surface, items, share);
  }, [items, isOn, share, video]);
  if (!isOn) return null;
  return <Surface canvas={canvas} opacity={opacity} />;
}

/** Draws what flies at the moment the film shows; returns the way to stop. */
function fly(film: HTMLVideoElement, surface: HTMLCanvasElement, items: readonly Danmaku[], share: number): () => void {
  const isStill = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  let drawn = new Map<number, Drawn>();
  let frame = 0;
  let width = 0;
  let drawnS = Number.NaN;

  /** Lanes depend on the size: each size has its own. */
  const layOut = ({ sizePx, laneCount, ratio, ...size }: SurfaceSize) => {
    drawnS = Number.NaN;
    ({ width } = size);
    const lanes: Record<"scroll" | "top" | "bottom", (Flown | undefined)[]> = {
      scroll: Array.from({ length: laneCount }, () => undefined),
      top: Array.from({ length: laneCount }, () => undefined),
      bottom: Array.from({ length: laneCount }, () => undefined),
    };
    drawn = new Map(
      items
        .toSorted((a, b) => a.position - b.position)
        .map((item) => {
          const picture = pictureOf(item, sizePx, ratio);
          const flown = { startS: item.position, widthPx: picture.width / ratio };
          const mode = isStill && item.mode === "scroll" ? "top" : item.mode;
          const ofMode = lanes[mode];
          const lane =
            mode === "scroll"
              ? laneOf(ofMode, flown, width)
              : ofMode.findIndex((last) => last === undefined || last.startS + stayingS <= flown.startS);
          if (lane !== undefined && lane >= 0) ofMode[lane] = flown;
          return [item.id, { picture, flown, lane: lane === -1 ? undefined : lane }];
        }),
    );
  };

  const draw = () => {
    frame = requestAnimationFrame(draw);
    const timeS = film.currentTime;
    const pen = surface.getContext("2d");
    if (!pen || timeS === drawnS) return;
    drawnS = timeS;
    const ratio = surface.width / Math.max(1, width);
    pen.clearRect(0, 0, surface.width, surface.height);
    for (const item of items) {
      const { picture, flown, lane } = drawn.get(item.id) ?? {};
      if (!picture || !flown || lane === undefined) continue;
      const isFlying = item.mode === "scroll" && !isStill;
      const age = timeS - flown.startS;
      if (age < 0 || age > (isFlying ? crossingS : stayingS)) continue;
      const x = isFlying ? leftAt(flown, timeS, width) * ratio : (surface.width - picture.width) / 2;
      const y = item.mode === "bottom" ? surface.height - (lane + 1) * picture.height : lane * picture.height;
      pen.drawImage(picture, x, y);
    }
  };
  const stopFollowing = followSize(surface, { share }, layOut);
  draw();
  return () => {
    stopFollowing();
    cancelAnimationFrame(frame);
    // Nothing is drawn after the last one, so that the last picture would stay.
    surface.getContext("2d")?.clearRect(0, 0, surface.width, surface.height);
  };
}
