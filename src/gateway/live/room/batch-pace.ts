import type { RoomBatch } from "#services/live/contract";

/** Frames that this process writes for one room in a second, to all its viewers together. */
const framesPerSecond = 10_000;

/** The pause between two frames to each of a number of viewers. Pure. */
export const pauseMsOf = (viewers: number): number => (viewers / framesPerSecond) * 1_000;

interface Parts {
  readonly viewers: () => number;
  readonly deliver: (batch: RoomBatch) => void;
}

/**
 * Lets a room with many viewers have fewer and longer frames: what a frame costs is the write, and hardly its length. Up to
 * 2,500 viewers each batch of the room (every 250 ms) is delivered as it comes; 5,000 have two frames a second.
 */
export class BatchPace {
  readonly #parts: Parts;
  #waiting: RoomBatch[] = [];
  #timer: NodeJS.Timeout | undefined;
  #deliveredMs = Number.NEGATIVE_INFINITY;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  add(batch: RoomBatch): void {
    this.#waiting.push(batch);
    if (this.#timer) return;
    const leftMs = this.#deliveredMs + pauseMsOf(this.#parts.viewers()) - performance.now();
    if (leftMs <= 0) this.flush();
    else this.#timer = setTimeout(() => this.flush(), leftMs).unref();
  }

  /** Delivers what waits. */
  flush(): void {
    this.stop();
    this.#deliveredMs = performance.now();
    for (const batch of joinBatches(this.#waiting.splice(0))) this.#parts.deliver(batch);
  }

  /** Cancels the timer; waiting lines are delivered with the next batch. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/** The same lines in fewer batches: batches that follow each other without a gap are one. Pure. */
export function joinBatches(batches: readonly RoomBatch[]): RoomBatch[] {
  const all: RoomBatch[] = [];
  for (const batch of batches) {
    const before = all.at(-1);
    const both = before && together(before, batch);
    if (both) all[all.length - 1] = both;
    else all.push(batch);
  }
  return all;
}

function together(first: RoomBatch, second: RoomBatch): RoomBatch | undefined {
  const lines = [...first.lines, ...second.lines];
  // A batch without a number has no place in the sequence.
  if (second.seq === 0) return { ...first, lines };
  if (first.seq === 0) return { ...second, lines };
  return first.seq === second.from ? { from: first.from, seq: second.seq, lines } : undefined;
}
