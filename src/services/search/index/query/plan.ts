import { alikeMax, begunMax, type ConceptCounts, fewDocuments, type Measurement, textsOf } from "./measurement.ts";
import { type Statistics, statisticsOf } from "./statistics.ts";
import { byCount, noOtherWords, type OtherWords, partingsMax, type SpelledLike, type WordCount } from "./words.ts";

/** How a concept is searched in each shard. */
interface PlannedConcept extends OtherWords {
  /** How many documents have it, in any of these ways: what it weighs by. */
  readonly documents: number;
}

/** How a query is searched, so that the scores of documents do not depend on the shard that they are in. */
export interface Plan {
  readonly statistics: Statistics;
  /** In the order of the query. */
  readonly concepts: readonly PlannedConcept[];
}

/** What to search for, by the measurements of the same query in each shard; there is at least one. Pure. */
export function planOf(measurements: readonly Measurement[]): Plan {
  const concepts = (measurements[0]?.concepts ?? []).map((_, n) =>
    plannedConcept(measurements.flatMap((one) => one.concepts[n] ?? [])),
  );
  return { statistics: statisticsOf(measurements.map(({ statistics }) => statistics)), concepts };
}

/** A shard where enough documents have a concept has no other words for it: then enough have it in all of them as well. */
function plannedConcept(counts: readonly ConceptCounts[]): PlannedConcept {
  const sum = (of: (one: ConceptCounts) => number) => counts.reduce((total, one) => total + of(one), 0);
  const written = sum(({ documents }) => documents);
  const isFew = written < fewDocuments;
  const isBegun = counts.some(({ begun, isOpen }) => begun && (isOpen || isFew));
  const byText = new Map(counts.flatMap(({ partings }) => partings).map((words) => [words.join(" "), words]));
  const ownWords = { isWritten: written > 0, partings: isFew ? [...byText.values()].slice(0, partingsMax) : [] };
  const soFar = (one: ConceptCounts) => (isBegun ? (one.begun?.documents ?? one.documents) : one.documents);
  const before = sum(soFar);
  const begun = isBegun ? textsOf(together(counts.map((one) => one.begun?.words ?? [])), begunMax) : [];
  const like = before < fewDocuments ? alikeOf(counts.flatMap(({ alike }) => alike ?? [])) : undefined;
  if (!like) return { ...noOtherWords, ...ownWords, begun, documents: before };
  const documents = sum((one) => (one.alike?.distance === like.distance ? one.alike.documents : soFar(one)));
  return { ...ownWords, begun, alike: { distance: like.distance, words: textsOf(like.words, alikeMax) }, documents };
}

/** The nearest words of all shards; undefined where there are none. Pure. */
export function alikeOf(shards: readonly SpelledLike[]): SpelledLike | undefined {
  if (shards.length === 0) return undefined;
  const distance = Math.min(...shards.map((one) => one.distance));
  const words = together(shards.filter((one) => one.distance === distance).map((one) => one.words));
  return { distance, words };
}

/** Words of several shards with the documents of all of them. */
function together(shards: readonly (readonly WordCount[])[]): readonly WordCount[] {
  const [only] = shards;
  if (shards.length === 1 && only) return only;
  const counts = new Map<string, number>();
  for (const { word, documents } of shards.flat()) counts.set(word, (counts.get(word) ?? 0) + documents);
  return [...counts].map(([word, documents]) => ({ word, documents })).toSorted(byCount);
}
