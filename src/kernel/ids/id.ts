import assert from "node:assert/strict";

/** 2026-01-01T00:00:00Z, where ids begin to count. */
const epochMs = Date.UTC(2026, 0, 1);
const ticksPerNode = 2 ** 10;
/** How many processes may make ids of one service at the same time. */
export const nodeNumbers = 2 ** 6;
const tickMs = 10;
/** How far beyond the clock an id may lie before making one waits: one second. */
const aheadMsMax = 1_000;

export interface Ids {
  /** The next id: 37 bits of 10 ms since 2026, 6 bits node, 10 bits sequence; exact as a JavaScript number. */
  readonly next: () => number;
  /** The tick every id so far lies at or below; stored, so that a clock set back while we were down repeats nothing. */
  readonly highTick: number;
}

interface Range {
  /** The number that keeps ids of processes apart, 0–63. */
  readonly node?: number;
  /** The first tick: an earlier run came to the one before it, by {@link Ids.highTick}. */
  readonly startTick?: number;
  /**
   * The last tick, at the moment; beyond it another process may make ids with this number. A clock that is beyond it by
   * now is not followed.
   */
  readonly lastTick?: () => number;
}

/** The ticks that this process may use are over, until more are reserved. */
export class TicksUsedUp extends Error {
  constructor() {
    super("no id can be made beyond the reserved ticks");
    this.name = "TicksUsedUp";
  }
}

/**
 * Ids that only grow, also when the clock steps back: then they go on from the last value.
 * @throws TicksUsedUp beyond `lastTick`.
 * @throws Error when more are asked for than {@link aheadMsMax} ahead of the clock allows and the clock stands.
 */
export function createIdGenerator(now: () => number, range: Range = {}): Ids {
  const { node = 0, startTick = 0, lastTick = () => Number.POSITIVE_INFINITY } = range;
  assert.ok(Number.isInteger(node) && node >= 0 && node < nodeNumbers, `node ${node} is not one of ${nodeNumbers}`);
  let tick = startTick;
  let sequence = -1;
  let clockHigh = 0;
  return {
    get highTick() {
      return tick;
    },
    next: () => {
      const clockTick = tickOf(now());
      const clock = clockTick > lastTick() ? tick : clockTick;
      clockHigh = Math.max(clockHigh, clock);
      const isNewTick = clock > tick || sequence + 1 === ticksPerNode;
      const nextTick = clock > tick ? clock : isNewTick ? tick + 1 : tick;
      if (nextTick > lastTick()) throw new TicksUsedUp();
      // A clock that stepped back is not a reason to stop: only a burst beyond what any clock reading allows is.
      const isAhead = nextTick > tick && clock <= tick && tick - clock > aheadMsMax / tickMs;
      if (isAhead && clock >= clockHigh && startTick <= clock)
        throw new Error("more ids were asked for than the clock allows");
      tick = nextTick;
      sequence = isNewTick ? 0 : sequence + 1;
      assert.ok(tick >= 0 && tick < 2 ** 37, "the clock is outside 2026–2069");
      return (tick * nodeNumbers + node) * ticksPerNode + sequence;
    },
  };
}

/** The 10 ms since 2026 that lie before an instant. */
export const tickOf = (atMs: number): number => Math.floor((atMs - epochMs) / tickMs);

/** When an id was made, in milliseconds since 1970, to 10 ms. */
export const idTimeMs = (id: number): number => Math.floor(id / (nodeNumbers * ticksPerNode)) * tickMs + epochMs;
