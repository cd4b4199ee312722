import { Flight } from "./flight.ts";
import { leftAt } from "./lanes.ts";
import { pictureOf } from "./picture.ts";
import { followSize, type SurfaceSize } from "./surface.tsx";

/** The height of the head of the room in pixels: nothing flies over it. */
const headPx = 44;

/** The canvas over the picture, in which messages fly. */
export interface Air {
  /** `color` is 24 bits of red, green and blue. */
  readonly add: (content: string, color: number, isMine: boolean) => void;
  readonly stop: () => void;
}

/** Draws what is added, for as long as something flies. `share` is the part of the height that is used, 0 to 1. */
export function airOf(surface: HTMLCanvasElement, share: number): Air {
  const flight = new Flight<HTMLCanvasElement>();
  let size: SurfaceSize | null = null;
  let frame = 0;
  const draw = () => {
    frame = 0;
    if (size === null) return;
    const { width, sizePx, ratio } = size;
    const pen = surface.getContext("2d");
    pen?.clearRect(0, 0, surface.width, surface.height);
    const nowS = performance.now() / 1_000;
    for (const { picture, flown, lane } of flight.at(nowS, width, ratio))
      pen?.drawImage(picture, leftAt(flown, nowS, width) * ratio, (lane * sizePx * 1.4 + headPx) * ratio);
    // A still picture needs no frames.
    frame = flight.isEmpty ? 0 : requestAnimationFrame(draw);
  };
  const stopFollowing = followSize(surface, { share, headPx }, (next) => {
    size = next;
    flight.clear(next.laneCount);
  });
  return {
    add: (content, color, isMine) => {
      // Nobody looks, and frames are not drawn.
      if (document.hidden || size === null || size.width === 0) return;
      const { sizePx, ratio } = size;
      flight.add(pictureOf({ content, color, is_mine: isMine }, sizePx, ratio), performance.now() / 1_000);
      if (frame === 0) frame = requestAnimationFrame(draw);
    },
    stop: () => {
      stopFollowing();
      cancelAnimationFrame(frame);
    },
  };
}
