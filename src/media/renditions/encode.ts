import { colourFlags, renditionColours } from "./colour.ts";
import { isPlainAac } from "./compatible.ts";
import { flags } from "../flags.ts";
import { leastLevel } from "./level.ts";
import { filmInputs, quiet } from "../lock.ts";
import { copiedAudio, encodedAudio, fragmentedOutput } from "./output.ts";
import type { AudioProbe, Probe, VideoProbe } from "../source/probe.ts";
import type { Rung } from "./rung.ts";
import { type Scaler, scaleFilters } from "./scaler.ts";
import { fpsWhereUnknown, pictureFilters, filteredSize, uprightFps } from "./picture-filters.ts";

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
  const colours = video === undefined ? [] : [...colourFlags(renditionColours(video)), "-bsf:v", fromZero];
  const graph = video === undefined || rungs.length === 0 ? [] : ["-filter_complex", cascade(video, rungs, scaler)];
  const pictures = rungs.flatMap(({ rung, path: output }, n) => [
    ...flags(`-map [v${n}] -c:v libx264 -preset ${rung.preset} -profile:v high -pix_fmt yuv420p`),
    ...flags(`-crf ${rung.crf} -maxrate ${rung.maxrateBps} -bufsize ${2 * rung.maxrateBps}`),
    ...rateAndLevel(rung, video === undefined ? 0 : uprightFps(video)),
    // By time, not by frame count: renditions must cut alike at any frame rate.
    ...flags("-force_key_frames expr:gte(t,n_forced*2) -sc_threshold 0 -fps_mode vfr"),
    ...colours,
    ...fragmentedOutput("video", output),
  ]);
  const inputs = filmInputs(path, probe);
  const sound =
    audio === undefined || probe.audio === undefined ? [] : soundArguments(probe.audio, audio, inputs.sound);
  if (pictures.length + sound.length === 0) throw new RangeError("there is nothing to encode");
  return [...quiet, ...inputs.args, ...graph, ...pictures, ...sound];
}

/** Sound that browsers play already is not encoded again, whatever becomes of its picture. */
const soundArguments = (audio: AudioProbe, path: string, from: number): string[] =>
  isPlainAac(audio) ? copiedAudio(audio, path, from) : encodedAudio(audio.index, path, from);

/**
 * Players drop a later start: the first picture stands in for it, and all others keep their times, in step with the sound.
 * A filter could not do that, for FFmpeg builds the graph anew where a picture changes its size.
 */
const fromZero = "setts=pts='if(N,PTS,0)':dts='if(N,DTS,DTS-PTS)'";

/**
 * Filters that shift times lose the frame rate from FFmpeg 6.1 on. x264 would then take ticks for pictures, and claim a
 * level that devices refuse.
 */
function rateAndLevel(rung: Rung, fps: number): string[] {
  const { width, height, preset, maxrateBps } = rung;
  const statedFps = fps > 0 ? fps : fpsWhereUnknown;
  // `ultrafast` uses nothing of the High profile, and x264 writes down a lower one.
  const coding = { keptPictures: keptPictures[preset], isHigh: preset !== "ultrafast" };
  const level = leastLevel({ width, height, fps: statedFps, maxrateBps, bufferBits: 2 * maxrateBps, ...coding });
  return flags(`-x264-params fps=${Math.round(statedFps * 1_000)}/1000 -level:v ${(level / 10).toFixed(1)}`);
}
/** x264 keeps four where pictures in between are predicted from others in between, which `ultrafast` does not do. */
const keptPictures = { ultrafast: 1, veryfast: 4, faster: 4 } as const;

/** `[0:0]UPRIGHT,scale,split=2[v0][x1];[x1]scale,split=2[v1][x2];[x2]scale[v2]`. */
function cascade(video: VideoProbe, rungs: EncodeOutputs["rungs"], scaler: Scaler): string {
  let from = filteredSize(video);
  return rungs
    .map(({ rung }, n) => {
      const input = n === 0 ? `[0:${video.index}]${pictureFilters(video).join(",")},` : `[x${n}]`;
      const isLast = n === rungs.length - 1;
      const scaled = [...scaleFilters(rung, from, scaler), "setsar=1"].join(",");
      from = rung;
      return `${input}${scaled}${isLast ? `[v${n}]` : `,split=2[v${n}][x${n + 1}]`}`;
    })
    .join(";");
}
