import type { Id } from "#kernel";
import { isKnown } from "../signals/signal.ts";
import type { Signal } from "../signals/signal.ts";

/** How many users had watched a video before an instant: what is known only later counts for nothing. Pure. */
export function watchersOf(signals: Iterable<Signal>): (videoId: Id, beforeMs: number) => number {
  const lists = new Map<Id, number[]>();
  for (const signal of signals) {
    if (!isKnown(signal)) continue;
    const times = lists.get(signal.videoId) ?? [];
    times.push(signal.beganAtMs);
    lists.set(signal.videoId, times);
  }
  const sorted = new Map([...lists].map(([videoId, times]) => [videoId, Float64Array.from(times).toSorted()]));
  return (videoId, beforeMs) => {
    const times = sorted.get(videoId);
    let [from, to] = [0, times?.length ?? 0];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((times?.[middle] ?? 0) < beforeMs) from = middle + 1;
      else to = middle;
    }
    return from;
  };
}
