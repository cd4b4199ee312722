import { unitAt } from "../codec/picture-config.ts";
import { withFourByteLengths } from "../codec/nal.ts";

/** Fits a packet on a usual path, with the headers of RTP, SRTP, UDP and IP. */
const payloadBytesMax = 1_180;
const fuA = 28;

/** The parameter sets of what the box `avcC` contains. @throws IngestRefusal */
export function parameterSets(config: Buffer): Buffer[] {
  const sets: Buffer[] = [];
  let at = 6;
  const take = (count: number): void => {
    for (let n = 0; n < count; n++) {
      const unit = unitAt(config, at);
      sets.push(unit);
      at += 2 + unit.length;
    }
  };
  take((config[5] ?? 0) & 31);
  take(config[at++] ?? 0);
  return sets;
}

/** Payloads of one picture (RFC 6184 §5.6, §5.8); the last of them has the marker. @throws IngestRefusal */
export function h264Payloads(picture: Buffer, before: readonly Buffer[] = []): Buffer[] {
  return [...before, ...unitsOf(picture)].flatMap((unit) =>
    unit.length <= payloadBytesMax ? [unit] : fragmentsOf(unit),
  );
}

/** The NAL units of a picture, which have lengths of four bytes before them. @throws IngestRefusal */
function unitsOf(picture: Buffer): Buffer[] {
  const bytes = withFourByteLengths(picture, 4);
  const units: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 4 + bytes.readUInt32BE(at);
    units.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return units;
}

function fragmentsOf(unit: Buffer): Buffer[] {
  const [header = 0] = unit;
  const size = payloadBytesMax - 2;
  const count = Math.ceil((unit.length - 1) / size);
  return Array.from({ length: count }, (_, n) => {
    const from = 1 + n * size;
    const edge = (n === 0 ? 0x80 : 0) | (n === count - 1 ? 0x40 : 0);
    return Buffer.concat([
      Buffer.from([(header & 0xe0) | fuA, edge | (header & 31)]),
      unit.subarray(from, Math.min(unit.length, from + size)),
    ]);
  });
}
