import { type Box, boxAt, headerBytesMax, Mp4Malformed } from "./box.ts";
import { readFragment } from "./fragment.ts";
import { readTrack, type Track } from "./track.ts";

/** Bytes of a file, from an offset, as many as asked for or as there are. */
export type Read = (offset: number, length: number) => Promise<Uint8Array>;

export interface ByteRange {
  readonly offset: number;
  readonly size: number;
}

/**
 * Everything manifests need of one rendition, so that they are made without its file. Plain JSON; segments are columns
 * of equal length, for a film has thousands. Segments follow one another without a gap, unless `segmentOffsets` is there.
 */
export interface TrackIndex {
  readonly kind: "video" | "audio";
  /** RFC 6381, such as `avc1.64001f`. */
  readonly codec: string;
  /** Ticks a second. */
  readonly timescale: number;
  readonly width: number;
  readonly height: number;
  /** The channels of a sound, where its header says so; missing in indexes of older versions. */
  readonly channels?: number;
  readonly sizeBytes: number;
  /** `ftyp` and `moov`: what every player reads first. */
  readonly init: ByteRange;
  /** The `sidx` box, which DASH players read next. */
  readonly sidx?: ByteRange;
  readonly durationTicks: number;
  readonly samples: number;
  /** Bits a second: of the busiest segment, and of all. */
  readonly peakBps: number;
  readonly averageBps: number;
  /** The offset of the first segment. */
  readonly segmentsOffset: number;
  /**
   * The offset of each segment, in a file where segments of other tracks lie between: the recording of a live stream.
   */
  readonly segmentOffsets?: readonly number[];
  /** Decode time of each segment, where they do not follow from the durations. */
  readonly segmentStarts?: readonly number[];
  /** Numbers of the segments whose time does not follow from the one before, the same for all tracks of a recording. */
  readonly discontinuities?: readonly number[];
  /** 0 where a recording has no frame of the track. */
  readonly segmentBytes: readonly number[];
  readonly segmentTicks: readonly number[];
  /** From the segment's start to the end of its first picture; 0 where that is no key frame, and for sound. */
  readonly keyframeBytes: readonly number[];
}

export interface Segment extends ByteRange {
  readonly number: number;
  readonly durationTicks: number;
  readonly startsWithKeyframe: boolean;
  /** The range for an I-frame playlist, `undefined` without a key frame. */
  readonly keyframe: ByteRange | undefined;
}

const moovBytesMax = 16 * 1024 ** 2;
const moofBytesMax = 4 * 1024 ** 2;
const segmentsMax = 100_000;
/** One read usually brings a whole `moof` and the header of the `mdat` behind it. */
const readAhead = 8192;

