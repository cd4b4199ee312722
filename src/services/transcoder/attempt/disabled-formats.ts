import type { Demuxer } from "#media/container";
import type { Probe } from "#media/source/probe";
import { MediaRejected } from "#media/rejection";

interface Off {
  readonly containers: readonly string[];
  readonly codecs: readonly string[];
}
/** What is known of a file: its container first, its codecs later. */
type SourceFormat = Pick<Probe, "video" | "audio" | "otherAudio" | "captions"> & { readonly demuxer: Demuxer };

/** What administrators switched off, as it was when an attempt began. */
export class DisabledFormats {
  readonly #off: Off;

  constructor(off: Off) {
    this.#off = off;
  }

  /** Whether a decoder that is switched off would be needed for any stream of the file. */
  has({ demuxer, video, audio, otherAudio = [], captions = [] }: SourceFormat): boolean {
    const streams = [video, audio, ...otherAudio, ...captions];
    return (
      this.#off.containers.includes(demuxer) ||
      streams.some((stream) => stream !== undefined && this.#off.codecs.includes(stream.codec))
    );
  }

  /** @throws MediaRejected when it is not to be decoded now. */
  check(format: SourceFormat): void {
    if (this.has(format)) throw new MediaRejected("media.format_off");
  }
}
