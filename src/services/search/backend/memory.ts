import { documentKind } from "../documents/documents.ts";
import type { SearchMemory } from "../documents/memory.ts";
import { indexQuery, placeOf } from "./index-query.ts";
import type { SearchBackend } from "./port.ts";

const captionWeights = { title: 0, tags: 0, author: 0, description: 0, captions: 1, names: 0 };

/** The index in the memory of this process, which has all documents. */
export const createMemoryBackend = (memory: SearchMemory): SearchBackend => ({
  async find(query, slice) {
    await memory.refresh();
    const { hits, total } = memory.index.search(indexQuery(query, slice));
    return { places: hits.map((hit) => placeOf(query, hit)), total };
  },

  async withWordsInCaptions(text, videoIds) {
    if (!memory.index.has(documentKind.video, "captions")) return [];
    const { hits } = memory.index.search({
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
