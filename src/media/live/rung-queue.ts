import { ticksPerSecond, type VideoFrame } from "./frame.ts";

/** An encoder that is further behind continues with the newest key frame. */
const behindTicksMax = 2 * ticksPerSecond;
/** Of pictures that wait, whatever their times say. */
const bytesMax = 16 * 2 ** 20;

/** Pictures that wait for an encoder. It begins with a key frame, also behind pictures that it left out. */
export class RungQueue {
  #frames: VideoFrame[] = [];
  #bytes = 0;
  #isAwaitingKey = true;
  #dropped = 0;

  get dropped(): number {
    return this.#dropped;
  }

  get length(): number {
    return this.#frames.length;
  }

  /** False where pictures were left out, because the encoder is too slow. */
  push(frame: VideoFrame): boolean {
    const [oldest] = this.#frames;
    const isBehind = oldest !== undefined && frame.dts - oldest.dts > behindTicksMax;
    const isSteady = !isBehind && this.#bytes + frame.bytes.length <= bytesMax;
    if (!isSteady) this.restart();
    if (this.#isAwaitingKey && !frame.isKey) {
      this.#dropped++;
      return isSteady;
    }
    this.#isAwaitingKey = false;
    this.#frames.push(frame);
    this.#bytes += frame.bytes.length;
    return isSteady;
  }

  take(): VideoFrame | undefined {
    const frame = this.#frames.shift();
    this.#bytes -= frame?.bytes.length ?? 0;
    return frame;
  }

  /** Nothing before the next key frame is of use. */
  restart(): void {
    this.#dropped += this.#frames.length;
    this.#frames = [];
    this.#bytes = 0;
    this.#isAwaitingKey = true;
  }
}
