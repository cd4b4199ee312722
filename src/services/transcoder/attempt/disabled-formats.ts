import type { Demuxer } from "#media/container";
import type { Probe } from "#media/probe";
import { MediaRejected } from "#media/rejection";

interface Off {
  readonly containers: readonly string[];
  readonly codecs: readonly string[];
}
/** What is known of a file: its container at once, its codecs later. */
type SourceFormat = Pick<Probe, "video" | "audio"> & { readonly demuxer: Demuxer };

/** What administrators switched off, as it was when an attempt began. */
export class DisabledFormats {
  readonly #off: Off;

  constructor(off: Off) {
    this.#off = off;
  }

  has({ demuxer, video, audio }: SourceFormat): boolean {
    const codecs = [video?.codec, audio?.codec].filter((codec) => codec !== undefined);
    return this.#off.containers.includes(demuxer) || codecs.some((codec) => this.#off.codecs.includes(codec));
  }

  /** @throws MediaRejected when it is not to be decoded now. */
  check(format: SourceFormat): void {
    if (this.has(format)) throw new MediaRejected("media.format_off");
  }
}
