import type { ListedSegment } from "./listed-segment.ts";
import type { InitEvent, LiveEvent, LiveTrack, OpenedEvent } from "./events.ts";
import { ticksPerSecond } from "../frames/frame.ts";
import { liveMasterPlaylist, liveMediaPlaylist, type LiveUriOf, type Sound, type Variant } from "./live-playlist.ts";
import { type Head, TrackWindow, type WindowLimits } from "./track-window.ts";

export interface StreamWindowOptions extends Partial<WindowLimits> {
  readonly uriOf: LiveUriOf;
  /** A media playlist was rendered. */
  readonly built?: () => void;
}

/**
 * Players without low latency stay 12 s behind; those that stand still for a while, or are slow, find what they need in the
 * seconds before.
 */
export const heldMs = 40_000;
const usualLimits: WindowLimits = { heldMs, segmentsWithParts: 3, listedMs: 0 };
/** Openings that sound which lags may still ask for. */
const openingsMax = 64;
/** A rung that lacks this much of the newest segments is left out of the master playlist. */
const behindTicks = 4 * ticksPerSecond;

interface Cached {
  readonly version: number;
  readonly bytes: Buffer;
}

/** The newest part of a live stream as players fetch it: playlists, headers, segments and parts, from its events. */
export class StreamWindow {
  readonly #limits: WindowLimits;
  readonly #uriOf: LiveUriOf;
  readonly #built: () => void;
  readonly #tracks = new Map<string, TrackWindow>();
  readonly #headers = new Map<string, Buffer>();
  readonly #rungs = new Set<string>();
  readonly #openings = new Map<number, OpenedEvent>();
  /** Numbers of the segments that follow from none, from the oldest that is listed on. */
  readonly #discontinuities: number[] = [];
  #newestDiscontinuity = -1;
  readonly #playlists = new Map<string, Cached>();
  #newest: OpenedEvent | undefined;
  #init: InitEvent | undefined;

  constructor({ uriOf, built = () => undefined, ...limits }: StreamWindowOptions) {
    this.#uriOf = uriOf;
    this.#built = built;
    this.#limits = { ...usualLimits, ...limits };
  }

