import { malformedRefusal, tooLargeRefusal } from "../frames/ingest-refusal.ts";

/** A decoder configuration record of pictures, read. */
export interface PictureConfig {
  /** The record for a container whose NAL units have lengths of four bytes. */
  readonly config: Buffer;
  /** How many bytes the length before each NAL unit of the publisher has; 0 for a codec without NAL units. */
  readonly lengthBytes: number;
  readonly size: PictureSize;
}

/** Pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** The side that `media.too_many_pixels` allows for files. */
const sideMax = 16_384;
const configBytesMax = 65_536;

/** @throws IngestRefusal where no picture of this size is taken */
export function pictureSize(width: number, height: number): PictureSize {
  if (width < 1 || height < 1) throw malformedRefusal("the picture has no size");
  if (width > sideMax || height > sideMax) throw tooLargeRefusal(`the picture is larger than ${sideMax} pixels a side`);
  return { width, height };
}

/** A copy of the record. @throws IngestRefusal where it has fewer bytes than its fixed part, or very many */
export function configCopy(record: Uint8Array, bytesMin: number): Buffer {
  if (record.length < bytesMin) throw malformedRefusal("the decoder configuration is cut off");
  if (record.length > configBytesMax)
    throw tooLargeRefusal(`the decoder configuration is larger than ${configBytesMax} bytes`);
  return Buffer.from(record);
}

/** Bytes of NAL lengths, from the two bits that every record has for it: one less, and never three. */
export function lengthBytesOf(bits: number): number {
  if (bits === 2) throw malformedRefusal("lengths of NAL units have three bytes");
  return bits + 1;
}

/** The unit of which the length of two bytes is at `at`. */
export function unitAt(record: Buffer, at: number): Buffer {
  if (at + 2 > record.length) throw malformedRefusal("the decoder configuration is cut off");
  const end = at + 2 + record.readUInt16BE(at);
  if (end > record.length) throw malformedRefusal("the decoder configuration is cut off");
  return record.subarray(at + 2, end);
}
