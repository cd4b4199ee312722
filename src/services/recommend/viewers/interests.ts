import type { Id } from "#kernel";
import type { PoolVideo } from "../pool/pool-video.ts";
import type { VideoPool } from "../pool/video-pool.ts";
import { recencyOf, type Signal, utilityOf } from "../signals/signal.ts";
import type { InterestKind, RemovedInterest } from "./viewer-store.ts";

/** Something that a viewer seems to like; a strength of 1 is the highest. */
export interface Interest {
  readonly kind: InterestKind;
  readonly key: string;
  readonly strength: number;
}

/** A weaker interest may be chance. */
const strengthMin = 0.05;
/** A strength of a half needs as much as this many liked videos of today. */
const halfWeight = 1.5;

/** How long a video is, as viewers speak of it. Pure. */
export const lengthOf = (durationMs: number): string =>
  durationMs < 60_000 ? "short" : durationMs < 600_000 ? "medium" : "long";

/** The interests that a video is of, by kind and key. Pure. */
export const interestsIn = ({ tags, userId, durationMs }: PoolVideo): (readonly [InterestKind, string])[] => [
  ...tags.map((tag) => ["tag", tag] as const),
  ["author", String(userId)],
  ["length", lengthOf(durationMs)],
];

/** Sums by interest of what signals say, without those from before an interest was removed. Pure. */
export function interestSums(
  signals: readonly Signal[],
  { pool, removed, nowMs }: { pool: VideoPool; removed: readonly RemovedInterest[]; nowMs: number },
): Map<string, { readonly kind: InterestKind; readonly key: string; sum: number }> {
  const removedAt = new Map(removed.map(({ kind, key, removedAtMs }) => [`${kind} ${key}`, removedAtMs]));
  const sums = new Map<string, { kind: InterestKind; key: string; sum: number }>();
  for (const signal of signals) {
    const video = pool.get(signal.videoId);
    if (!video) continue;
    const weight = utilityOf(signal) * recencyOf(nowMs - signal.changedAtMs);
    for (const [kind, key] of interestsIn(video)) {
      const name = `${kind} ${key}`;
      if ((removedAt.get(name) ?? 0) >= signal.changedAtMs) continue;
      const before = sums.get(name) ?? { kind, key, sum: 0 };
      // A video of many tags says less about each.
      before.sum += kind === "tag" ? weight / Math.sqrt(video.tags.length) : weight;
      sums.set(name, before);
    }
  }
  return sums;
}

/** The interests that these signals show, the strongest first. Pure. */
export function interestsOf(signals: readonly Signal[], parts: Parameters<typeof interestSums>[1]): Interest[] {
  return Array.from(interestSums(signals, parts).values(), ({ kind, key, sum }) => ({
    kind,
    key,
    strength: Math.round((100 * Math.max(0, sum)) / (Math.max(0, sum) + halfWeight)) / 100,
  }))
    .filter(({ strength }) => strength >= strengthMin)
    .toSorted((a, b) => b.strength - a.strength || (a.key < b.key ? -1 : 1));
}

export const authorOf = ({ kind, key }: Pick<Interest, "kind" | "key">): Id | null =>
  kind === "author" ? Number(key) : null;
