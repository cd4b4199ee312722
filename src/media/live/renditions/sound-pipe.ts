import { opusRate } from "../../codec/opus.ts";
import { opusStreamHead, opusStreamPacket } from "../../matroska/opus-writer.ts";
import { type AudioFormat, type AudioFrame, type Format, type Frame, ticksPerSecond } from "../../frames/frame.ts";
import type { RungOutput, RungPipe } from "./rung-pipe.ts";
import { isOverlap, startOf } from "../sample-clock.ts";

/** An encoder fills shorter holes with silence. Behind a longer one another begins: silence would come too late. */
const holeSamplesMax = opusRate;
/** The encoder says what lies before the first sample, and times of FLV are not negative. */
const leadSamples = opusRate;

const ticksOf = (samples: number): number => (samples * ticksPerSecond) / opusRate;

/** Opus as Matroska in, since FFmpeg reads it out of FLV since 6.1 alone, and AAC as FLV out. */
export class SoundPipe implements RungPipe<AudioFrame> {
  readonly #source: AudioFormat;
  readonly #output: RungOutput<AudioFrame, AudioFormat>;
  /** Output time of the first frame, in samples: times in the pipe begin near 0. */
  #base: number | undefined;
  /** The start of the next frame, in samples. */
  #running: number | undefined;

  constructor(source: AudioFormat, output: RungOutput<AudioFrame, AudioFormat>) {
    this.#source = source;
    this.#output = output;
  }

  follows({ pts }: AudioFrame): boolean {
    const running = this.#running;
    return running === undefined || startOf(pts, running, opusRate) - running <= holeSamplesMax;
  }

  /** Nothing for a frame that lies in those before it: the source's own track has no place for it either. */
  write({ pts, samples, bytes }: AudioFrame): Buffer {
    const start = startOf(pts, this.#running, opusRate);
    if (isOverlap(start, pts, opusRate)) return Buffer.alloc(0);
    const head = this.#base === undefined ? [opusStreamHead(this.#source.config, this.#source.channels)] : [];
    this.#base ??= start;
    this.#running = start + samples;
    return Buffer.concat([...head, opusStreamPacket(bytes, start - this.#base + leadSamples)]);
  }

  /**
   * Passes on frames with times of the source. Frames that an encoder puts before the first sample have an earlier
   * time.
   */
  read(read: Format | Frame): void {
    if (read.kind !== "audio") return;
    if (!("pts" in read)) return this.#output.format(read);
    this.#output.frame({ ...read, pts: read.pts + ticksOf((this.#base ?? 0) - leadSamples) });
  }
}
