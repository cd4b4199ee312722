import type { Id } from "#kernel";

/** The weight of a common author: as much as a tag that seven videos have. */
const authorWeight = 0.5;

/** The videos that are related to one. */
export interface Neighbours {
  /** With a tag in common, by the sum of 1 / ln(1 + videos of the tag): a rare tag says more than a common one. */
  readonly tagged: ReadonlyMap<Id, number>;
  /** Videos of the same author. */
  readonly authored: readonly Id[];
  /** Watched or liked by the same users, as far as was learned; the best has about 1. */
  readonly similar: ReadonlyMap<Id, number>;
  /** The videos with the highest hot score, which fill the remaining places. */
  readonly hottest: readonly { readonly videoId: Id; readonly isHot: boolean }[];
}
interface Related {
  readonly videoId: Id;
  readonly reason: "content" | "similar" | "hot" | "fresh";
  readonly tag: null;
}

/**
 * Videos to watch after one: by the tags and the author in common and by their viewers, then the hottest. Tags count as in
 * Adamic and Adar, "Friends and neighbors on the Web", Social Networks 25 (2003), §3. Pure.
 */
export function relatedOf({ tagged, authored, similar, hottest }: Neighbours, limit: number): Related[] {
  const content = new Map(tagged);
  for (const id of authored) content.set(id, (content.get(id) ?? 0) + authorWeight);
  const close = [...new Set([...content.keys(), ...similar.keys()])]
    .map((videoId) => ({ videoId, content: content.get(videoId) ?? 0, similar: similar.get(videoId) ?? 0 }))
    .toSorted((a, b) => b.content + b.similar - (a.content + a.similar) || b.videoId - a.videoId)
    .map(
      (candidate): Related => ({
        videoId: candidate.videoId,
        reason: candidate.similar > candidate.content ? "similar" : "content",
        tag: null,
      }),
    );
  const closeIds = new Set(close.map(({ videoId }) => videoId));
  const filling = hottest
    .filter(({ videoId }) => !closeIds.has(videoId))
    .map(({ videoId, isHot }): Related => ({ videoId, reason: isHot ? "hot" : "fresh", tag: null }));
  return [...close, ...filling].slice(0, limit);
}
