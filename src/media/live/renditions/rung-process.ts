import type { Child } from "../../process/children.ts";
import { FlvReader } from "../../flv/reader.ts";
import { FlvTracks } from "../../flv/tracks.ts";
import type { Frame } from "../../frames/frame.ts";
import type { RungPipe } from "./rung-pipe.ts";

/** The size of one encoded picture. */
const tagBytesMax = 8 * 2 ** 20;
const messageBytesMax = 2_048;

interface ProcessParts<F extends Frame> {
  readonly child: Child;
  readonly pipe: RungPipe<F>;
  /** It takes frames again. */
  readonly drained: () => void;
  /** Its output is not what an encoder says. */
  readonly broken: (error: unknown) => void;
}

/** One life of an encoder: frames go into its pipe and come out of the other, as FLV. */
export class RungProcess<F extends Frame> {
  readonly #parts: ProcessParts<F>;
  #isFull = false;
  #messages = "";

  constructor(parts: ProcessParts<F>) {
    this.#parts = parts;
    const { stdin, stdout, stderr } = parts.child;
    const reader = new FlvReader(tagBytesMax);
    const tracks = new FlvTracks();
    stdout.on("data", (bytes: Buffer) => {
      try {
        for (const tag of reader.read(bytes)) {
          const read = tracks.read(tag);
          if (read !== undefined) parts.pipe.read(read);
        }
      } catch (error) {
        stdout.removeAllListeners("data").resume();
        parts.broken(error);
      }
    });
    stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#messages = (this.#messages + text).slice(-messageBytesMax);
    });
    // The exit of the process is reported elsewhere.
    for (const pipe of [stdin, stdout, stderr]) pipe?.on("error", () => undefined);
    stdin?.on("drain", () => {
      this.#isFull = false;
      parts.drained();
    });
  }

  /** The last that it said: for logs. */
  get messages(): string {
    return this.#messages;
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  follows(frame: F): boolean {
    return this.#parts.pipe.follows(frame);
  }

  write(frame: F): void {
    const { child, pipe } = this.#parts;
    this.#isFull = child.stdin?.write(pipe.write(frame)) === false;
  }
}
