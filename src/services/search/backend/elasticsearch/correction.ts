import { z } from "zod";
import { documentKind } from "../../documents/documents.ts";
import { stemOf } from "../../index/analysis/english.ts";
import { correctQuery, spelledWords } from "../../index/query/correction.ts";
import { distance } from "../../index/query/distance.ts";
import { secondTypoLettersMin, typoLettersMin } from "../../index/query/spelling.ts";
import { type Clause, fieldsOf } from "./query.ts";

const optionsMax = 5;

const Suggestions = z.object({
  suggest: z.record(z.string(), z.array(z.object({ options: z.array(z.object({ text: z.string() })) }))),
});
const Counts = z.object({
  aggregations: z.object({ counts: z.object({ buckets: z.record(z.string(), z.object({ doc_count: z.int() })) }) }),
});

/** Sends a body to `_search`. */
export type Search = <S extends z.ZodType>(schema: S, body: object) => Promise<z.output<S>>;

/**
 * The nearest word that a video has in place of each that none has. Elasticsearch also suggests words of removed videos, so
 * that the present ones are counted.
 */
export async function correctionIn(search: Search, query: string): Promise<string | null> {
  const words = spelledWords(query);
  const correctable = words.flatMap(({ term }, n) => (term.length < typoLettersMin ? [] : [{ n, term }]));
  if (correctable.length === 0) return null;
  const { surface, words: fields } = fieldsOf(documentKind.video);
  const settings = { field: surface, suggest_mode: "missing", size: optionsMax, max_edits: 2, prefix_length: 0 };
  const { suggest } = await search(Suggestions, {
    size: 0,
    suggest: Object.fromEntries(correctable.map(({ n, term }) => [n, { text: term, term: settings }])),
  });
  const optionsOf = (n: number): string[] =>
    (suggest[n] ?? []).flatMap(({ options }) => options.map(({ text }) => text));
  const filters: Record<string, Clause> = {};
  for (const { n, term } of correctable)
    for (const option of optionsOf(n)) {
      filters[`${n}`] = { combined_fields: { query: stemOf(term), fields } };
      filters[`${n} ${option}`] = { term: { [surface]: option } };
    }
  if (Object.keys(filters).length === 0) return null;
  const { aggregations } = await search(Counts, {
    size: 0,
    query: { term: { kind: documentKind.video } },
    aggs: { counts: { filters: { filters } } },
  });
  const videosWith = (key: string): number => aggregations.counts.buckets[key]?.doc_count ?? 0;
  const best = (n: number, word: string): string | undefined =>
    optionsOf(n)
      .map((option) => ({ option, far: distance(word, option, 2), videos: videosWith(`${n} ${option}`) }))
      .filter(({ option, far, videos }) => videos > 0 && isLike(word, option, far))
      .toSorted((a, b) => a.far - b.far || b.videos - a.videos || (a.option < b.option ? -1 : 1))[0]?.option;
  const replacements = new Map(
    correctable.map(({ n, term }) => [words[n], videosWith(`${n}`) > 0 ? undefined : best(n, term)]),
  );
  return correctQuery(query, words, (word) => replacements.get(word))?.text ?? null;
}

/** As `index/query/spelling.ts` has it: a second error in long words alone, and none in their first letter. */
const isLike = (word: string, option: string, far: number): boolean =>
  far === 1 || (far === 2 && word.length >= secondTypoLettersMin && word[0] === option[0]);
