import { malformedRefusal, tooLargeRefusal, unsupportedRefusal } from "../frames/ingest-refusal.ts";
import type { FlvTag } from "./tag.ts";

const fileHeaderBytes = 9;
const tagHeaderBytes = 11;
const trailerBytes = 4;
/** The file header may announce more of itself, to be skipped. */
const fileHeaderBytesMax = 1024;

type Part = "file header" | "tag header" | "body" | "skipped";

/**
 * Reads the tags of an FLV file (Adobe Flash Video File Format 10.1 §E.2 to §E.4.1) from its bytes in pieces of any
 * size. It holds one tag at most, and copies its bytes once.
 */
export class FlvReader {
  readonly #bodyBytesMax: number;
  readonly #header = Buffer.alloc(tagHeaderBytes);
  #part: Part = "file header";
  #filled = 0;
  #body = Buffer.alloc(0);
  #skipped = 0;

  /** The format itself limits bodies to 16 MiB. */
  constructor(bodyBytesMax = 0xff_ff_ff) {
    this.#bodyBytesMax = bodyBytesMax;
  }

  /** The tags that these bytes complete. Each is to be taken before the next bytes are given. @throws IngestRefusal */
  *read(bytes: Buffer): Generator<FlvTag, void, undefined> {
    for (let at = 0; at < bytes.length || this.#isComplete(); ) {
      at += this.#fill(bytes, at);
      if (!this.#isComplete()) return;
      const tag = this.#advance();
      if (tag !== undefined) yield tag;
    }
  }

  #size(): number {
    switch (this.#part) {
      case "file header":
        return fileHeaderBytes;
      case "tag header":
        return tagHeaderBytes;
      case "body":
        return this.#body.length;
      case "skipped":
        return this.#skipped;
    }
  }

  #isComplete(): boolean {
    return this.#filled === this.#size();
  }

  #fill(bytes: Buffer, at: number): number {
    const count = Math.min(this.#size() - this.#filled, bytes.length - at);
    if (this.#part !== "skipped") {
      const target = this.#part === "body" ? this.#body : this.#header;
      bytes.copy(target, this.#filled, at, at + count);
    }
    this.#filled += count;
    return count;
  }

  #enter(part: Part): void {
    this.#part = part;
    this.#filled = 0;
  }

  #advance(): FlvTag | undefined {
    const header = this.#header;
    switch (this.#part) {
      case "file header": {
        if (header.toString("latin1", 0, 3) !== "FLV") throw malformedRefusal("the bytes are not FLV");
        const offset = header.readUInt32BE(5);
        if (offset < fileHeaderBytes || offset > fileHeaderBytesMax)
          throw malformedRefusal("the header of FLV has a wrong size");
        this.#skip(offset - fileHeaderBytes + trailerBytes);
        return undefined;
      }
      case "skipped":
        this.#enter("tag header");
        return undefined;
      case "tag header": {
        if (header.readUInt8(0) & 0x20) throw unsupportedRefusal("the tags of FLV are encrypted");
        const size = header.readUIntBE(1, 3);
        if (size > this.#bodyBytesMax) throw tooLargeRefusal(`a tag of FLV has more than ${this.#bodyBytesMax} bytes`);
        this.#body = Buffer.allocUnsafe(size);
        this.#enter("body");
        return undefined;
      }
      case "body": {
        const body = this.#body;
        this.#body = Buffer.alloc(0);
        this.#skip(trailerBytes);
        // The eight bits above the 24 follow them.
        const timestampMs = header.readUInt8(7) * 2 ** 24 + header.readUIntBE(4, 3);
        return { type: header.readUInt8(0) & 31, timestampMs, body };
      }
    }
  }

  #skip(bytes: number): void {
    this.#skipped = bytes;
    this.#enter("skipped");
  }
}
