import assert from "node:assert/strict";

/** 2026-01-01T00:00:00Z, where ids begin to count. */
const epochMs = Date.UTC(2026, 0, 1);
const ticksPerNode = 2 ** 10;
const nodes = 2 ** 6;
const tickMs = 10;
/** How far beyond the clock an id may lie before making one waits: one second. */
const aheadMsMax = 1_000;

export interface Ids {
  /** The next id: 37 bits of 10 ms since 2026, 6 bits node, 10 bits sequence; exact as a JavaScript number. */
  readonly next: () => number;
  /** The tick every id so far lies at or below; stored, so that a clock set back while we were down repeats nothing. */
  readonly highTick: number;
}

/**
 * Ids that only grow, also when the clock steps back: then they go on from the last value.
 * @param startTick where an earlier run had come to, from {@link Ids.highTick}.
 * @throws Error when more are asked for than {@link aheadMsMax} ahead of the clock allows and the clock stands.
 */
export function createIdGenerator(now: () => number, node = 0, startTick = 0): Ids {
  assert.ok(Number.isInteger(node) && node >= 0 && node < nodes, `node ${node} is not one of ${nodes}`);
  let tick = startTick;
  let sequence = -1;
  let clockHigh = 0;
  return {
    get highTick() {
      return tick;
    },
    next: () => {
      const clock = tickOf(now());
      clockHigh = Math.max(clockHigh, clock);
      if (clock > tick) {
        tick = clock;
        sequence = 0;
      } else if (++sequence === ticksPerNode) {
        // A clock that stepped back is not a reason to stop: only a burst beyond what any clock reading allows is.
        if (clock >= clockHigh && tick - clock > aheadMsMax / tickMs && startTick <= clock)
          throw new Error("more ids were asked for than the clock allows");
        tick += 1;
        sequence = 0;
      }
      assert.ok(tick >= 0 && tick < 2 ** 37, "the clock is outside 2026–2069");
      return (tick * nodes + node) * ticksPerNode + sequence;
    },
  };
}

/** The 10 ms since 2026 that lie before an instant. */
export const tickOf = (atMs: number): number => Math.floor((atMs - epochMs) / tickMs);

/** When an id was made, in milliseconds since 1970, to 10 ms. */
export const idTimeMs = (id: number): number => Math.floor(id / (nodes * ticksPerNode)) * tickMs + epochMs;
