import { isPlainAac } from "./compatible.ts";
import { flags } from "./flags.ts";
import { leastLevel } from "./level.ts";
import { input, quiet } from "./lock.ts";
import { copiedAudio, encodedAudio, fragmented } from "./output.ts";
import type { AudioProbe, Probe, VideoProbe } from "./probe.ts";
import type { Rung } from "./rung.ts";
import { scalable, type Scaler, scaleFilters } from "./scaler.ts";
import { fpsWhereUnknown, isToneMapped, pictureFilters, filteredSize, uprightFps } from "./picture-filters.ts";

export interface EncodeOutputs {
  /** Largest first: each is scaled from the one before it. */
  readonly rungs: readonly { readonly rung: Rung; readonly path: string }[];
  readonly audio?: string;
  /** The scaler of the FFmpeg that gets these arguments. */
  readonly scaler: Scaler;
}

/** FFmpeg's arguments for one decode and any number of renditions, all cut at the same times. */
export function encodeArguments(path: string, probe: Probe, { rungs, audio, scaler }: EncodeOutputs): string[] {
  const { video } = probe;
  if (video === undefined && rungs.length > 0) throw new RangeError("there is no picture to encode");
  const colours = video !== undefined && isToneMapped(video) ? bt709 : [];
  const graph = video === undefined || rungs.length === 0 ? [] : ["-filter_complex", cascade(video, rungs, scaler)];
  const pictures = rungs.flatMap(({ rung, path: output }, n) => [
    ...flags(`-map [v${n}] -c:v libx264 -preset ${rung.preset} -profile:v high -pix_fmt yuv420p`),
    ...flags(`-crf ${rung.crf} -maxrate ${rung.maxrateBps} -bufsize ${2 * rung.maxrateBps}`),
    ...rateAndLevel(rung, video === undefined ? 0 : uprightFps(video)),
    // By time, not by frame count: renditions must cut alike at any frame rate.
    ...flags("-force_key_frames expr:gte(t,n_forced*2) -sc_threshold 0 -fps_mode vfr"),
    ...colours,
    ...fragmented("video", output),
  ]);
  const sound = audio === undefined || probe.audio === undefined ? [] : soundArguments(probe.audio, audio);
  if (pictures.length + sound.length === 0) throw new RangeError("there is nothing to encode");
  return [...quiet, ...input(probe.demuxer, path), ...graph, ...pictures, ...sound];
}

/** Sound that browsers play already is not encoded again, whatever becomes of its picture. */
const soundArguments = (audio: AudioProbe, path: string): string[] =>
  isPlainAac(audio) ? copiedAudio(audio, path) : encodedAudio(audio.index, path);

const bt709 = flags("-color_primaries bt709 -color_trc bt709 -colorspace bt709");

/**
 * Filters that shift times lose the frame rate from FFmpeg 6.1 on. x264 would then take ticks for pictures, and claim a
 * level that devices refuse.
 */
function rateAndLevel(rung: Rung, fps: number): string[] {
  const { width, height, preset, maxrateBps } = rung;
  const known = fps > 0 ? fps : fpsWhereUnknown;
  // `ultrafast` uses nothing of the High profile, and x264 writes down a lower one.
  const coding = { keptPictures: keptPictures[preset], isHigh: preset !== "ultrafast" };
  const level = leastLevel({ width, height, fps: known, maxrateBps, bufferBits: 2 * maxrateBps, ...coding });
  return flags(`-x264-params fps=${Math.round(known * 1_000)}/1000 -level:v ${(level / 10).toFixed(1)}`);
}
/** x264 keeps four where pictures in between are predicted from others in between, which `ultrafast` does not do. */
const keptPictures = { ultrafast: 1, veryfast: 4, faster: 4 } as const;

/** `[0:0]UPRIGHT,scale,split=2[v0][x1];[x1]scale,split=2[v1][x2];[x2]scale[v2]`. */
function cascade(video: VideoProbe, rungs: EncodeOutputs["rungs"], scaler: Scaler): string {
  let from = filteredSize(video);
  return rungs
    .map(({ rung }, n) => {
      const input = n === 0 ? `[0:${video.index}]${[...pictureFilters(video), ...scalable].join(",")},` : `[x${n}]`;
      const isLast = n === rungs.length - 1;
      const scaled = [...scaleFilters(rung, from, scaler), "setsar=1"].join(",");
      from = rung;
      return `${input}${scaled}${isLast ? `[v${n}]` : `,split=2[v${n}][x${n + 1}]`}`;
    })
    .join(";");
}
