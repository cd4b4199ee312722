import type { Child } from "../children.ts";
import { FlvReader } from "../flv/reader.ts";
import { FlvTracks } from "../flv/tracks.ts";
import { flvHeader, FlvWriter } from "../flv/writer.ts";
import { ticksPerSecond, type VideoFormat, type VideoFrame } from "./frame.ts";

/** Of one encoded picture. */
const tagBytesMax = 8 * 2 ** 20;
const messageBytesMax = 2_048;
/** Times in FLV are whole milliseconds. */
const roundingTicks = ticksPerSecond / 1_000;
const keysMax = 64;

interface ProcessParts {
  readonly child: Child;
  readonly source: VideoFormat;
  readonly format: (format: VideoFormat) => void;
  /** With the decode times of the source. */
  readonly frame: (frame: VideoFrame) => void;
  /** It takes pictures again. */
  readonly drained: () => void;
  /** Its output is not what an encoder says. */
  readonly broken: (error: unknown) => void;
}

/** One life of an encoder: pictures go into its pipe and come out of the other, as FLV. */
export class RungProcess {
  readonly #parts: ProcessParts;
  readonly #writer = new FlvWriter();
  /** How much earlier the key frames of the source are decoded than shown, by their time of showing. */
  readonly #keys: { readonly pts: number; readonly lead: number }[] = [];
  #lead = 0;
  #hasBegun = false;
  #isFull = false;
  #messages = "";

  constructor(parts: ProcessParts) {
    this.#parts = parts;
    const { stdin, stdout, stderr } = parts.child;
    const reader = new FlvReader(tagBytesMax);
    const tracks = new FlvTracks();
    stdout.on("data", (bytes: Buffer) => {
      try {
        for (const tag of reader.read(bytes)) {
          const read = tracks.read(tag);
          if (read?.kind === "video") this.#came(read);
        }
      } catch (error) {
        stdout.removeAllListeners("data").resume();
        parts.broken(error);
      }
    });
    stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#messages = (this.#messages + text).slice(-messageBytesMax);
    });
    // Its end is known otherwise.
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

  write(frame: VideoFrame): void {
    const { stdin } = this.#parts.child;
    if (frame.isKey) this.#keys.push({ pts: frame.pts, lead: frame.pts - frame.dts });
    if (this.#keys.length > keysMax) this.#keys.shift();
    const head = this.#hasBegun
      ? []
      : [flvHeader({ hasVideo: true, hasAudio: false }), this.#writer.format(this.#parts.source, frame.dts)];
    this.#hasBegun = true;
    this.#isFull = stdin?.write(Buffer.concat([...head, this.#writer.frame(frame)])) === false;
  }

  #came(read: VideoFormat | VideoFrame): void {
    if (!("dts" in read)) return this.#parts.format(read);
    if (read.isKey) {
      const at = this.#keys.findIndex(({ pts }) => Math.abs(pts - read.pts) <= roundingTicks);
      this.#lead = (at < 0 ? undefined : this.#keys.splice(0, at + 1).at(-1)?.lead) ?? this.#lead;
    }
    this.#parts.frame({ ...read, dts: Math.max(0, read.dts - this.#lead) });
  }
}