/** Reads the index of a fragmented MP4 with one track, never its samples. Throws `Mp4Malformed`. */
export async function indexTrack(read: Read, sizeBytes: number): Promise<TrackIndex> {
  let initBytes = 0;
  let sidx: ByteRange | undefined;
  let isOpen = false;
  let track: Track | undefined;
  const segments: { offset: number; size: number; start: number; ticks: number; keyframe: number }[] = [];
  let samples = 0;

  for (let at = 0; at < sizeBytes; ) {
    const window = viewOf(await read(at, Math.min(readAhead, sizeBytes - at)));
    if (window.byteLength < Math.min(headerBytesMax, sizeBytes - at))
      throw new Mp4Malformed("the file is shorter than it is");
    const box = boxAt(window, at, sizeBytes, at);
    at = box.end;
    if (box.type === "moov") {
      if (track !== undefined) throw new Mp4Malformed("a second moov");
      const moov = await whole(read, box, window, moovBytesMax);
      track = readTrack(moov.view, moov.box);
      initBytes = box.end;
    } else if (box.type === "sidx") {
      if (segments.length > 0) continue;
      sidx = { offset: box.start, size: box.end - box.start };
    } else if (box.type === "moof") {
      if (track === undefined) throw new Mp4Malformed("a moof before moov");
      if (isOpen) throw new Mp4Malformed("a moof without its mdat");
      isOpen = true;
      const moof = await whole(read, box, window, moofBytesMax);
      const fragment = readFragment(moof.view, moof.box, track);
      const size = box.end - box.start;
      samples += fragment.samples;
      const keyframe = fragment.startsWithKeyframe && track.kind === "video" ? fragment.firstSampleEnd : 0;
      const { startTicks: start, durationTicks: ticks } = fragment;
      // A segment lasts until the next one, whatever its samples say: some muxers leave out how long a last one lasts.
      const before = segments.at(-1);
      if (before !== undefined && start > before.start) before.ticks = start - before.start;
      segments.push({ offset: box.start, size, start, ticks, keyframe });
    } else if (box.type === "mdat") {
      const segment = segments.at(-1);
      if (!isOpen || segment === undefined) throw new Mp4Malformed("an mdat without its moof");
      segment.size = box.end - segment.offset;
      if (segment.keyframe > segment.size) throw new Mp4Malformed("a picture ends outside of its segment");
      isOpen = false;
      if (segments.length > segmentsMax) throw new Mp4Malformed("too many segments");
    }
  }
  const first = segments[0];
  if (track === undefined || first === undefined || isOpen)
    throw new Mp4Malformed("the file is not a finished fragmented MP4");
  if (segments.every(({ ticks }) => ticks === 0)) throw new Mp4Malformed("the file lasts no time");
  const gap = segments.find(({ offset }, n) => n > 0 && offset !== endOf(segments[n - 1]));
  if (gap !== undefined) throw new Mp4Malformed(`a gap before the segment at ${gap.offset}`);

  return {
    kind: track.kind,
    codec: track.codec,
    timescale: track.timescale,
    width: track.width,
    height: track.height,
    ...(track.channels !== undefined && { channels: track.channels }),
    sizeBytes,
    init: { offset: 0, size: initBytes },
    ...(sidx !== undefined && { sidx }),
    samples,
    ...totalsOf(segments, track.timescale),
    segmentsOffset: first.offset,
    segmentBytes: segments.map(({ size }) => size),
    segmentTicks: segments.map(({ ticks }) => ticks),
    keyframeBytes: segments.map(({ keyframe }) => keyframe),
  };
}

/** The segments of an index, as objects. */
export function* segmentsOf(index: TrackIndex): Generator<Segment> {
  let offset = index.segmentsOffset;
  for (const [n, size] of index.segmentBytes.entries()) {
    offset = index.segmentOffsets?.[n] ?? offset;
    const keyframe = index.keyframeBytes[n] ?? 0;
    yield {
      number: n,
      offset,
      size,
      durationTicks: index.segmentTicks[n] ?? 0,
      startsWithKeyframe: index.kind === "audio" || keyframe > 0,
      keyframe: keyframe > 0 ? { offset, size: keyframe } : undefined,
    };
    offset += size;
  }
}

/** Duration and rates of segments: `size` in bytes, `ticks` of the timescale. There is at least one. */
export function totalsOf(
  segments: readonly { readonly size: number; readonly ticks: number }[],
  timescale: number,
): Pick<TrackIndex, "durationTicks" | "peakBps" | "averageBps"> {
  const durationTicks = segments.reduce((sum, { ticks }) => sum + ticks, 0);
  const bytes = segments.reduce((sum, { size }) => sum + size, 0);
  const averageBps = Math.ceil((bytes * 8 * timescale) / durationTicks);
  return { durationTicks, averageBps, peakBps: Math.max(averageBps, peakOf(segments, timescale)) };
}

/** RFC 8216 §4.3.4.2: the busiest stretch counts when it is at least half a target duration long. */
function peakOf(segments: readonly { size: number; ticks: number }[], timescale: number): number {
  const longest = Math.max(...segments.map(({ ticks }) => ticks));
  const counted = segments.filter(({ ticks }) => ticks * 2 >= longest);
  return Math.ceil(Math.max(...counted.map(({ size, ticks }) => (size * 8 * timescale) / ticks)));
}

const endOf = (segment: { offset: number; size: number } | undefined): number =>
  segment === undefined ? 0 : segment.offset + segment.size;

async function whole(read: Read, box: Box, window: DataView, bytesMax: number): Promise<{ box: Box; view: DataView }> {
  const size = box.end - box.start;
  if (size > bytesMax) throw new Mp4Malformed(`the ${box.type} box is too large`);
  const view = size <= window.byteLength ? window : viewOf(await read(box.start, size));
  if (view.byteLength < size) throw new Mp4Malformed(`the ${box.type} box is cut off`);
  const local = { type: box.type, start: 0, body: box.body - box.start, end: size };
  return { box: local, view };
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
