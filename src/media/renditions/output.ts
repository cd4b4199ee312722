import { flags } from "../flags.ts";
import { fileUrl } from "../lock.ts";
import type { AudioProbe } from "../source/probe.ts";

/** The arguments that cut fragments: video at key frames about 2 s apart, audio every 2 s. */
const fragments = {
  video: "-movflags +frag_keyframe+delay_moov+default_base_moof+global_sidx -min_frag_duration 1900000",
  audio: "-movflags +delay_moov+default_base_moof+global_sidx -frag_duration 2000000",
} as const;

/**
 * The end of an output: one fragmented MP4 (ftyp moov sidx (moof mdat)*), without the source's tags. `delay_moov` keeps
 * sound and picture in step: without it the encoder's run-up (B-frames, AAC priming) turns into delay.
 */
export const fragmentedOutput = (kind: "video" | "audio", path: string): string[] => [
  ...flags(`-map_metadata -1 -map_chapters -1 ${fragments[kind]} -f mp4`),
  fileUrl(path),
];

/** A start a little after the other stream's would be written as an edit list that players misread. */
export const fromZero = "setts=pts=PTS-STARTPTS:dts=DTS-STARTPTS";

/** The sound as it is. Transport streams carry AAC with a header on each frame, which MP4 has once; other sources pass unchanged. */
export const copiedAudio = ({ index, startMs }: AudioProbe, path: string, input = 0): string[] => [
  ...flags(`-map ${input}:${index} -c copy -bsf:a aac_adtstoasc${startMs === 0 ? "" : `,${fromZero}`}`),
  ...fragmentedOutput("audio", path),
];

/** Stereo AAC at 48 kHz that starts with the picture: a late start is filled with silence, drift is evened out. */
export const encodedAudio = (streamIndex: number, path: string, input = 0): string[] => [
  ...flags(`-map ${input}:${streamIndex} -af aresample=async=1:first_pts=0 -ac 2 -ar 48000 -c:a aac -b:a 128k`),
  ...fragmentedOutput("audio", path),
];

/** The same in 5.1, at three times the bits for three times the channels. */
export const encodedSurround = (streamIndex: number, path: string): string[] => [
  ...flags(`-map 0:${streamIndex} -af aresample=async=1:first_pts=0,aformat=channel_layouts=5.1 -ar 48000`),
  ...flags("-c:a aac -b:a 384k"),
  ...fragmentedOutput("audio", path),
];
