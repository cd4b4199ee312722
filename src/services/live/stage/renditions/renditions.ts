import type { LiveEvent } from "#media/live/events";
import type { Frame } from "#media/frames/frame";
import type { RungState } from "#media/live/renditions/rung-encoder";

/** Further encodings of a stream, beside the copy that they never delay. */
export interface Renditions {
  /** The state of each rendition. */
  readonly states: readonly { readonly name: string; readonly state: RungState }[];
  /** Takes an event of the packager, which comes before the frames behind it. */
  follow(event: LiveEvent): void;
  /** A frame of the stream, on the output's clock. */
  frame(frame: Frame): void;
  end(): void;
}

/** All of these. */
export const joinRenditions = (all: readonly Renditions[]): Renditions => ({
  get states() {
    return all.flatMap(({ states }) => states);
  },
  follow(event) {
    for (const renditions of all) renditions.follow(event);
  },
  frame(frame) {
    for (const renditions of all) renditions.frame(frame);
  },
  end() {
    for (const renditions of all) renditions.end();
  },
});
