import type { ClosedEvent, LiveTrack, OpenedEvent, PartEvent } from "./events.ts";

/** A part that playlists name; its bytes stay while they are likely to be asked for. */
export interface ListedPart {
  readonly startTicks: number;
  readonly durationTicks: number;
  readonly isIndependent: boolean;
  readonly sizeBytes: number;
  readonly frames: number;
}

export interface ListedSegment {
  readonly msn: number;
  readonly generation: number;
  readonly isDiscontinuous: boolean;
  /** 90 kHz ticks of output time, where the segment begins for all tracks. */
  readonly openedTicks: number;
  readonly startTicks: number;
  readonly durationTicks: number;
  readonly sizeBytes: number;
  readonly frames: number;
  readonly isIndependent: boolean;
  readonly isClosed: boolean;
  /** Empty for segments so old that only their whole is offered. */
  readonly parts: readonly ListedPart[];
}

/** How far a track is: its newest segment, how many parts that has, and whether it is complete. */
export interface Head {
  readonly msn: number;
  readonly parts: number;
  readonly isClosed: boolean;
  readonly isEnded: boolean;
}

export interface WindowLimits {
  /** Closed segments that are listed and whose bytes are held, at least. */
  readonly segmentsInMemory: number;
  /** Closed segments whose parts are listed. */
  readonly segmentsWithParts: number;
  /** Playlists list this much time and more of closed segments, those beyond the ones in memory without bytes. */
  readonly listedMs: number;
}

/** Players may still ask for segments that have left the playlist they know (RFC 8216 §6.2.2). */
const graceSegments = 2;

interface Entry {
  segment: ListedSegment;
  bytes: Buffer[];
}

/** The newest segments of one track. */
export class TrackWindow {
  readonly #limits: WindowLimits;
  readonly #entries = new Map<number, Entry>();
  #track: LiveTrack;
  /** Numbers of the segments in the map, which follow one another. */
  #first = 0;
  #last = -1;
  #firstListed = 0;
  #closedMs = 0;
  #listedMs: number;
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

  /** Oldest first; the last may be open. */
  get segments(): readonly ListedSegment[] {
    const listed: ListedSegment[] = [];
    for (let msn = this.#firstListed; msn <= this.#last; msn++) {
      const entry = this.#entries.get(msn);
      if (entry !== undefined) listed.push(entry.segment);
    }
    return listed;
  }

  /** Lists older segments too, oldest first, whose bytes the recording has; those behind a gap are left out. */
  restore(older: readonly ListedSegment[]): void {
    for (const one of older.toReversed()) {
      if (this.#entries.size > 0 && one.msn !== this.#firstListed - 1) continue;
      const segment = { ...one, isClosed: true, parts: [] };
      if (this.#entries.size === 0) this.#last = segment.msn;
      const known = this.#entries.get(segment.msn);
      if (known === undefined) this.#entries.set(segment.msn, { segment, bytes: [] });
      this.#firstListed = segment.msn;
      this.#first = Math.min(this.#entries.size === 1 ? segment.msn : this.#first, segment.msn);
      this.#closedMs += this.#msOf(segment);
    }
    this.version++;
  }

  /** How much time is listed from here on, of what is held elsewhere; 0 lists what is in memory. */
  list(ms: number): void {
    this.#listedMs = ms;
  }

  /** Whether playlists name the segment, wherever its bytes are. */
  isListed(msn: number): boolean {
    return msn >= this.#firstListed && this.#entries.get(msn)?.segment.isClosed === true;
  }

  part(opened: OpenedEvent, event: PartEvent): void {
    const entry = this.#entries.get(event.msn) ?? this.#put({ segment: emptySegment(opened, this.#track), bytes: [] });
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
    entry.bytes.push(bytes);
    this.version++;
  }

  /** `untilTicks`: 90 kHz, where the next segment begins, for a segment that has no part. */
  close(opened: OpenedEvent, { msn }: ClosedEvent, untilTicks: number): void {
    const entry = this.#entries.get(msn) ?? this.#put({ segment: emptySegment(opened, this.#track), bytes: [] });
    const missing = ((untilTicks - opened.startTicks) * this.#track.timescale) / 90_000;
    const durationTicks = entry.segment.durationTicks || Math.max(1, Math.round(missing));
    entry.segment = { ...entry.segment, durationTicks, isClosed: true };
    this.#closedMs += this.#msOf(entry.segment);
    this.#forget();
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

  #put(entry: Entry): Entry {
    const { msn } = entry.segment;
    if (this.#entries.size === 0) this.#first = this.#firstListed = msn;
    this.#entries.set(msn, entry);
    this.#last = msn;
    if (entry.segment.isClosed) this.#closedMs += this.#msOf(entry.segment);
    return entry;
  }

  #msOf(segment: ListedSegment): number {
    return (segment.durationTicks * 1_000) / this.#track.timescale;
  }

  /** Lets go of parts, bytes and segments that are too old. */
  #forget(): void {
    const { segmentsInMemory, segmentsWithParts } = this.#limits;
    const plain = this.#entries.get(this.#last - segmentsWithParts);
    if (plain !== undefined) plain.segment = { ...plain.segment, parts: [] };
    const old = this.#entries.get(this.#last - segmentsInMemory - graceSegments);
    if (old !== undefined) old.bytes = [];
    for (; this.#last - this.#firstListed >= segmentsInMemory; this.#firstListed++) {
      const oldest = this.#entries.get(this.#firstListed)?.segment;
      const lastsMs = oldest === undefined ? 0 : this.#msOf(oldest);
      if (this.#closedMs - lastsMs < this.#listedMs) break;
      this.#closedMs -= lastsMs;
    }
    while (this.#first < this.#firstListed - graceSegments) this.#entries.delete(this.#first++);
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
