import { flvHeader, FlvWriter } from "../flv/writer.ts";
import { pictureStreamHead, pictureStreamPacket } from "../matroska/picture-writer.ts";
import { inputOf } from "./rung-ladder.ts";
import { type Format, type Frame, ticksPerSecond, type VideoFormat, type VideoFrame } from "./frame.ts";

/** What goes into an encoder and what comes out, in one life of it. */
export interface RungPipe<F extends Frame> {
  /** Whether the encoder can go on with this frame; otherwise another life begins with it. */
  follows(frame: F): boolean;
  /** The bytes of a frame, behind the headers before the first. */
  write(frame: F): Buffer;
  /** What the encoder has said, which goes on with the times of the source. */
  read(read: Format | Frame): void;
}

/** What becomes of the output of an encoder. */
export interface RungOutput<F extends Frame, T extends Format> {
  format(format: T): void;
  frame(frame: F): void;
}

/** Times in FLV are whole milliseconds. */
const roundingTicks = ticksPerSecond / 1_000;
const keysMax = 64;

/** Pictures as FLV or Matroska, and back from FLV. */
export class PicturePipe implements RungPipe<VideoFrame> {
  readonly #source: VideoFormat;
  readonly #output: RungOutput<VideoFrame, VideoFormat>;
  readonly #writer = new FlvWriter();
  /** How much earlier the key frames of the source are decoded than shown, by their time of showing. */
  readonly #keys: { readonly pts: number; readonly lead: number }[] = [];
  #lead = 0;
  #hasBegun = false;

  constructor(source: VideoFormat, output: RungOutput<VideoFrame, VideoFormat>) {
    this.#source = source;
    this.#output = output;
  }

  follows(): boolean {
    return true;
  }

  write(frame: VideoFrame): Buffer {
    if (frame.isKey) this.#keys.push({ pts: frame.pts, lead: frame.pts - frame.dts });
    if (this.#keys.length > keysMax) this.#keys.shift();
    const head = this.#hasBegun ? [] : this.#head(frame);
    this.#hasBegun = true;
    const isFlv = inputOf(this.#source) === "flv";
    return Buffer.concat([...head, isFlv ? this.#writer.frame(frame) : pictureStreamPacket(frame)]);
  }

  #head({ dts }: VideoFrame): Buffer[] {
    if (inputOf(this.#source) === "matroska") return [pictureStreamHead(this.#source)];
    return [flvHeader({ hasVideo: true, hasAudio: false }), this.#writer.format(this.#source, dts)];
  }

  /** With the decode times of the source. */
  read(read: Format | Frame): void {
    if (read.kind !== "video") return;
    if (!("dts" in read)) return this.#output.format(read);
    if (read.isKey) {
      const at = this.#keys.findIndex(({ pts }) => Math.abs(pts - read.pts) <= roundingTicks);
      this.#lead = (at < 0 ? undefined : this.#keys.splice(0, at + 1).at(-1)?.lead) ?? this.#lead;
    }
    this.#output.frame({ ...read, dts: Math.max(0, read.dts - this.#lead) });
  }
}
