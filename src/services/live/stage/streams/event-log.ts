import type { LiveEvent } from "#media/live/events";
import { ticksPerSecond } from "#media/frames/frame";
import { heldMs } from "#media/live/window";

/** A follower that comes later still receives the events of this many 90 kHz ticks, which playlists list. */
const keptTicks = (heldMs * ticksPerSecond) / 1_000;
/** Bytes of parts that wait for one follower; one that takes them slower begins anew. */
const waitingBytesMax = 64 * 2 ** 20;

/** An event as a follower receives it. */
export interface Followed {
  readonly event: LiveEvent;
  /** Events that wait behind it: none where the follower has all there is. */
  readonly waiting: number;
}

interface Follower {
  readonly waiting: LiveEvent[];
  waitingBytes: number;
  wake: () => void;
}

/** The newest events of a stream, for followers that come at any time. Events are shared by all of them. */
export class EventLog {
  #events: LiveEvent[] = [];
  readonly #followers = new Set<Follower>();
  #isEnded = false;

  add(event: LiveEvent): void {
    this.#events.push(event);
    if (event.kind === "opened") this.#forget(event.startTicks - keptTicks);
    if (event.kind === "end") this.#isEnded = true;
    for (const follower of this.#followers) {
      follower.waiting.push(event);
      follower.waitingBytes += bytesOf(event);
      if (follower.waitingBytes > waitingBytesMax) this.#followers.delete(follower);
      follower.wake();
    }
  }

  /** Ends all followers without the `end` event: the stream goes on in another process. */
  close(): void {
    this.#isEnded = true;
    for (const { wake } of this.#followers) wake();
    this.#followers.clear();
  }

  /**
   * The events of the newest segments, then those to come, until the stream ends or the signal aborts. It ends without the
   * `end` event where the log is closed, or the follower is too slow.
   */
  async *follow(signal: AbortSignal): AsyncGenerator<Followed, void, undefined> {
    const follower: Follower = { waiting: [...this.#events], waitingBytes: 0, wake: () => undefined };
    if (!this.#isEnded) this.#followers.add(follower);
    const stop = () => follower.wake();
    signal.addEventListener("abort", stop);
    try {
      while (!signal.aborted) {
        const event = follower.waiting.shift();
        if (event !== undefined) {
          follower.waitingBytes = Math.max(0, follower.waitingBytes - bytesOf(event));
          yield { event, waiting: follower.waiting.length };
          if (event.kind === "end") return;
        } else if (this.#followers.has(follower)) {
          await new Promise<void>((resolve) => (follower.wake = resolve));
        } else return;
      }
    } finally {
      signal.removeEventListener("abort", stop);
      this.#followers.delete(follower);
    }
  }

  /** Forgets segments that end before this time, and headers that no later one has. */
  #forget(untilTicks: number): void {
    const first = this.#events.findLast((event) => event.kind === "opened" && event.startTicks <= untilTicks);
    if (first?.kind !== "opened") return;
    const { msn, generation } = first;
    this.#events = this.#events.filter((event) =>
      event.kind === "init" || event.kind === "rung"
        ? event.generation >= generation
        : !("msn" in event) || event.msn >= msn,
    );
  }
}

const bytesOf = (event: LiveEvent): number => (event.kind === "part" ? event.bytes.length : 0);