  apply(event: LiveEvent): void {
    switch (event.kind) {
      case "init":
        this.#init = event;
        for (const track of event.tracks) this.#header(event.generation, track);
        return;
      case "rung":
        this.#rungs.add(event.track.track);
        this.#header(event.generation, event.track);
        return;
      case "opened":
        if (event.isDiscontinuous) {
          this.#discontinuities.push(event.msn);
          this.#newestDiscontinuity = event.msn;
        }
        this.#openings.set(event.msn, event);
        this.#newest = event;
        this.#openings.delete(event.msn - openingsMax);
        return;
      case "part": {
        const opened = this.#openings.get(event.msn);
        if (opened !== undefined) this.#tracks.get(event.track)?.part(opened, event);
        return;
      }
      case "closed": {
        const opened = this.#openings.get(event.msn);
        if (opened === undefined) return;
        const until = this.#openings.get(event.msn + 1)?.startTicks ?? opened.startTicks;
        this.#tracks.get(event.track)?.close(opened, event, until, this.#init?.segmentMaxMs ?? 0);
        return;
      }
      case "end":
        for (const track of this.#tracks.values()) track.end();
        return;
    }
  }

  /** Adds older segments to a track, oldest first. The header of the track must have been stated. */
  restore(track: string, older: readonly ListedSegment[]): void {
    this.#tracks.get(track)?.restore(older);
    for (const { msn, isDiscontinuous } of older)
      if (isDiscontinuous && !this.#discontinuities.includes(msn)) this.#discontinuities.push(msn);
  }

  /** Sets how much time a track lists, with segments outside of memory from `storedFromMsn` on. */
  list(track: string, ms: number, storedFromMsn = 0): void {
    this.#tracks.get(track)?.list(ms, storedFromMsn);
  }

  /** True if a playlist that players may still have names the segment, wherever its bytes are. */
  isAvailable(track: string, msn: number): boolean {
    return this.#tracks.get(track)?.isAvailable(msn) === true;
  }

  /** The tracks that a recording has; encoded renditions are not in it. */
  get ownTracks(): readonly LiveTrack[] {
    return this.#init?.tracks ?? [];
  }

  get generation(): number | undefined {
    return this.#init?.generation;
  }

  get tracks(): readonly string[] {
    return [...this.#tracks.keys()];
  }

  head(track: string): Head | undefined {
    return this.#tracks.get(track)?.head;
  }

  /** Milliseconds that blocked requests and hold-backs are counted in; undefined before the stream has begun. */
  get targets(): { readonly partMs: number; readonly segmentMs: number } | undefined {
    return this.#init && { partMs: this.#init.partTargetMs, segmentMs: this.#init.segmentMaxMs };
  }

  header(track: string, generation: number): Buffer | undefined {
    return this.#headers.get(`${track} ${generation}`);
  }

  /** The parts of a closed segment, one after another; undefined where they are not in memory. */
  segmentBytes(track: string, msn: number): readonly Buffer[] | undefined {
    return this.#tracks.get(track)?.segmentBytes(msn);
  }

  partBytes(track: string, msn: number, part: number): Buffer | undefined {
    return this.#tracks.get(track)?.partBytes(msn, part);
  }

  /** How many parts a segment has so far; undefined where the window does not hold it. */
  partsOf(track: string, msn: number): number | undefined {
    return this.#tracks.get(track)?.partsOf(msn);
  }

  /** True if a rung's encoder is so late, or has ended, that players are to leave it. */
  isBehind(track: string): boolean {
    const head = this.#tracks.get(track)?.head;
    if (!this.#rungs.has(track) || head === undefined || this.#newest === undefined) return false;
    const after = this.#openings.get(head.msn + 1)?.startTicks;
    if (after === undefined) return this.#newest.msn > head.msn;
    return this.#newest.startTicks - after > behindTicks;
  }

  /**
   * The playlist of one track; undefined before its first part, and for a rung that is behind. The same bytes until the
   * track changes. `isDvr` lists all segments that are kept, else those of the time that all tracks have: the
   * renditions of a list begin together (§6.2.4).
   */
  mediaPlaylist(name: string, { isDelta = false, isDvr = false } = {}): Buffer | undefined {
    const window = this.#tracks.get(name);
    const head = window?.head;
    const init = this.#init;
    if (window === undefined || head === undefined || init === undefined || this.isBehind(name)) return undefined;
    return this.#cachedPlaylist(`${isDelta} ${isDvr} ${name}`, window.version, () => {
      const segments = isDvr ? window.segments : window.newest;
      const first = segments[0]?.msn ?? 0;
      const otherHeads = [...this.#tracks].flatMap(([track, other]) =>
        track !== name && other.head !== undefined && !this.isBehind(track) ? [{ track, head: other.head }] : [],
      );
      const { originMs, partTargetMs, segmentMaxMs } = init;
      const { timescale } = window.track;
      const listed = this.#discontinuities.filter((msn) => msn >= first).length;
      const discontinuitySequence = Math.max(0, (this.#newest?.discontinuities ?? 0) - listed);
      const facts = {
        track: name,
        isDvr,
        timescale,
        originMs,
        partTargetMs,
        segmentMaxMs,
        isIndependent: window.isIndependent,
        segments,
        head,
        discontinuitySequence,
        otherHeads,
      };
      this.#built();
      return liveMediaPlaylist(facts, isDelta, this.#uriOf);
    });
  }

  /**
   * Undefined before the first part of the pictures, or of the sound where there are none. Encoded renditions are not kept:
   * `isDvr` lists the tracks of the publisher alone.
   */
  masterPlaylist({ isDvr = false } = {}): Buffer | undefined {
    const windows = [...this.#tracks.values()].filter(({ track }) => !isDvr || !this.#rungs.has(track.track));
    // Players that begin with a rung need a segment of it, as its encoder may still lose its place. They also need as
    // many discontinuities as the sound has: until then they do not load the sound.
    const isReady = ({ head, segments, track }: TrackWindow): boolean =>
      head !== undefined &&
      (!this.#rungs.has(track.track) ||
        (segments.some(({ isClosed, sizeBytes }) => isClosed && sizeBytes > 0) &&
          head.msn >= this.#newestDiscontinuity &&
          !this.isBehind(track.track)));
    const ready = windows.filter(isReady);
    const hasPictures = windows.some(({ track }) => track.kind === "video");
    if (!ready.some(({ track }) => track.kind === "video" || !hasPictures)) return undefined;
    // A rung falls behind by what others do: by a segment that is opened.
    const version = windows.reduce((sum, trackWindow) => sum + trackWindow.version, 0) + (this.#newest?.msn ?? 0);
    return this.#cachedPlaylist(`master ${isDvr}`, version, () => {
      const video = ready.filter(({ track }) => track.kind === "video").map(variantOf);
      // The stream's own sound is stated before its first part comes.
      const sounds = windows
        .filter(
          (trackWindow) =>
            trackWindow.track.kind === "audio" &&
            (!this.#rungs.has(trackWindow.track.track) || ready.includes(trackWindow)),
        )
        .map(soundOf);
      return liveMasterPlaylist({ video, sounds, isDvr }, this.#uriOf);
    });
  }

  #header(generation: number, track: LiveTrack): void {
    this.#headers.set(`${track.track} ${generation}`, track.init);
    const window = this.#tracks.get(track.track);
    if (window === undefined) this.#tracks.set(track.track, new TrackWindow(track, this.#limits));
    else window.replaceTrack(track);
  }

  #cachedPlaylist(key: string, version: number, build: () => string): Buffer {
    const cached = this.#playlists.get(key);
    if (cached?.version === version) return cached.bytes;
    const bytes = Buffer.from(build());
    this.#playlists.set(key, { version, bytes });
    return bytes;
  }
}

function variantOf(window: TrackWindow): Variant {
  const { track, codec, width, height } = window.track;
  return { track, codec, width, height, ...window.rates };
}

function soundOf({ track: { track, codec, channels }, rates }: TrackWindow): Sound {
  return { track, codec, channels, ...rates };
}
