import type { ListedSegment } from "./listed-segment.ts";
import type { StatedRates } from "./stated-rates.ts";
import { TrackRates } from "./track-rates.ts";
import type { ClosedEvent, LiveTrack, OpenedEvent, PartEvent } from "./events.ts";

/** How far a track is: its newest segment, how many parts that has, and whether it is complete. */
export interface Head {
  readonly msn: number;
  readonly parts: number;
  readonly isClosed: boolean;
  readonly isEnded: boolean;
}

export interface WindowLimits {
  /** Milliseconds of closed segments that are listed and whose bytes are held, at least. */
  readonly heldMs: number;
  /** Closed segments whose parts are listed. */
  readonly segmentsWithParts: number;
  /** Playlists list this much time and more of closed segments, those beyond the ones in memory without bytes. */
  readonly listedMs: number;
}

/** The rate of a stream is that of its newest segments: a target duration and a half, of the shortest ones. */
const ratedSegments = 8;
const never = Number.POSITIVE_INFINITY;

interface Entry {
  segment: ListedSegment;
  bytes: Buffer[];
  /** The segment is dropped once this much time of segments has been closed, unless it is listed. */
  freeAtMs: number;
}

/** The newest segments of one track. */
export class TrackWindow {
  readonly #limits: WindowLimits;
  readonly #entries = new Map<number, Entry>();
  #track: LiveTrack;
  /** Numbers of the segments that are listed, which follow one another. */
  #firstListed = 0;
  #last = -1;
  /** The duration of the closed segments that are listed. */
  #closedMs = 0;
  /** The duration of all segments that were ever closed here. */
  #passedMs = 0;
  #listedMs: number;
  #storedFromMsn = 0;
  readonly #rates = new TrackRates();
  #isIndependent = true;
  #isEnded = false;
  /** Grows with each change that a playlist shows. */
  version = 0;

  constructor(track: LiveTrack, limits: WindowLimits) {
    this.#track = track;
    this.#limits = limits;
    this.#listedMs = limits.listedMs;
  }

  get track(): LiveTrack {
    return this.#track;
  }

  replaceTrack(track: LiveTrack): void {
    this.#track = track;
    this.version++;
  }

