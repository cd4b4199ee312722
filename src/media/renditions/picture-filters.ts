import { colourOptions, isToneMapped, renditionColours, statedColours, zimgColourFilters } from "./colour.ts";
import type { VideoProbe } from "../source/probe.ts";
import { fpsMax, isTooFast } from "./rung.ts";

/**
 * The filters that make any source a plain picture, in the order they must have: progressive, standard range, square
 * and even, in one frame, at most 60 frames a second, from zero. FFmpeg turns the picture upright before the first filter.
 *
 * FFmpeg builds the graph anew where a picture changes its size, so no filter here may remember what came before.
 */
export function pictureFilters(video: VideoProbe): string[] {
  const { fieldOrder, transfer } = video;
  const filters: string[] = [];
  if (fieldOrder !== "progressive" && fieldOrder !== "unknown") filters.push("bwdif=mode=send_frame");
  if (isToneMapped(video))
    filters.push(
      `zscale=tin=${transfer}:pin=bt2020:min=bt2020nc:t=linear:npl=203,format=gbrpf32le,zscale=p=bt709`,
      "tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv,format=yuv420p",
    );
  filters.push(...zimgColourFilters(video), ...fitFilters(video), "format=yuv420p", "setsar=1", "setfield=prog");
  filters.push(statedColours(renditionColours(video)), ...rateFilters(video));
  return filters;
}

/** The picture in the middle of a frame of constant size; the first one fills it, give or take what rounding costs. */
function fitFilters(video: VideoProbe): string[] {
  const { width, height } = filteredSize(video);
  const fills = `lte(abs(${height}*dar-${width}),dar+2)`;
  const across = `if(${fills},${width},max(2,min(${width},2*round(${height}*dar/2))))`;
  const down = `if(${fills},${height},max(2,min(${height},2*round(${width}/dar/2))))`;
  return [`scale=w='${across}':h='${down}'${colourOptions(video)}`, `pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2`];
}

/** A picture is repeated where the next one is further away: players wait for one after each seek. */
const pictureMsMax = 2_000;

/** A rate only where pictures are too many or too few, or the last one has none after it that says how long it lasts. */
function rateFilters(video: VideoProbe): string[] {
  const { fps, frames, startMs } = video;
  const rate = fps > 0 ? uprightFps(video) : fpsWhereUnknown;
  if (startMs > pictureMsMax) return [`fps=${rate}:start_time=0`];
  return isTooFast(fps) || isTooSlow(fps) || frames === 1 ? [`fps=${rate}`] : [];
}

/** The rate of a picture that stands for an unknown time. */
export const fpsWhereUnknown = 25;

/** How large what comes out of `pictureFilters` is. */
export const filteredSize = ({ displayWidth, displayHeight }: VideoProbe): { width: number; height: number } => ({
  width: even(displayWidth),
  height: even(displayHeight),
});

/** Slides and time lapses are encoded at this rate, so that each of their segments has a picture. */
const fpsMin = 1;
const isTooSlow = (fps: number): boolean => fps > 0 && fps < fpsMin;

/** The frame rate of what comes out of `pictureFilters`. */
export const uprightFps = ({ fps }: Pick<VideoProbe, "fps">): number =>
  isTooFast(fps) ? halvedFps(fps) : isTooSlow(fps) ? fpsMin : fps;

/** Every second frame is left out until it fits: 120 becomes 60, 144 becomes 36. */
function halvedFps(fps: number): number {
  const halvings = Math.ceil(Math.log2(fps / fpsMax));
  return Math.round((fps / 2 ** halvings) * 1000) / 1000;
}

const even = (side: number): number => Math.max(2, Math.floor(side / 2) * 2);
