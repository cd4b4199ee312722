import { type Id, KinoraError, type Log, newCall } from "#kernel";
import type { LiveEvent } from "#media/live/events";
import type { LiveUriOf } from "#media/live/live-playlist";
import { type Place, Waiters } from "#media/live/reload";
import { StreamWindow } from "#media/live/window";
import { live, type LiveTrack, type StreamEvent } from "#services/live/contract";
import type { z } from "zod";
import type { ClientOf } from "../client-of.ts";
import { RoomHistory } from "./room-history.ts";

/** Requests for one track that wait at once. */
const waitersMax = 20_000;
const expiryMs = 250;
/** The longest life of a subscription, and the pause before a broken one is begun again. */
const followMs = 24 * 3_600_000;
const retryMs = 250;

/** Everything of a stream lies in one folder, so that a playlist is the same bytes whatever stands before it. */
const uriOf: LiveUriOf = (target) => {
  switch (target.kind) {
    case "playlist":
      return `${target.track}${target.isDvr ? "-dvr" : ""}.m3u8`;
    case "init":
      return `${target.track}-init-${target.generation}.mp4`;
    case "segment":
      return `${target.track}-${target.msn}.m4s`;
    case "part":
      return `${target.track}-${target.msn}.${target.part}.m4s`;
  }
};

/** Counts what this process does for all viewers together. */
export interface EdgeCounters {
  /** A part of a stream came. */
  readonly part: () => void;
  /** A media playlist was rendered. */
  readonly playlist: () => void;
}

interface EdgeParts {
  readonly id: Id;
  readonly client: ClientOf;
  readonly log: Log;
  readonly counters: EdgeCounters;
}

/** The stream of one room as this process serves it: one subscription, however many viewers there are. */
export class RoomEdge {
  readonly #parts: EdgeParts;
  readonly #end = new AbortController();
  readonly #waiters = new Map<string, Waiters>();
  readonly #begun = new Set<() => void>();
  /** Tracks whose waiting requests have not been looked at since they changed. */
  readonly #changed = new Set<string>();
  readonly #expiry: NodeJS.Timeout;
  readonly history: RoomHistory;
  #window: StreamWindow;
  /** The newest segments of the stream were all applied once. */
  #isCaughtUp = false;
  /** When it was last asked for something, in milliseconds of `performance.now()`. */
  usedMs = performance.now();

  constructor(parts: EdgeParts) {
    this.#parts = parts;
    this.#window = this.#newWindow();
    this.history = new RoomHistory({ ...parts, window: () => this.#window });
    this.#expiry = setInterval(() => this.#expire(), expiryMs).unref();
    void this.#follow();
  }

  get window(): StreamWindow {
    return this.#window;
  }

  get waiting(): number {
    return [...this.#waiters.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** True if there is a master playlist, after waiting so long at most. */
  async hasBegun(patienceMs: number): Promise<boolean> {
    const isThere = () => this.#isCaughtUp && this.#window.masterPlaylist() !== undefined;
    if (!isThere()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, patienceMs).unref();
      this.#begun.add(resolve);
      await promise;
      clearTimeout(timer);
      this.#begun.delete(resolve);
    }
    return isThere();
  }

  /**
   * Waits three target durations for a place of a track: true when it is there, false when it did not come in time,
   * undefined where too many wait already.
   */
  async wait(track: string, place: Place, signal: AbortSignal): Promise<boolean | undefined> {
    const patienceMs = (this.#window.targets?.segmentMs ?? 0) * 3;
    const waiters = this.#waiters.get(track) ?? new Waiters(waitersMax);
    this.#waiters.set(track, waiters);
    return new Promise((resolve) => {
      const leave = waiters.add(place, performance.now() + patienceMs, resolve);
      if (!leave) resolve(undefined);
      else
        signal.addEventListener(
          "abort",
          () => {
            leave();
            resolve(false);
          },
          { once: true },
        );
    });
  }

  close(): void {
    clearInterval(this.#expiry);
    this.history.close();
    this.#end.abort();
    for (const waiters of this.#waiters.values()) waiters.expire(Number.POSITIVE_INFINITY);
    for (const wake of this.#begun) wake();
  }

  #newWindow(): StreamWindow {
    return new StreamWindow({ uriOf, built: this.#parts.counters.playlist });
  }

  async #follow(): Promise<void> {
    const { client, id, log } = this.#parts;
    const { signal } = this.#end;
    let isRestored = false;
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      try {
        const events = client(live).media({ id }, newCall({ waitMs: followMs, signal }));
        // Events that were missed since the last connection come again, from the newest segments on.
        let isFresh = isFirst;
        for await (const { event, waiting } of events) {
          if (!isFresh) {
            this.#window = this.#newWindow();
            // Until it has what players know already, they wait.
            this.#isCaughtUp = false;
            isRestored = false;
          }
          isFresh = true;
          this.#apply(eventOf(event), waiting);
          if (waiting === 0 && !isRestored && this.#window.masterPlaylist()) {
            // The first playlist that players receive has the whole window, because segment numbers must not fall
            // later.
            isRestored = true;
            await this.history.restore();
          }
          if (waiting === 0) this.#caughtUp();
          if (event.kind === "end") return;
        }
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof KinoraError)) throw error;
        log.debug("the subscription of a live stream broke", { liveId: id, err: error });
      }
      await new Promise((resolve) => setTimeout(resolve, retryMs).unref());
    }
  }

  #apply(event: LiveEvent, waiting: number): void {
    const window = this.#window;
    // Another part came, so all parts that were announced before it are there.
    if (event.kind === "part") this.#wake();
    window.apply(event);
    if (event.kind === "part") this.#parts.counters.part();
    if (event.kind === "opened")
      for (const track of window.tracks)
        if (window.isBehind(track)) this.#waiters.get(track)?.expire(Number.POSITIVE_INFINITY);
    const isChange = event.kind === "part" || event.kind === "closed" || event.kind === "end";
    if (isChange) for (const track of "track" in event ? [event.track] : window.tracks) this.#changed.add(track);
    // A part is the last of its segment where the end of that comes with it: playlists announce what comes next.
    if (waiting === 0 || event.kind === "end") this.#wake();
  }

  /** Wakes requests for what has come. */
  #wake(): void {
    const window = this.#window;
    for (const track of this.#changed) {
      const head = window.head(track);
      if (head) this.#waiters.get(track)?.advance(head, (msn) => window.partsOf(track, msn));
    }
    this.#changed.clear();
  }

  /** The window has all that there is. */
  #caughtUp(): void {
    this.#isCaughtUp = true;
    if (this.#begun.size > 0 && this.#window.masterPlaylist()) for (const wake of this.#begun) wake();
  }

  #expire(): void {
    const nowMs = performance.now();
    for (const waiters of this.#waiters.values()) waiters.expire(nowMs);
  }
}

/** The bytes of a message as buffers, without a copy. */
function eventOf(event: z.output<typeof StreamEvent>): LiveEvent {
  const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (event.kind === "part") return { ...event, bytes: bufferOf(event.bytes) };
  const trackOf = ({ init, format, ...track }: z.output<typeof LiveTrack>) => ({
    ...track,
    init: bufferOf(init),
    format: { ...format, config: bufferOf(format.config) },
  });
  if (event.kind === "rung") return { ...event, track: trackOf(event.track) };
  return event.kind === "init" ? { ...event, tracks: event.tracks.map(trackOf) } : event;
}
