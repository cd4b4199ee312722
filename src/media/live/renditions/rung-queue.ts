import { type Frame, ticksPerSecond } from "../../frames/frame.ts";

/** An encoder that is further behind continues with the newest key frame. */
const behindTicksMax = 2 * ticksPerSecond;
/** The most bytes of waiting frames, whatever their times are. */
const bytesMax = 16 * 2 ** 20;

/** Frames that wait for an encoder. It begins with a key frame or with sound, also behind frames that it left out. */
export class RungQueue<F extends Frame> {
  #frames: F[] = [];
  #bytes = 0;
  #isAwaitingKey = true;
  #dropped = 0;

  get dropped(): number {
    return this.#dropped;
  }

  get length(): number {
    return this.#frames.length;
  }

  get first(): F | undefined {
    return this.#frames[0];
  }

  /** False where frames were left out, because the encoder is too slow. */
  push(frame: F): boolean {
    const [oldest] = this.#frames;
    const isBehind = oldest !== undefined && timeOf(frame) - timeOf(oldest) > behindTicksMax;
    const isSteady = !isBehind && this.#bytes + frame.bytes.length <= bytesMax;
    if (!isSteady) this.restart();
    if (this.#isAwaitingKey && frame.kind === "video" && !frame.isKey) {
      this.#dropped++;
      return isSteady;
    }
    this.#isAwaitingKey = false;
    this.#frames.push(frame);
    this.#bytes += frame.bytes.length;
    return isSteady;
  }

  take(): F | undefined {
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

const timeOf = (frame: Frame): number => (frame.kind === "video" ? frame.dts : frame.pts);
