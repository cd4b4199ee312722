import type { AudioProbe, Probe, VideoProbe } from "../source/probe.ts";
import { isTooFast } from "./rung.ts";

/** Why a picture cannot be published as it was uploaded. */
export type Obstacle =
  | "not_h264"
  | "not_8_bit_420"
  | "not_square"
  | "transformed"
  | "interlaced"
  | "keyframes_too_far"
  | "no_first_keyframe"
  | "late_start"
  | "too_fast"
  | "edited"
  | "damaged";

export interface Compatibility {
  /** The step that each needs before browsers play it; `copy` and `none` cost next to nothing. */
  readonly video: "copy" | "encode" | "none";
  readonly audio: "copy" | "encode" | "none";
  /** Present exactly when the picture has to be encoded. */
  readonly obstacle?: Obstacle;
}

/** Viewers wait for a key frame after each seek and switch. */
export const keyframeGapMsMax = 5000;
/**
 * Players drop the edit list that holds a later start, so a later start is lost: what was late comes early by as much.
 * Nobody notices sound that is early by this much (ITU-R BT.1359-1: 45 ms).
 */
export const startMsMax = 40;
const profiles = new Set(["Constrained Baseline", "Baseline", "Main", "High"]);

/** Decides whether a source can be repackaged immediately or must be encoded first. */
export function compatibility({ video, audio }: Probe): Compatibility {
  const obstacle = video === undefined ? undefined : obstacleOf(video);
  return {
    video: video === undefined ? "none" : obstacle === undefined ? "copy" : "encode",
    audio: audio === undefined ? "none" : isPlainAac(audio) ? "copy" : "encode",
    ...(obstacle !== undefined && { obstacle }),
  };
}

function obstacleOf(video: VideoProbe): Obstacle | undefined {
  if (video.codec !== "h264") return "not_h264";
  const isPlain = video.bitDepth === 8 && video.chroma === "4:2:0" && profiles.has(video.profile ?? "");
  if (!isPlain) return "not_8_bit_420";
  if (video.sar !== 1) return "not_square";
  if (video.isTransformed) return "transformed";
  if (video.fieldOrder !== "progressive" && video.fieldOrder !== "unknown") return "interlaced";
  if (!video.startsWithKeyframe) return "no_first_keyframe";
  if (video.keyframeGapMs > keyframeGapMsMax) return "keyframes_too_far";
  if (isTooFast(video.fps)) return "too_fast";
  // A copy would show what its author cut out.
  if (video.isEdited === true) return "edited";
  // FFmpeg conceals what a browser's decoder ends at.
  if (video.isDamaged === true) return "damaged";
  return video.startMs > startMsMax ? "late_start" : undefined;
}

/** More than two channels are mixed down, for a stereo rendition is always there. */
export const isPlainAac = (sound: AudioProbe): boolean => isCopied(sound) && sound.channels <= 2;

/** True if browsers with so many channels play it unchanged. */
export const isCopied = ({ codec, profile, startMs, isEdited = false }: AudioProbe): boolean =>
  codec === "aac" && !isEdited && (profile === undefined || profile === "LC") && Math.abs(startMs) <= startMsMax;
