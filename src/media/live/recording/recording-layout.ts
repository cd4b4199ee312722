import type { ByteRange, TrackIndex } from "../../mp4/indexer.ts";
import { totalsOf } from "../../mp4/indexer.ts";
import { initSegment } from "../../mp4/init-segment.ts";
import { box, fullBox, u32, u64, u8 } from "../../mp4/writer.ts";
import { ticksPerSecond } from "../../frames/frame.ts";
import type { InitEvent, LiveEvent, LiveTrack, OpenedEvent, PartEvent } from "../events.ts";

/** The position of one track's segment in the recording, and its contents. Plain JSON, for a journal. */
export interface RecordedRange extends ByteRange {
  readonly track: string;
  /** Ticks of the track. */
  readonly startTicks: number;
  readonly durationTicks: number;
  readonly frames: number;
  /** From its start to the end of its first picture; 0 where that is no key frame, and for sound. */
  readonly keyframeBytes: number;
}

export interface RecordedSegment {
  readonly msn: number;
  /** Its times do not follow from those before. */
  readonly isDiscontinuous: boolean;
  /** 90 kHz ticks of output time. */
  readonly startTicks: number;
  /** One range for each track that had a frame in the segment. */
  readonly ranges: readonly RecordedRange[];
}

/** The next bytes to append. */
export interface RecordedBytes {
  readonly bytes: readonly Buffer[];
  readonly segment: RecordedSegment;
}

interface PendingSegment {
  readonly opened: OpenedEvent;
  readonly parts: Map<string, PartEvent[]>;
  readonly closed: Set<string>;
}

/**
 * The recording of one generation of a live stream as one growing file, whose segments are the bytes that viewers had. It
 * is a fragmented MP4 of all tracks, which any program reads; each track by itself is a header in a `free` box and ranges.
 */
export class RecordingLayout {
  readonly #init: InitEvent;
  readonly #pending = new Map<number, PendingSegment>();
  readonly #header: Buffer;
  #sizeBytes: number;

  /**
   * `startTicks`: 90 kHz ticks of output time at which the file begins. `sizeBytes`: of a file that goes on, up to the end
   * of its last whole segment.
   */
  constructor(init: InitEvent, { startTicks = 0, sizeBytes }: { startTicks?: number; sizeBytes?: number } = {}) {
    this.#init = init;
    this.#header = headerOf(init.tracks, startTicks);
    this.#sizeBytes = sizeBytes ?? this.#header.length;
  }

