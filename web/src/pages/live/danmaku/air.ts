import { leftAt } from "#parts/player/danmaku/lanes.ts";
import { pictureOf } from "#parts/player/danmaku/picture.ts";
import { Flight } from "./flight.ts";

/** Where the head of the room is, over which nothing flies, in pixels. */
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
  const ratio = window.devicePixelRatio || 1;
  let [width, height, sizePx, frame] = [0, 0, 20, 0];
  const draw = () => {
    const pen = surface.getContext("2d");
    pen?.clearRect(0, 0, surface.width, surface.height);
    const nowS = performance.now() / 1_000;
    for (const { picture, flown, lane } of flight.at(nowS, width, ratio))
      pen?.drawImage(picture, leftAt(flown, nowS, width) * ratio, (lane * sizePx * 1.4 + headPx) * ratio);
    // A still picture needs no frames.
    frame = flight.isEmpty ? 0 : requestAnimationFrame(draw);
  };
  const sizes = new ResizeObserver(([entry]) => {
    if (entry === undefined) return;
    ({ width, height } = entry.contentRect);
    surface.width = width * ratio;
    surface.height = height * ratio;
    sizePx = Math.max(14, Math.min(26, height / 18));
    flight.clear(Math.max(1, Math.floor((height * share - headPx) / (sizePx * 1.4))));
  });
  sizes.observe(surface);
  return {
    add: (content, color, isMine) => {
      // Nobody looks, and frames are not drawn.
      if (document.hidden || width === 0) return;
      flight.add(pictureOf({ content, color, is_mine: isMine }, sizePx, ratio), performance.now() / 1_000);
      if (frame === 0) frame = requestAnimationFrame(draw);
    },
    stop: () => {
      sizes.disconnect();
      cancelAnimationFrame(frame);
    },
  };
}
