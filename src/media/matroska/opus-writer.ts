import { opusHead, opusRate } from "../codec/opus.ts";

/** Elements (RFC 9559 §5.1) by their ids, with the bytes that these begin with. */
const ids = {
  ebml: [0x1a, 0x45, 0xdf, 0xa3],
  docType: [0x42, 0x82],
  docTypeVersion: [0x42, 0x87],
  docTypeReadVersion: [0x42, 0x85],
  segment: [0x18, 0x53, 0x80, 0x67],
  info: [0x15, 0x49, 0xa9, 0x66],
  timestampScale: [0x2a, 0xd7, 0xb1],
  tracks: [0x16, 0x54, 0xae, 0x6b],
  trackEntry: [0xae],
  trackNumber: [0xd7],
  trackUid: [0x73, 0xc5],
  trackType: [0x83],
  codecId: [0x86],
  codecPrivate: [0x63, 0xa2],
  audio: [0xe1],
  samplingFrequency: [0xb5],
  channels: [0x9f],
  cluster: [0x1f, 0x43, 0xb6, 0x75],
  timestamp: [0xe7],
  simpleBlock: [0xa3],
} as const;

/** Nanoseconds of one tick: a tenth of a millisecond, in which 20 ms and their sums are whole numbers. */
const tickNs = 100_000;
const ticksPerSecond = 1e9 / tickNs;
const soundType = 2;
/** Of track 1, at the time of its cluster, and decodable by itself (§10.2). */
const blockHead = Buffer.from([0x81, 0, 0, 0x80]);
/** The segment lasts as long as its stream. */
const unknownSize = Buffer.from([0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);

/** The start of a stream of Opus, up to its first packet. `config`: what the box `dOps` contains. */
export function opusStreamHead(config: Buffer, channels: number): Buffer {
  const head = opusHead(config);
  // Times are those of the first sample that is decoded: nothing is skipped.
  head.writeUInt16LE(0, 10);
  return Buffer.concat([
    element(
      ids.ebml,
      element(ids.docType, Buffer.from("matroska")),
      element(ids.docTypeVersion, uint(4)),
      element(ids.docTypeReadVersion, uint(2)),
    ),
    Buffer.from(ids.segment),
    unknownSize,
    element(ids.info, element(ids.timestampScale, uint(tickNs))),
    element(
      ids.tracks,
      element(
        ids.trackEntry,
        element(ids.trackNumber, uint(1)),
        element(ids.trackUid, uint(1)),
        element(ids.trackType, uint(soundType)),
        element(ids.codecId, Buffer.from("A_OPUS")),
        element(ids.codecPrivate, head),
        element(ids.audio, element(ids.samplingFrequency, float(opusRate)), element(ids.channels, uint(channels))),
      ),
    ),
  ]);
}

/** A packet as a cluster of its own, so that readers have it without what follows. `startSamples`: at 48 kHz. */
export const opusStreamPacket = (packet: Buffer, startSamples: number): Buffer =>
  element(
    ids.cluster,
    element(ids.timestamp, uint(Math.round((startSamples * ticksPerSecond) / opusRate))),
    element(ids.simpleBlock, blockHead, packet),
  );

/** Sizes of four bytes hold 2^28 − 2 (RFC 8794 §4). */
function element(id: readonly number[], ...body: readonly Buffer[]): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(body.reduce((sum, { length }) => sum + length, 0x1000_0000));
  return Buffer.concat([Buffer.from(id), size, ...body]);
}

function uint(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

function float(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
}
