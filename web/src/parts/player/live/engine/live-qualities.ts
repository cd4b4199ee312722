import type { Level } from "hls.js";
import type { Quality } from "../../engine/engine-port.ts";
import { qualitiesOf } from "../../engine/engine.ts";

/** The sound to play where a stream has it in several codecs: the one that was sent, in the player's name for it. */
export const preferredSound = "opus";

/**
 * The renditions of a live stream that can be chosen. Its pictures are there once more with each other codec of the
 * sound.
 */
export function liveQualities(levels: readonly Pick<Level, "width" | "height" | "audioCodec">[]): Quality[] {
  const isPreferred = (index: number) => levels[index]?.audioCodec?.toLowerCase() === preferredSound;
  const all = qualitiesOf(levels);
  return all.some(({ index }) => isPreferred(index)) ? all.filter(({ index }) => isPreferred(index)) : all;
}
