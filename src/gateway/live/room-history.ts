import { type Id, type Log, newCall } from "#kernel";
import { ticksPerSecond } from "#media/frames/frame";
import type { StreamWindow } from "#media/live/window";
import { live } from "#services/live/contract";
import type { z } from "zod";
import type { ClientOf } from "../client-of.ts";

type History = z.output<(typeof live)["methods"]["history"]["output"]>;

/** Segments leave the memory of a gateway after at least ten times this. */
const lookMs = 4_000;
const waitMs = 10_000;
/** A recording that is this many segments late is not relied on. */
const lateMax = 6;
/** Segments that are fetched or were just fetched, for viewers who go back together. */
const fetchedMax = 12;
const endless = Number.MAX_SAFE_INTEGER;

interface HistoryParts {
  readonly id: Id;
  readonly client: ClientOf;
  readonly log: Log;
  readonly window: () => StreamWindow;
}

/** Segments of a stream's recording that are no longer in memory. */
export class RoomHistory {
  readonly #parts: HistoryParts;
  readonly #fetched = new Map<string, Promise<Buffer>>();
  readonly #timer: NodeJS.Timeout;
  #storedMsn = -1;
  #firstStoredMsn = endless;

  constructor(parts: HistoryParts) {
    this.#parts = parts;
    this.#timer = setInterval(() => void this.look(), lookMs).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** The window has begun anew: it first lists the segments that are stored. */
  async restore(): Promise<void> {
    this.#storedMsn = -1;
    await this.look();
  }

  /** Asks which segments are stored, and lists them. Without an answer the window stays as it is. */
  async look(): Promise<void> {
    const { id, client, log, window } = this.#parts;
    const current = window();
    if (current.generation === undefined) return;
    try {
      const history = await client(live).history({ id, afterMsn: this.#storedMsn }, newCall({ waitMs }));
      if (window() === current) this.#take(current, history);
    } catch (error) {
      log.debug("the recording of a live stream was not looked at", { liveId: id, err: error });
    }
  }

  /** The bytes of a segment that is listed. @throws SegmentNotKept */
  segment(track: string, msn: number): Promise<Buffer> {
    const key = `${track} ${msn}`;
    const cached = this.#fetched.get(key);
    if (cached) return cached;
    const bytes = this.#parts
      .client(live)
      .segment({ id: this.#parts.id, track, msn }, newCall({ waitMs }))
      .then((answer) => Buffer.from(answer.bytes));
    this.#fetched.set(key, bytes);
    bytes.catch(() => this.#fetched.delete(key));
    for (const oldest of this.#fetched.keys()) if (this.#fetched.size > fetchedMax) this.#fetched.delete(oldest);
    return bytes;
  }

  #take(window: StreamWindow, { windowMs, tracks, segments }: History): void {
    const isFirst = this.#storedMsn < 0;
    if (isFirst) this.#firstStoredMsn = segments[0]?.msn ?? endless;
    this.#storedMsn = segments.at(-1)?.msn ?? this.#storedMsn;
    const generation = window.generation ?? 0;
    for (const { track, timescale } of window.ownTracks) {
      const init = tracks.find((source) => source.track === track)?.init;
      const isSame = init !== undefined && window.header(track, generation)?.equals(init) === true;
      const isKept = isSame && (window.head(track)?.msn ?? endless) - this.#storedMsn <= lateMax;
      window.list(track, isKept ? windowMs : 0, this.#firstStoredMsn);
      if (isKept && isFirst) window.restore(track, listedOf(track, timescale, segments, { generation, windowMs }));
    }
  }
}

/** The segments of the newest stretch of time, in the form that playlists list. */
function listedOf(
  track: string,
  timescale: number,
  segments: History["segments"],
  { generation, windowMs }: { readonly generation: number; readonly windowMs: number },
) {
  const fromTicks = (segments.at(-1)?.startTicks ?? 0) - (windowMs / 1_000) * ticksPerSecond;
  return segments
    .filter(({ startTicks }) => startTicks >= fromTicks)
    .map(({ msn, isDiscontinuous, startTicks, ranges }, n, all) => {
      const lasts = (all[n + 1]?.startTicks ?? startTicks) - startTicks;
      const absent = {
        startTicks: Math.round((startTicks * timescale) / ticksPerSecond),
        durationTicks: Math.max(1, Math.round((lasts * timescale) / ticksPerSecond)),
        sizeBytes: 0,
        frames: 0,
        isIndependent: false,
      };
      const { track: _, ...range } = ranges.find((range) => range.track === track) ?? { track, ...absent };
      return { ...range, msn, generation, isDiscontinuous, openedTicks: startTicks, isClosed: true, parts: [] };
    });
}
