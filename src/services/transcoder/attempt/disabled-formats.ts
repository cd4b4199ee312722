import type { Demuxer } from "#media/container";
import type { Probe } from "#media/source/probe";
import { MediaRejected } from "#media/rejection";

interface Off {
  readonly containers: readonly string[];
  readonly codecs: readonly string[];
}
/** The formats of a file: its container is known first, its codecs later. */
type SourceFormat = Pick<Probe, "video" | "audio" | "otherAudio" | "captions"> & { readonly demuxer: Demuxer };

/** The formats that administrators had switched off when the attempt began. */
export class DisabledFormats {
  readonly #off: Off;

  constructor(off: Off) {
    this.#off = off;
  }

  /** True if any stream of the file needs a decoder that is switched off. */
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
