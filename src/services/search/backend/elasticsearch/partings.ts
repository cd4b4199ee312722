import { z } from "zod";
import { compoundUnitsMax } from "../../index/query/parser.ts";
import { partingsOf } from "../../index/query/words.ts";
import type { KindQuery } from "../port.ts";
import type { Search } from "./correction.ts";
import { fieldsOf, type Wanted, type WantedConcept } from "./query.ts";

/** The most words of a query that are parted: a word of 24 letters has 300 pieces. */
const partedWordsMax = 6;

const Counts = z.object({
  aggregations: z.object({ pieces: z.object({ buckets: z.record(z.string(), z.object({ doc_count: z.int() })) }) }),
});

/** The same concepts with the ways they may be parted, by the words that documents of the kind have; undefined where there are none. */
export async function partedBy(search: Search, { kind }: KindQuery, wanted: Wanted): Promise<Wanted | undefined> {
  const words = wanted.concepts.filter(({ isRequired, kind: sort }) => isRequired && sort === "word");
  if (!wanted.canPart || words.length > partedWordsMax) return undefined;
  const pieces = await knownPieces(search, kind, words);
  const concepts = wanted.concepts.map((concept): WantedConcept => {
    const partings = words.includes(concept) ? partingsOf(concept, (text) => pieces.has(text)) : [];
    return partings.length > 0 ? { ...concept, partings } : concept;
  });
  return concepts.some(({ partings }) => partings) ? { ...wanted, concepts } : undefined;
}

/** The parts of these words that documents have as words. */
async function knownPieces(
  search: Search,
  kind: KindQuery["kind"],
  concepts: readonly WantedConcept[],
): Promise<ReadonlySet<string>> {
  const pieces = new Set(concepts.flatMap(({ word, isSpaced }) => (isSpaced ? piecesOf(word) : [])));
  if (pieces.size === 0) return pieces;
  const { surface } = fieldsOf(kind);
  const filters = Object.fromEntries([...pieces].map((piece) => [piece, { term: { [surface]: piece } }]));
  const { aggregations } = await search(Counts, {
    size: 0,
    query: { term: { kind } },
    aggs: { pieces: { filters: { filters } } },
  });
  const { buckets } = aggregations.pieces;
  return new Set([...pieces].filter((piece) => (buckets[piece]?.doc_count ?? 0) > 0));
}

function piecesOf(word: string): string[] {
  if (word.length > compoundUnitsMax) return [];
  return Array.from({ length: word.length }, (_, from) =>
    Array.from({ length: word.length - from }, (_, n) => word.slice(from, from + n + 1)),
  )
    .flat()
    .filter((piece) => piece !== word);
}