  get head(): Head | undefined {
    const newest = this.#entries.get(this.#last)?.segment;
    return newest && { msn: newest.msn, parts: newest.parts.length, isClosed: newest.isClosed, isEnded: this.#isEnded };
  }

  /** False from the first segment on that does not begin with a key frame: playlists do not go back and forth. */
  get isIndependent(): boolean {
    return this.#isIndependent;
  }

  /** The rates that the list of renditions states of it. */
  get rates(): StatedRates {
    return this.#rates.of(this.#track.stated);
  }

  /** Oldest first; the last may be open. */
  get segments(): readonly ListedSegment[] {
    return this.#listedFrom(this.#firstListed);
  }

  /** The newest segments, as many as each track of the stream has in memory; the last may be open. */
  get newest(): readonly ListedSegment[] {
    let first = this.#last;
    for (let closedMs = 0; first > this.#firstListed; first--) {
      const older = this.#entries.get(first)?.segment;
      if (older?.isClosed) closedMs += this.#msOf(older);
      if (closedMs >= this.#limits.heldMs) break;
    }
    return this.#listedFrom(first);
  }

  #listedFrom(first: number): ListedSegment[] {
    const listed: ListedSegment[] = [];
    for (let msn = first; msn <= this.#last; msn++) {
      const entry = this.#entries.get(msn);
      if (entry !== undefined) listed.push(entry.segment);
    }
    return listed;
  }

  /** Lists older segments too, oldest first, whose bytes the recording has; segments before a gap are left out. */
  restore(older: readonly ListedSegment[]): void {
    for (const listed of older.toReversed()) {
      if (this.#entries.size > 0 && listed.msn !== this.#firstListed - 1) continue;
      const segment = { ...listed, isClosed: true, parts: [] };
      if (this.#entries.size === 0) this.#last = segment.msn;
      const entry = this.#entries.get(segment.msn);
      if (entry === undefined) this.#entries.set(segment.msn, { segment, bytes: [], freeAtMs: never });
      else entry.freeAtMs = never;
      this.#firstListed = segment.msn;
      this.#closedMs += this.#msOf(segment);
      // Each unit of sound stands by itself; a recording says so of pictures alone.
      if (this.#track.kind === "video" && segment.sizeBytes > 0) this.#isIndependent &&= segment.isIndependent;
    }
    this.version++;
  }

  /**
   * Sets how much time is listed from here on. Segments outside of memory are listed from `storedFromMsn`; 0 ms lists
   * only segments in memory.
   */
  list(ms: number, storedFromMsn: number): void {
    this.#listedMs = ms;
    this.#storedFromMsn = storedFromMsn;
  }

  /** True if a playlist that players may still have names the segment, wherever its bytes are. */
  isAvailable(msn: number): boolean {
    return this.#entries.get(msn)?.segment.isClosed === true;
  }

  part(opened: OpenedEvent, event: PartEvent): void {
    const entry = this.#entries.get(event.msn) ?? this.#put(emptySegment(opened, this.#track));
    const { segment } = entry;
    const { startTicks, durationTicks, isIndependent, bytes, frames } = event;
    const isFirst = segment.parts.length === 0;
    entry.segment = {
      ...segment,
      startTicks: isFirst ? startTicks : segment.startTicks,
      isIndependent: isFirst ? isIndependent : segment.isIndependent,
      durationTicks: segment.durationTicks + durationTicks,
      sizeBytes: segment.sizeBytes + bytes.length,
      frames: segment.frames + frames,
      parts: [...segment.parts, { startTicks, durationTicks, isIndependent, sizeBytes: bytes.length, frames }],
    };
    this.#isIndependent &&= entry.segment.isIndependent;
    entry.bytes.push(bytes);
    this.version++;
  }

  /** `untilTicks`: 90 kHz, where the next segment begins, for a segment that has no part. */
  close(opened: OpenedEvent, { msn }: ClosedEvent, untilTicks: number, segmentMaxMs: number): void {
    const entry = this.#entries.get(msn) ?? this.#put(emptySegment(opened, this.#track));
    const missing = ((untilTicks - opened.startTicks) * this.#track.timescale) / 90_000;
    // Behind a publisher that was away the next segment begins much later.
    const longest = (segmentMaxMs * this.#track.timescale) / 1_000;
    const durationTicks = entry.segment.durationTicks || Math.max(1, Math.round(Math.min(missing, longest)));
    entry.segment = { ...entry.segment, durationTicks, isClosed: true };
    this.#closedMs += this.#msOf(entry.segment);
    this.#passedMs += this.#msOf(entry.segment);
    this.#forget();
    const newest = this.segments.filter((segment) => segment.msn > msn - ratedSegments && segment.msn <= msn);
    this.#rates.measure(newest, this.#track.timescale, segmentMaxMs);
    this.version++;
  }

  end(): void {
    this.#isEnded = true;
    this.version++;
  }

  /** The parts of a closed segment, one after another; undefined where it is not held. */
  segmentBytes(msn: number): readonly Buffer[] | undefined {
    const entry = this.#entries.get(msn);
    return entry?.segment.isClosed && entry.bytes.length > 0 ? entry.bytes : undefined;
  }

  partBytes(msn: number, part: number): Buffer | undefined {
    return this.#entries.get(msn)?.bytes[part];
  }

  partsOf(msn: number): number | undefined {
    return this.#entries.get(msn)?.segment.parts.length;
  }

  #put(segment: ListedSegment): Entry {
    const { msn } = segment;
    const entry = { segment, bytes: [], freeAtMs: never };
    // An encoder that was away for long begins a list anew.
    if (msn !== this.#last + 1) {
      const playlistMs = this.#closedMs;
      while (this.#firstListed <= this.#last) this.#unlist(playlistMs);
      this.#firstListed = msn;
    }
    this.#entries.set(msn, entry);
    this.#last = msn;
    return entry;
  }

  #msOf(segment: ListedSegment): number {
    return (segment.durationTicks * 1_000) / this.#track.timescale;
  }

  /** Removes the oldest segment from a playlist of this length, which players may use for as long (RFC 8216 §6.2.2). */
  #unlist(playlistMs: number): void {
    const oldest = this.#entries.get(this.#firstListed++);
    if (oldest === undefined) return;
    const lastsMs = this.#msOf(oldest.segment);
    oldest.freeAtMs = this.#passedMs + playlistMs + lastsMs;
    if (oldest.segment.isClosed) this.#closedMs -= lastsMs;
  }

  /** Drops parts, bytes and segments that are too old. */
  #forget(): void {
    const { heldMs, segmentsWithParts } = this.#limits;
    // Segments before the first one that is stored are in memory alone.
    const listedMs = () => (this.#firstListed < this.#storedFromMsn ? heldMs : Math.max(heldMs, this.#listedMs));
    const playlistMs = this.#closedMs;
    const lastsMs = (): number => {
      const oldest = this.#entries.get(this.#firstListed);
      return oldest === undefined ? 0 : this.#msOf(oldest.segment);
    };
    while (this.#firstListed < this.#last && this.#closedMs - lastsMs() >= listedMs()) this.#unlist(playlistMs);
    for (const [msn, { freeAtMs }] of this.#entries) if (freeAtMs <= this.#passedMs) this.#entries.delete(msn);
    const plain = this.#entries.get(this.#last - segmentsWithParts);
    if (plain !== undefined) plain.segment = { ...plain.segment, parts: [] };
    // Listed segments beyond those in memory are in the recording.
    let newerMs = 0;
    for (let msn = this.#last; msn >= this.#firstListed; msn--) {
      const entry = this.#entries.get(msn);
      if (entry === undefined) continue;
      if (newerMs >= heldMs) entry.bytes = [];
      newerMs += this.#msOf(entry.segment);
    }
  }
}

function emptySegment({ msn, generation, isDiscontinuous, startTicks }: OpenedEvent, track: LiveTrack): ListedSegment {
  return {
    msn,
    generation,
    isDiscontinuous,
    openedTicks: startTicks,
    startTicks: Math.round((startTicks * track.timescale) / 90_000),
    durationTicks: 0,
    sizeBytes: 0,
    frames: 0,
    isIndependent: false,
    isClosed: false,
    parts: [],
  };
}
