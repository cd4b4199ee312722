import type { Format } from "../frames/frame.ts";
import type { StatedRates } from "./stated-rates.ts";

/**
 * The output of a packager, in this order: `init`, then for each segment `opened`, its parts, and `closed` for each of
 * its tracks. Tracks are independent: a segment may be opened while the sound of the one before lacks its end. Events
 * are plain values, because they travel to other processes.
 */
export type LiveEvent = InitEvent | RungEvent | OpenedEvent | PartEvent | ClosedEvent | EndEvent;

/** Headers of the segments that are opened from here on. */
export interface InitEvent {
  readonly kind: "init";
  /** Counts from 0. */
  readonly generation: number;
  /** Wall-clock time of output time 0. */
  readonly originMs: number;
  /** No part lasts longer, save one that is a single frame. Never changes within a stream. */
  readonly partTargetMs: number;
  /** No segment lasts longer. Never changes within a stream. */
  readonly segmentMaxMs: number;
  readonly tracks: readonly LiveTrack[];
}

/** Another encoding of the pictures has headers for a generation; its segments are those of the stream. */
export interface RungEvent {
  readonly kind: "rung";
  readonly generation: number;
  readonly track: LiveTrack;
}

export interface LiveTrack {
  readonly track: string;
  readonly kind: "video" | "audio";
  /** 1 for pictures, 2 for sound, also in fragments. */
  readonly id: 1 | 2;
  /** RFC 6381. */
  readonly codec: string;
  /** Ticks a second of the track's events. */
  readonly timescale: number;
  readonly width: number;
  readonly height: number;
  readonly channels?: number | undefined;
  readonly stated: StatedRates;
  /** `ftyp` and `moov` of this track alone. */
  readonly init: Buffer;
  /** `ftyp` and `moov` are made of these again for a file of several tracks. */
  readonly format: Format;
}

/** A segment begins, for all tracks. */
export interface OpenedEvent {
  readonly kind: "opened";
  /** Media sequence number. */
  readonly msn: number;
  readonly generation: number;
  /** The times of the segment do not continue those of the segment before it. */
  readonly isDiscontinuous: boolean;
  /** The discontinuities of the whole stream so far, with that of this segment: playlists count them from its beginning. */
  readonly discontinuities: number;
  /** Begins with a key frame. */
  readonly isIndependent: boolean;
  /** 90 kHz ticks of output time. */
  readonly startTicks: number;
}

export interface PartEvent {
  readonly kind: "part";
  readonly track: string;
  readonly msn: number;
  /** Counts from 0 in each segment. */
  readonly part: number;
  /** `moof` and `mdat`. */
  readonly bytes: Buffer;
  /** Ticks of the track. */
  readonly startTicks: number;
  readonly durationTicks: number;
  /** Decoding can begin with its first frame. */
  readonly isIndependent: boolean;
  /** From its start to the end of its first frame where that is a key frame of pictures, otherwise 0. */
  readonly keyframeBytes: number;
  readonly frames: number;
}

/** All parts of a track's segment are said; there are none where the track had no frame in its time. */
export interface ClosedEvent {
  readonly kind: "closed";
  readonly track: string;
  readonly msn: number;
  readonly parts: number;
}

export interface EndEvent {
  readonly kind: "end";
}
