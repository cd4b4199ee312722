import { flags } from "./flags.ts";
import { isAbsolute } from "node:path";
import type { Demuxer } from "./container.ts";
import type { Notice } from "./notice.ts";

/** Pixels of one decoded picture: 8192x4352. More is refused before anything is decoded. */
export const pixelsMax = 35_651_584;

/**
 * The options that go before every `-i`: the demuxer decided from content, files and pipes as the only protocols, and
 * no giant pictures. The protocol list alone is not enough: a playlist named .mp4 reads other files without the demuxer.
 */
const lock = (demuxer: Demuxer): string[] =>
  flags(`-protocol_whitelist file,pipe -max_pixels ${pixelsMax} -f ${demuxer}`);

/** A path as FFmpeg may see it: absolute and with its protocol, so that it is never an option or a URL. */
export function fileUrl(path: string): string {
  if (!isAbsolute(path) || path.includes("\0")) throw new RangeError("a path for FFmpeg must be absolute");
  return `file:${path}`;
}

/** A locked input: `lock` and the file itself. */
export const input = (demuxer: Demuxer, path: string): string[] => [...lock(demuxer), "-i", fileUrl(path)];

/**
 * The inputs of a film, and the number of the input with its sound. In a file that is cut off, FFmpeg ends an input
 * with its first stream that ends. So the sound gets an input of its own.
 */
export function filmInputs(path: string, { demuxer, notices = [] }: Film): { args: string[]; sound: 0 | 1 } {
  const once = input(demuxer, path);
  return notices.includes("media.end_missing") ? { args: [...once, ...once], sound: 1 } : { args: once, sound: 0 };
}
interface Film {
  readonly demuxer: Demuxer;
  readonly notices?: readonly Notice[];
}

/**
 * The first arguments of every FFmpeg run; progress goes to standard output, messages to standard error. Outputs are in
 * a folder of its own, where only a run that was given up can have left something.
 */
export const quiet = flags("-y -hide_banner -nostdin -nostats -loglevel warning -progress pipe:1");
