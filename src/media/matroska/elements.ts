/** Elements (RFC 9559 §5.1) by their ids, with the bytes that these begin with. */
export const ids = {
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
  video: [0xe0],
  pixelWidth: [0xb0],
  pixelHeight: [0xba],
  audio: [0xe1],
  samplingFrequency: [0xb5],
  channels: [0x9f],
  cluster: [0x1f, 0x43, 0xb6, 0x75],
  timestamp: [0xe7],
  simpleBlock: [0xa3],
} as const;

/** Nanoseconds of one tick: a tenth of a millisecond, in which 20 ms and their sums are whole numbers. */
const tickNs = 100_000;
export const ticksPerSecond = 1e9 / tickNs;
/** The segment lasts as long as its stream. */
const unknownSize = Buffer.from([0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);

interface Track {
  /** 1 for pictures, 2 for sound (RFC 9559 §5.1.4.1.3). */
  readonly type: 1 | 2;
  readonly codecId: string;
  readonly codecPrivate: Buffer;
  /** Elements of its kind: the size of pictures, the rate of sound. */
  readonly facts: Buffer;
}

/** The start of a stream of one track, up to its first packet. */
export const streamHead = ({ type, codecId, codecPrivate, facts }: Track): Buffer =>
  Buffer.concat([
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
        element(ids.trackType, uint(type)),
        element(ids.codecId, Buffer.from(codecId)),
        element(ids.codecPrivate, codecPrivate),
        facts,
      ),
    ),
  ]);

/** A packet as a cluster of its own, so that readers have it without what follows. `start`: ticks. */
export const streamPacket = (packet: Buffer, start: number, isKey: boolean): Buffer =>
  element(
    ids.cluster,
    element(ids.timestamp, uint(Math.round(start))),
    // The block is of track 1, at the time of its cluster (§10.2).
    element(ids.simpleBlock, Buffer.from([0x81, 0, 0, isKey ? 0x80 : 0]), packet),
  );

/** Sizes of four bytes hold 2^28 − 2 (RFC 8794 §4). */
export function element(id: readonly number[], ...body: readonly Buffer[]): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(body.reduce((sum, { length }) => sum + length, 0x1000_0000));
  return Buffer.concat([Buffer.from(id), size, ...body]);
}

export function uint(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

export function float(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
}
