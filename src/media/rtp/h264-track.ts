import { h264Config } from "../codec/h264.ts";
import type { VideoFormat } from "../frames/frame.ts";
import { IngestRefusal } from "../frames/ingest-refusal.ts";
import type { AccessUnit } from "./h264-depacketizer.ts";

const types = { idr: 5, sequenceSet: 7, pictureSet: 8, delimiter: 9 } as const;
const setsMax = 8;
const typeOf = (unit: Buffer): number => (unit[0] ?? 0) & 31;

/** A picture as containers have it. */
export interface Picture {
  readonly isKey: boolean;
  /** The format, if it differs from the one before. */
  readonly format?: VideoFormat;
  /** NAL units with lengths of four bytes before them. */
  readonly bytes: Buffer;
}

/** Turns access units into pictures: parameter sets go to the format, and nothing comes before the first of them. */
export class H264Track {
  #format: VideoFormat | undefined;
  #needsKey = true;

  /** Drops pictures until a key frame comes, because they refer to a missing one. */
  lose(): void {
    this.#needsKey = true;
  }

  /** Undefined for a unit that cannot be decoded after those before. @throws IngestRefusal */
  read({ units }: AccessUnit): Picture | undefined {
    const isKey = units.some((unit) => typeOf(unit) === types.idr);
    const sequenceSets = units.filter((unit) => typeOf(unit) === types.sequenceSet);
    const pictureSets = units.filter((unit) => typeOf(unit) === types.pictureSet);
    const former = this.#format;
    if (sequenceSets.length > 0 && pictureSets.length > 0) this.#format = formatOf(sequenceSets, pictureSets, former);
    if (this.#format === undefined || (this.#needsKey && !isKey)) return undefined;
    const slices = units.filter((unit) => !parameterTypes.has(typeOf(unit)));
    if (slices.length === 0) return undefined;
    this.#needsKey = false;
    const format = this.#format === former ? undefined : this.#format;
    return {
      isKey,
      bytes: Buffer.concat(slices.flatMap((unit) => [lengthOf(unit, 4), unit])),
      ...(format && { format }),
    };
  }
}

const parameterTypes: ReadonlySet<number> = new Set([types.sequenceSet, types.pictureSet, types.delimiter]);

/** The same object where nothing has changed. */
function formatOf(
  sequenceSets: readonly Buffer[],
  pictureSets: readonly Buffer[],
  former: VideoFormat | undefined,
): VideoFormat {
  if (sequenceSets.length > setsMax || pictureSets.length > setsMax)
    throw new IngestRefusal("too_large", "there are too many parameter sets in one picture");
  const [first = Buffer.alloc(0)] = sequenceSets;
  if (first.length < 4) throw new IngestRefusal("malformed", "the sequence parameter set is cut off");
  // ISO/IEC 14496-15 §5.3.3.1.
  const record = Buffer.concat([
    Buffer.from([1, first[1] ?? 0, first[2] ?? 0, first[3] ?? 0, 0xff, 0xe0 | sequenceSets.length]),
    ...sequenceSets.flatMap((unit) => [lengthOf(unit, 2), unit]),
    Buffer.from([pictureSets.length]),
    ...pictureSets.flatMap((unit) => [lengthOf(unit, 2), unit]),
  ]);
  if (former?.config.equals(record)) return former;
  const { config, size } = h264Config(record);
  return { kind: "video", codec: "h264", config, ...size };
}

function lengthOf(unit: Buffer, bytes: 2 | 4): Buffer {
  if (bytes === 2 && unit.length > 0xff_ff) throw new IngestRefusal("too_large", "a parameter set is too large");
  const length = Buffer.alloc(bytes);
  length.writeUIntBE(unit.length, 0, bytes);
  return length;
}
