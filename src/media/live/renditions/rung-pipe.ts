import { flvHeader, FlvWriter } from "../../flv/writer.ts";
import { pictureStreamHead, pictureStreamPacket } from "../../matroska/picture-writer.ts";
import { inputOf } from "./rung-ladder.ts";
import { type Format, type Frame, ticksPerSecond, type VideoFormat, type VideoFrame } from "../../frames/frame.ts";

/** The bytes into and out of an encoder, in one life of it. */
export interface RungPipe<F extends Frame> {
  /** True if the encoder can go on with this frame; otherwise another life begins with it. */
  follows(frame: F): boolean;
  /** The bytes of a frame, behind the headers before the first. */
  write(frame: F): Buffer;
  /** Receives the encoder's output, and passes it on with the times of the source. */
  read(read: Format | Frame): void;
}

/** The receiver of an encoder's output. */
export interface RungOutput<F extends Frame, T extends Format> {
  format(format: T): void;
  frame(frame: F): void;
}

/**
 * Times in FLV are whole milliseconds; where pictures of the source are not in the order of their times of showing, FFmpeg
 * goes by the times of decoding.
 */
const awayTicksMax = ticksPerSecond / 4;
const keysMax = 64;

/** Pictures as FLV or Matroska, and back from FLV. */
export class PicturePipe implements RungPipe<VideoFrame> {
  readonly #source: VideoFormat;
  readonly #output: RungOutput<VideoFrame, VideoFormat>;
  readonly #writer = new FlvWriter();
  /** The key frames of the source that have not come back. */
  readonly #keys: Pick<VideoFrame, "pts" | "dts">[] = [];
  /** How much later than in the source pictures are decoded and shown. */
  #later = { dts: 0, pts: 0 };
  #hasBegun = false;

  constructor(source: VideoFormat, output: RungOutput<VideoFrame, VideoFormat>) {
    this.#source = source;
    this.#output = output;
  }

  follows(): boolean {
    return true;
  }

  write(frame: VideoFrame): Buffer {
    if (frame.isKey) this.#keys.push({ pts: frame.pts, dts: frame.dts });
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

  /** With the times of the source, whose newest key frame has come back. */
  read(read: Format | Frame): void {
    if (read.kind !== "video") return;
    if (!("dts" in read)) return this.#output.format(read);
    const key = read.isKey ? this.#takeKey(read.pts) : undefined;
    if (key !== undefined) this.#later = { dts: read.dts - key.dts, pts: read.pts - key.pts };
    const dts = Math.max(0, read.dts - this.#later.dts);
    this.#output.frame({ ...read, dts, pts: Math.max(dts, read.pts - this.#later.pts) });
  }

  /** The key frame of the source that is shown nearest to a time; it and those before it have come back. */
  #takeKey(pts: number): Pick<VideoFrame, "pts" | "dts"> | undefined {
    const away = this.#keys.map((key) => Math.abs(key.pts - pts));
    const least = Math.min(...away);
    return least <= awayTicksMax ? this.#keys.splice(0, away.indexOf(least) + 1).at(-1) : undefined;
  }
}
