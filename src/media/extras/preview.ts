import { flags } from "../flags.ts";

const lengthMs = 3_000;
const longSide = 320;
const fps = 10;

/** When the moving preview of a film of this length begins: after its titles, and never past its end. Pure. */
export const previewStartMs = (durationMs: number): number =>
  Math.round(Math.max(0, Math.min(durationMs * 0.3, durationMs - lengthMs)));

/** FFmpeg's filters from a picture to the few that move, and how large they are. */
export function previewFilters(durationMs: number, { width, height }: { width: number; height: number }): string[] {
  const scale = Math.min(1, longSide / Math.max(width, height));
  const even = (side: number): number => Math.max(2, 2 * Math.round((side * scale) / 2));
  const start = previewStartMs(durationMs) / 1_000;
  return [
    `trim=start=${start}:duration=${lengthMs / 1_000}`,
    "setpts=PTS-STARTPTS",
    `fps=${fps}`,
    `scale=${even(width)}:${even(height)}`,
    "setsar=1",
  ];
}

/** A shorter film does not move enough for a preview. */
export const isPreviewed = (durationMs: number): boolean => durationMs >= 500;

/**
 * An AVIF that loops forever: a quarter of the bytes of a WebP. SVT-AV1 would be smaller still, and hangs at one frame.
 */
export const previewOutput = flags(
  // Here too: filters after a trim in a longer graph get its end too late.
  `-t ${lengthMs / 1_000} -fps_mode passthrough -c:v libaom-av1 -usage realtime -cpu-used 8 -crf 42 -pix_fmt yuv420p -loop 0 -f avif`,
);
