import type { Id } from "#kernel";
import { documentKind } from "../documents/documents.ts";
import type { SearchMemory } from "../documents/memory.ts";
import type { SearchIndex } from "../index/search-index.ts";
import { indexQuery, placeOf } from "./index-query.ts";
import type { SearchBackend } from "./port.ts";

const captionWeights = { title: 0, tags: 0, author: 0, description: 0, captions: 1, names: 0 };

/** The index in the memory of this process, which has all documents. */
export const memoryBackend = (memory: SearchMemory): SearchBackend => ({
  async find(query, slice) {
    await memory.refresh();
    const { hits, total } = memory.index.search(indexQuery(query, slice));
    return { places: hits.map((hit) => placeOf(query, hit)), total };
  },

  withWordsInCaptions: async (text, videoIds) => withWordsInCaptions(memory.index, text, videoIds),

  async correction(text) {
    await memory.refresh();
    return memory.index.correction(text, [documentKind.video])?.text ?? null;
  },
});

/** Of these videos, those of an index that may have words of a text in their captions. */
export function withWordsInCaptions(index: SearchIndex, text: string, videoIds: readonly Id[]): Id[] {
  if (!index.has(documentKind.video, "captions")) return [];
  const { hits } = index.search({
    text,
    kinds: [documentKind.video],
    filter: { only: new Set(videoIds) },
    scores: { weights: captionWeights },
    limit: videoIds.length,
  });
  return hits.map(({ id }) => id);
}
