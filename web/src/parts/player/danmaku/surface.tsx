import type { RefObject } from "react";

interface SurfaceProps {
  canvas: RefObject<HTMLCanvasElement | null>;
  /** 0 to 1. */
  opacity: number;
}

/** The canvas over a picture, in which comments fly. Decorative: they can be read elsewhere, too. */
export function Surface({ canvas, opacity }: SurfaceProps) {
  return (
    <canvas
      ref={canvas}
      aria-hidden
      data-testid="danmaku"
      style={{ opacity }}
      className="pointer-events-none absolute inset-0 size-full"
    />
  );
}

/** The size of a canvas on the page, in CSS pixels. */
export interface SurfaceSize {
  readonly width: number;
  readonly height: number;
  /** The height of letters. */
  readonly sizePx: number;
  /** How many rows fit into the used part of the height. */
  readonly laneCount: number;
  /** Device pixels for one of the page. */
  readonly ratio: number;
}

/**
 * Keeps as many device pixels in a canvas as it has on the page, and calls back with its first size and each new one.
 * `share` is the used part of the height, 0 to 1; `headPx` is left free. Asking for the size in each frame would take a
 * layout. Returns the way to stop.
 */
export function followSize(
  surface: HTMLCanvasElement,
  { share, headPx = 0 }: { share: number; headPx?: number },
  onSize: (size: SurfaceSize) => void,
): () => void {
  const ratio = window.devicePixelRatio || 1;
  const sizes = new ResizeObserver(([entry]) => {
    if (entry === undefined) return;
    const { width, height } = entry.contentRect;
    surface.width = width * ratio;
    surface.height = height * ratio;
    const sizePx = Math.max(14, Math.min(26, height / 18));
    const laneCount = Math.max(1, Math.floor((height * share - headPx) / (sizePx * 1.4)));
    onSize({ width, height, sizePx, laneCount, ratio });
  });
  sizes.observe(surface);
  return () => sizes.disconnect();
}
