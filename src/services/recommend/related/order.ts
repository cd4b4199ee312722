import type { Id } from "#kernel";

/** Of the same author: as much as a tag that seven videos have. */
const authorWeight = 0.5;

/** What is known of the videos around one. */
export interface Neighbours {
  /** With a tag in common, by the sum of 1 / ln(1 + videos of the tag): a rare tag says more than a common one. */
  readonly tagged: readonly { readonly videoId: Id; readonly rarity: number }[];
  /** Of the same author. */
  readonly authored: readonly Id[];
  /** Watched by several users who watched it. */
  readonly watched: readonly { readonly videoId: Id; readonly viewers: number }[];
  /** For the places that are left, the hottest first. */
  readonly hottest: readonly { readonly videoId: Id; readonly isHot: boolean }[];
}
interface Related {
  readonly videoId: Id;
  readonly reason: "content" | "similar" | "hot" | "fresh";
  readonly tag: null;
}

/**
 * Related videos, the closest first, each once; the hottest fill the places that are left. Rarity is the weight of
 * Adamic and Adar, "Friends and neighbors on the Web", Social Networks 25 (2003), §3. Ten viewers in common count as 1. Pure.
 */
export function relatedOf({ tagged, authored, watched, hottest }: Neighbours, limit: number): Related[] {
  const content = new Map<Id, number>();
  for (const { videoId, rarity } of tagged) content.set(videoId, rarity);
  for (const id of authored) content.set(id, (content.get(id) ?? 0) + authorWeight);
  const similar = new Map(watched.map(({ videoId, viewers }) => [videoId, Math.log10(viewers)]));
  const close = [...new Set([...content.keys(), ...similar.keys()])]
    .map((videoId) => ({ videoId, content: content.get(videoId) ?? 0, similar: similar.get(videoId) ?? 0 }))
    .toSorted((a, b) => b.content + b.similar - (a.content + a.similar) || b.videoId - a.videoId)
    .map(
      (one): Related => ({
        videoId: one.videoId,
        reason: one.similar > one.content ? "similar" : "content",
        tag: null,
      }),
    );
  const closeIds = new Set(close.map(({ videoId }) => videoId));
  const filling = hottest
    .filter(({ videoId }) => !closeIds.has(videoId))
    .map(({ videoId, isHot }): Related => ({ videoId, reason: isHot ? "hot" : "fresh", tag: null }));
  return [...close, ...filling].slice(0, limit);
}
