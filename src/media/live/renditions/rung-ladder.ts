import { flags } from "../../flags.ts";
import { pixelsMax } from "../../lock.ts";
import { limitsOf, ratioMin, sideOf } from "../../renditions/rung.ts";
import { isCommonPicture } from "./common-picture.ts";
import type { AudioFormat, VideoFormat } from "../../frames/frame.ts";

/** Another encoding of a live stream's pictures. */
export interface LiveRung {
  /** Also the name of its track, such as `480p`. */
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly maxrateBps: number;
  /** The container in which its encoder reads the source. */
  readonly input: "flv" | "matroska";
}

/** The first is the one that helps most viewers; a place for a second or third is of less use. */
const byUse = ["480p", "240p", "720p"] as const;

/** The rung of a source that browsers cannot play wherever they are: viewers have nothing else. */
const instead = ["720p", "480p", "360p", "240p"] as const;

/** FFmpeg reads HEVC and AV1 out of FLV since 6.1 alone. */
export const inputOf = ({ codec }: Pick<VideoFormat, "codec">): LiveRung["input"] =>
  codec === "h264" ? "flv" : "matroska";

/** The rungs below pictures of this format, the most useful first; one of pictures that browsers do not play everywhere. */
export function liveRungs(source: VideoFormat): LiveRung[] {
  const { width, height } = source;
  const side = Math.min(width, height);
  if (width * height > pixelsMax) return [];
  const names = isCommonPicture(source)
    ? byUse.filter((name) => side >= sideOf(name) * ratioMin)
    : instead.filter((name, n) => side >= sideOf(name) || n === instead.length - 1).slice(0, 1);
  return names.map((name) => {
    const scale = Math.min(1, sideOf(name) / side);
    return {
      name,
      width: even(width * scale),
      height: even(height * scale),
      input: inputOf(source),
      ...limitsFor(name),
    };
  });
}

const limitsFor = (name: string) => ({ maxrateBps: limitsOf(name).maxrateBps });
/** 4:2:0 needs even sides. */
const even = (side: number): number => Math.max(2, Math.floor(Math.round(side * 1000) / 2000) * 2);

/**
 * FFmpeg's arguments for one rung: pictures in FLV or Matroska in, FLV out, each picture at its own time, key frames where the
 * source has them, and nothing held back.
 */
export const rungArguments = ({ width, height, maxrateBps, input }: LiveRung): string[] => [
  ...flags("-hide_banner -nostdin -nostats -loglevel error -protocol_whitelist file,pipe -threads 1"),
  ...flags(`-max_pixels ${pixelsMax} -probesize 5000 -analyzeduration 0 -copyts -f ${input} -i pipe:0`),
  ...flags(`-map 0:v:0 -filter_threads 1 -vf scale=${width}:${height}:flags=bilinear,setsar=1`),
  ...flags("-c:v libx264 -preset veryfast -tune zerolatency -threads 1 -pix_fmt yuv420p -bf 0"),
  ...flags(`-crf 24 -maxrate ${maxrateBps} -bufsize ${maxrateBps} -g 9999 -sc_threshold 0`),
  ...flags("-force_key_frames source -vsync passthrough -enc_time_base 1:1000"),
  ...flags("-flush_packets 1 -flvflags no_duration_filesize -f flv pipe:1"),
];

/** Another encoding of a live stream's sound; also the name of its track. */
export const soundRung = "aac";
const soundBps = 128_000;

/**
 * FFmpeg's arguments for the sound: Matroska in, FLV with AAC out. Holes between its packets are silence, so that what
 * follows stays at its time; its own clock has no others, since packets are counted before (`min_hard_comp`: seconds).
 */
export const soundRungArguments = ({ channels }: AudioFormat): string[] => [
  ...flags("-hide_banner -nostdin -nostats -loglevel error -protocol_whitelist file,pipe -threads 1"),
  ...flags("-probesize 5000 -analyzeduration 0 -copyts -f matroska -i pipe:0"),
  ...flags("-map 0:a:0 -filter_threads 1 -af aresample=48000:async=1:min_hard_comp=0.02"),
  ...flags(`-c:a aac -b:a ${soundBps} -ac ${Math.min(2, channels)}`),
  ...flags("-flush_packets 1 -flvflags no_duration_filesize -f flv pipe:1"),
];
