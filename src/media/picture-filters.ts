import { startMsMax } from "./compatible.ts";
import type { VideoProbe } from "./probe.ts";
import { fpsMax, isTooFast } from "./rung.ts";

/**
 * The filters that make any source a plain picture, in the order they must have: progressive, standard range, square
 * and even, at most 60 frames a second, from zero. FFmpeg turns the picture upright before the first filter.
 */
export function pictureFilters(video: VideoProbe): string[] {
  const { fieldOrder, transfer, fps, startMs, frames } = video;
  const filters: string[] = [];
  if (fieldOrder !== "progressive" && fieldOrder !== "unknown") filters.push("bwdif=mode=send_frame");
  if (transfer === "smpte2084" || transfer === "arib-std-b67")
    filters.push(
      `zscale=tin=${transfer}:pin=bt2020:min=bt2020nc:t=linear:npl=203,format=gbrpf32le,zscale=p=bt709`,
      "tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv,format=yuv420p",
    );
  const { width, height } = filteredSize(video);
  filters.push(`scale=${width}:${height}`, "setsar=1");
  if (isTooFast(fps)) filters.push(`fps=${halvedFps(fps)}`);
  filters.push(...(startMs > startMsMax ? filledStart(startMs, uprightFps(video)) : ["setpts=PTS-STARTPTS"]));
  // A single picture has no next one that would say how long it lasts, and `setpts` loses what the source says (FFmpeg 6.1).
  if (frames === 1) filters.push(`fps=${fps > 0 ? uprightFps(video) : fpsWhereUnknown}`);
  return filters;
}

/**
 * Players drop a later start: the first picture stands in for it. The filter that repeats it needs the frame rate, which
 * `setpts` loses, so it comes first and the times after it.
 */
function filledStart(startMs: number, fps: number): string[] {
  const copies = Math.max(1, Math.floor((startMs / 1_000) * fps));
  const start = `${startMs / 1_000}/TB`;
  const first = `if(eq(N,${copies}),st(0,PTS-${start}),0)`;
  return [
    `tpad=start=${copies}:start_mode=clone`,
    `setpts='if(lt(N,${copies}),N*${start}/${copies},${first};PTS-ld(0))'`,
  ];
}

/** Of a picture that stands for an unknown time. */
export const fpsWhereUnknown = 25;

/** How large what comes out of `pictureFilters` is. */
export const filteredSize = ({ displayWidth, displayHeight }: VideoProbe): { width: number; height: number } => ({
  width: even(displayWidth),
  height: even(displayHeight),
});

/** Whether what comes out of `pictureFilters` is tagged BT.709 whatever came in. */
export const isToneMapped = ({ transfer }: VideoProbe): boolean =>
  transfer === "smpte2084" || transfer === "arib-std-b67";

/** The frame rate that is left of a source's. */
export const uprightFps = ({ fps }: Pick<VideoProbe, "fps">): number => (isTooFast(fps) ? halvedFps(fps) : fps);

/** Every second frame is left out until it fits: 120 becomes 60, 144 becomes 36. */
function halvedFps(fps: number): number {
  const halvings = Math.ceil(Math.log2(fps / fpsMax));
  return Math.round((fps / 2 ** halvings) * 1000) / 1000;
}

const even = (side: number): number => Math.max(2, Math.floor(side / 2) * 2);
