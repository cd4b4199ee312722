import { malformedRefusal } from "../frames/ingest-refusal.ts";

/** Opus counts its samples at this rate whatever was recorded (RFC 7845 §4). Hertz. */
export const opusRate = 48_000;

const headMagic = Buffer.from("OpusHead");
const headBytes = 19;

/**
 * Turns an identification header (RFC 7845 §5.1, little endian) into the contents of the box `dOps`. The box is defined
 * in Encapsulation of Opus in ISO Base Media File Format §4.3.2 (big endian, version 0). An empty header means stereo
 * (Enhanced RTMP v2, "Opus Sequence header"). @throws IngestRefusal
 */
export function opusConfig(head: Buffer): Buffer {
  if (head.length === 0) return Buffer.from([0, 2, 0, 0, 0, 0, 0xbb, 0x80, 0, 0, 0]);
  if (head.length < headBytes || !head.subarray(0, 8).equals(headMagic))
    throw malformedRefusal("the header of Opus is not one");
  const channels = head[9] ?? 0;
  const mapping = head[18] ?? 0;
  if (channels === 0 || (mapping === 0 && channels > 2))
    throw malformedRefusal("the header of Opus has no known channels");
  const tableBytes = mapping === 0 ? 0 : 2 + channels;
  if (head.length < headBytes + tableBytes) throw malformedRefusal("the header of Opus is cut off");
  const config = Buffer.from(head.subarray(8, headBytes + tableBytes));
  config[0] = 0;
  config.subarray(2, 4).swap16();
  config.subarray(4, 8).swap32();
  config.subarray(8, 10).swap16();
  return config;
}

/** The inverse of `opusConfig`. */
export function opusHead(config: Buffer): Buffer {
  const head = Buffer.concat([headMagic, config]);
  head[8] = 1;
  head.subarray(10, 12).swap16();
  head.subarray(12, 16).swap32();
  head.subarray(16, 18).swap16();
  return head;
}

/** Samples of a packet at 48 kHz (RFC 6716 §3.1, §3.2). @throws IngestRefusal */
export function opusSamples(packet: Uint8Array): number {
  const [first, second] = packet;
  if (first === undefined) throw malformedRefusal("a packet of Opus is empty");
  const configuration = first >> 3;
  const size =
    configuration < 12
      ? ([480, 960, 1920, 2880][configuration & 3] ?? 0)
      : configuration < 16
        ? ([480, 960][configuration & 1] ?? 0)
        : ([120, 240, 480, 960][configuration & 3] ?? 0);
  const code = first & 3;
  const frames = code === 0 ? 1 : code < 3 ? 2 : (second ?? 0) & 63;
  const samples = size * frames;
  if (samples === 0 || samples > 5760)
    throw malformedRefusal("a packet of Opus is not between 2.5 and 120 milliseconds long");
  return samples;
}