  /** The beginning of the file. */
  get header(): Buffer {
    return this.#header;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** The bytes to write once all tracks of a segment are closed. Segments of other generations are ignored. */
  append(event: LiveEvent): RecordedBytes | undefined {
    if (event.kind === "opened" && event.generation === this.#init.generation)
      this.#pending.set(event.msn, { opened: event, parts: new Map(), closed: new Set() });
    if (event.kind !== "part" && event.kind !== "closed") return undefined;
    const pending = this.#pending.get(event.msn);
    const isOurs = this.#init.tracks.some(({ track }) => track === event.track);
    if (pending === undefined || !isOurs) return undefined;
    if (event.kind === "part") {
      const parts = pending.parts.get(event.track) ?? [];
      parts.push(event);
      pending.parts.set(event.track, parts);
      return undefined;
    }
    pending.closed.add(event.track);
    if (pending.closed.size < this.#init.tracks.length) return undefined;
    this.#pending.delete(event.msn);
    return this.#lay(pending);
  }

  #lay({ opened, parts }: PendingSegment): RecordedBytes {
    const bytes: Buffer[] = [];
    const ranges: RecordedRange[] = [];
    for (const { track } of this.#init.tracks) {
      const trackParts = parts.get(track) ?? [];
      const [first] = trackParts;
      if (first === undefined) continue;
      const sum = (of: (part: PartEvent) => number): number => trackParts.reduce((total, part) => total + of(part), 0);
      const size = sum((part) => part.bytes.length);
      ranges.push({
        track,
        offset: this.#sizeBytes,
        size,
        startTicks: first.startTicks,
        durationTicks: sum((part) => part.durationTicks),
        frames: sum((part) => part.frames),
        keyframeBytes: first.keyframeBytes,
      });
      bytes.push(...trackParts.map((part) => part.bytes));
      this.#sizeBytes += size;
    }
    const { msn, isDiscontinuous, startTicks } = opened;
    return { bytes, segment: { msn, isDiscontinuous, startTicks, ranges } };
  }
}

/** `free` boxes hold the headers of single tracks, which other readers pass over. */
function headerOf(tracks: readonly LiveTrack[], startTicks: number): Buffer {
  return Buffer.concat([initSegment(tracks, startTicks), ...tracks.map(({ init }) => box("free", init))]);
}

/** The position of the header of a single track. */
function initRangeOf(tracks: readonly LiveTrack[], name: string): ByteRange {
  let offset = initSegment(tracks, 0).length;
  for (const { track, init } of tracks) {
    if (track === name) return { offset: offset + 8, size: init.length };
    offset += 8 + init.length;
  }
  throw new Error(`no track ${name}`);
}

/**
 * The index of one track of a recording; undefined where it has no segment. The time in which the publisher was gone is no
 * part of the film. `sizeBytes` is of the whole file.
 */
export function recordedIndex(
  { tracks }: Pick<InitEvent, "tracks">,
  name: string,
  segments: readonly RecordedSegment[],
  sizeBytes: number,
): TrackIndex | undefined {
  const track = tracks.find((candidate) => candidate.track === name);
  if (track === undefined) return undefined;
  const ranges = segments.map((segment) => rangeOf(segment, track));
  const first = ranges.find(({ size }) => size > 0);
  if (first === undefined) return undefined;
  const isBreak = (n: number): boolean => segments[n]?.isDiscontinuous ?? true;
  // Segments follow one another in time, even where the sound was away for a while.
  const ticks = ranges.map(({ startTicks, durationTicks }, n) => {
    const next = ranges[n + 1]?.startTicks;
    return Math.max(1, next === undefined || isBreak(n + 1) ? durationTicks : next - startTicks);
  });
  return {
    kind: track.kind,
    codec: track.codec,
    timescale: track.timescale,
    width: track.width,
    height: track.height,
    ...(track.channels !== undefined && { channels: track.channels }),
    sizeBytes,
    init: initRangeOf(tracks, name),
    samples: ranges.reduce((sum, { frames }) => sum + frames, 0),
    ...totalsOf(
      ranges.map(({ size }, n) => ({ size, ticks: ticks[n] ?? 1 })),
      track.timescale,
    ),
    segmentsOffset: first.offset,
    segmentOffsets: ranges.map(({ offset }) => offset),
    segmentStarts: ranges.map(({ startTicks }) => startTicks),
    discontinuities: segments.flatMap((_, n) => (n > 0 && isBreak(n) ? [n] : [])),
    segmentBytes: ranges.map(({ size }) => size),
    segmentTicks: ticks,
    keyframeBytes: ranges.map(({ keyframeBytes }) => keyframeBytes),
  };
}

/** The range of a track in a segment. Without a frame of the track it has no bytes, and a duration of 0. */
function rangeOf({ ranges, startTicks }: RecordedSegment, { track, timescale }: LiveTrack): RecordedRange {
  const start = Math.round((startTicks * timescale) / ticksPerSecond);
  const range = ranges.find((range) => range.track === track);
  return range ?? { track, offset: 0, size: 0, startTicks: start, durationTicks: 0, frames: 0, keyframeBytes: 0 };
}

/** The `mfra` box that may end the file: where to seek (ISO/IEC 14496-12:2022 §8.8.9). */
export function recordingTrailer({ tracks }: Pick<InitEvent, "tracks">, segments: readonly RecordedSegment[]): Buffer {
  const tables = tracks.map(({ track, id }) => {
    const ranges = segments.flatMap((segment) => segment.ranges.filter((range) => range.track === track));
    // A byte each for the numbers of traf, trun and sample, which are all the first.
    const entries = ranges.map(({ startTicks, offset }) => Buffer.concat([u64(startTicks, offset), u8(1, 1, 1)]));
    return fullBox("tfra", 1, 0, u32(id, 0, ranges.length), ...entries);
  });
  const size = tables.reduce((sum, table) => sum + table.length, 8 + 16);
  return box("mfra", ...tables, fullBox("mfro", 0, 0, u32(size)));
}
