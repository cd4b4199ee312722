import type { Db } from "../store.ts";
import type { NearVideos } from "./fused-backend.ts";
import type { QueryVectors } from "./query-vectors.ts";
import { cosine, storedVector } from "./stored-vector.ts";
import * as vectorStore from "./vector-store.ts";

/** This many vectors are compared number by number: signs alone order the first hundred roughly. */
const comparedMax = 400;

/** The videos whose vectors are near to that of a term, by the vectors of one model. */
export const createNearVideos =
  (db: Db, model: string, queryVectors: Pick<QueryVectors, "of">): NearVideos =>
  async (term) => {
    const [state, vector] = await Promise.all([vectorStore.modelState(db, model), queryVectors.of(term)]);
    if (!state || !vector) return [];
    const candidates = await vectorStore.nearest(db, model, storedVector(vector).signs, comparedMax);
    return candidates
      .map(({ id, bytes }) => ({ id, similarity: cosine(vector, bytes) }))
      .filter(({ similarity }) => similarity >= state.threshold)
      .toSorted((a, b) => b.similarity - a.similarity)
      .map(({ id }) => id);
  };
