import { documentKind } from "../documents/documents.ts";
import type { SearchMemory } from "../documents/memory.ts";
import { type Boost, followers, playsAndFreshness } from "../index/query/boosts.ts";
import type { Boosting, SearchBackend } from "./port.ts";

/** Scores are written into cursors as whole numbers. */
const scoreUnit = 1e6;
const captionWeights = { title: 0, tags: 0, author: 0, description: 0, captions: 1, names: 0 };

const boostOf = (boosting: Boosting): Boost =>
  boosting.by === "followers" ? followers : playsAndFreshness(boosting.nowMs);

/** The index in the memory of this process. */
export const memoryBackend = (memory: SearchMemory): SearchBackend => ({
  async find({ kind, boost, isExact, ...query }, { after, ...slice }) {
    await memory.refresh();
    const unit = query.sort ? 1 : scoreUnit;
    const { hits, total } = memory.index.search({
      ...query,
      ...slice,
      kinds: [kind],
      ...(boost && { boost: boostOf(boost) }),
      ...(isExact && { needsAllWords: true, toleratesTypos: false }),
      ...(after && { after: { kind, id: after.id, rank: after.rank / unit } }),
    });
    return { places: hits.map(({ id, rank }) => ({ id, rank: Math.round(rank * unit) })), total };
  },

  async withWordsInCaptions(text, videoIds) {
    const { index } = memory;
    if (!index.has(documentKind.video, "captions")) return [];
    const { hits } = index.search({
      text,
      kinds: [documentKind.video],
      filter: { only: new Set(videoIds) },
      scores: { weights: captionWeights },
      limit: videoIds.length,
    });
    return hits.map(({ id }) => id);
  },

  async correction(text) {
    await memory.refresh();
    return memory.index.correction(text, [documentKind.video])?.text ?? null;
  },
});
