import { distance } from "#services/search/index/query/distance";
import type { Searchable } from "./index-store.ts";
import type { Matches } from "./matches.ts";
import { QueryEvaluation } from "./query.ts";
import { type Json, listOf, numberOf, objectOf, onlyEntry, Refusal, textOf } from "./refusal.ts";

const keys = ["query", "sort", "size", "track_total_hits", "search_after", "_source", "aggs", "suggest"];

/** Answers a request to `_search`. @throws Refusal */
export function search(index: Searchable, body: unknown): object {
  const { query, sort = [{ _score: "desc" }], size = 10, ...rest } = objectOf(body, keys, "search");
  const { track_total_hits: tracked = 10_000, search_after: after, _source: source, aggs, suggest } = rest;
  if (source !== undefined && source !== false) throw new Refusal(400, "parsing_exception", "[_source]");
  const limit = numberOf(size, "size");
  if (limit > 10_000) throw new Refusal(400, "illegal_argument_exception", "Result window is too large");
  const evaluation = new QueryEvaluation(index);
  const matches: Matches =
    query === undefined ? new Map([...index.documents.keys()].map((one) => [one, 1])) : evaluation.of(query);
  const order = listOf(sort, "sort").map((one) => sortOf(one, evaluation));
  const sorted = [...matches]
    .map(([document, score]) => ({
      id: index.documents[document]?.id,
      key: order.map((one) => one.valueOf(document, Math.fround(score))),
    }))
    .toSorted((a, b) => compared(order, a.key, b.key));
  const start =
    after === undefined ? undefined : listOf(after, "search_after").map((one) => numberOf(one, "search_after"));
  if (start && start.length !== order.length)
    throw new Refusal(400, "illegal_argument_exception", "search_after has another length than sort");
  const page = sorted.filter(({ key }) => !start || compared(order, key, start) > 0).slice(0, limit);
  return {
    took: 1,
    timed_out: false,
    _shards: { total: 1, successful: 1, skipped: 0, failed: 0 },
    hits: {
      ...totalOf(matches.size, tracked),
      max_score: null,
      hits: page.map(({ id, key }) => ({ _index: "one", _id: id, _score: null, sort: key })),
    },
    ...(aggs !== undefined && { aggregations: aggregations(aggs, evaluation, matches) }),
    ...(suggest !== undefined && { suggest: suggestions(suggest, index) }),
  };
}

function totalOf(count: number, tracked: unknown): object {
  if (tracked === false) return {};
  const most = numberOf(tracked, "track_total_hits");
  return { total: count > most ? { value: most, relation: "gte" } : { value: count, relation: "eq" } };
}

interface Order {
  readonly sign: 1 | -1;
  valueOf(document: number, score: number): number;
}

function sortOf(clause: unknown, evaluation: QueryEvaluation): Order {
  const [field, options] = onlyEntry(clause, "sort");
  const { order, missing } =
    typeof options === "string" ? { order: options } : objectOf(options, ["order", "missing"], field);
  if (order !== "asc" && order !== "desc") throw new Refusal(400, "parsing_exception", `order [${String(order)}]`);
  const sign = order === "asc" ? 1 : -1;
  if (field === "_score") return { sign, valueOf: (_, score) => score };
  const name = evaluation.fieldOf(field, "long");
  return { sign, valueOf: (document) => numberOf(evaluation.values(document, name)[0] ?? missing, name) };
}

function compared(order: readonly Order[], a: readonly number[], b: readonly number[]): number {
  for (const [n, { sign }] of order.entries()) {
    const difference = sign * ((a[n] ?? 0) - (b[n] ?? 0));
    if (difference !== 0) return difference;
  }
  return 0;
}

function aggregations(aggs: unknown, evaluation: QueryEvaluation, matches: Matches): object {
  const all = Object.entries(objectOf(aggs, undefined, "aggs"));
  return Object.fromEntries(
    all.map(([name, value]) => {
      const [kind, body] = onlyEntry(value, name);
      if (kind === "filters") return [name, { buckets: filterBuckets(body, evaluation, matches) }];
      if (kind === "terms") return [name, { buckets: termBuckets(body, evaluation, matches) }];
      throw new Refusal(400, "parsing_exception", `Unknown aggregation type [${kind}]`);
    }),
  );
}

function filterBuckets(body: unknown, evaluation: QueryEvaluation, matches: Matches): object {
  const { filters } = objectOf(body, ["filters"], "filters");
  const entries = Object.entries(objectOf(filters, undefined, "filters"));
  return Object.fromEntries(
    entries.map(([name, query]) => {
      const found = evaluation.of(query);
      return [name, { doc_count: [...matches.keys()].filter((document) => found.has(document)).length }];
    }),
  );
}

function termBuckets(body: unknown, evaluation: QueryEvaluation, matches: Matches): object[] {
  const { field, size = 10 } = objectOf(body, ["field", "size"], "terms");
  const name = evaluation.fieldOf(textOf(field, "field"), "keyword");
  const counts = new Map<string, number>();
  for (const document of matches.keys())
    for (const value of new Set(evaluation.values(document, name)))
      counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  return [...counts]
    .toSorted(([a, countOfA], [b, countOfB]) => countOfB - countOfA || (a < b ? -1 : 1))
    .slice(0, numberOf(size, "size"))
    .map(([key, doc_count]) => ({ key, doc_count }));
}

function suggestions(suggest: unknown, index: Searchable): object {
  const all = Object.entries(objectOf(suggest, undefined, "suggest"));
  return Object.fromEntries(
    all.map(([name, value]) => {
      const { text, term } = objectOf(value, ["text", "term"], name);
      const word = textOf(text, "text");
      return [name, [{ text: word, offset: 0, length: word.length, options: optionsOf(word, term, index) }]];
    }),
  );
}

/** The term suggester: words within some edits that the index has, also of documents that were deleted. */
function optionsOf(word: string, settings: unknown, { fields, documents, everIndexed }: Searchable): Json[] {
  const names = ["field", "suggest_mode", "size", "max_edits", "prefix_length"];
  const {
    field,
    suggest_mode: mode,
    size = 5,
    max_edits: most = 2,
    prefix_length: kept = 1,
  } = objectOf(settings, names, "term");
  const name = textOf(field, "field");
  if (fields.get(name)?.type !== "text")
    throw new Refusal(400, "illegal_argument_exception", `no mapping found for field [${name}]`);
  if (mode !== "missing") throw new Refusal(400, "illegal_argument_exception", `suggest_mode [${String(mode)}]`);
  const edits = numberOf(most, "max_edits");
  if (edits !== 1 && edits !== 2) throw new Refusal(400, "illegal_argument_exception", "Edit distance must be 1 or 2");
  const known = everIndexed.get(name) ?? new Set<string>();
  if (known.has(word) || word.length < 4) return [];
  const start = word.slice(0, numberOf(kept, "prefix_length"));
  return [...known]
    .filter((term) => term.startsWith(start) && distance(word, term, edits) <= edits)
    .map((text) => ({
      text,
      score: 1 - distance(word, text, edits) / Math.min(word.length, text.length),
      freq: documents.filter(({ texts }) => texts.get(name)?.has(text)).length,
    }))
    .toSorted((a, b) => b.score - a.score || b.freq - a.freq || (a.text < b.text ? -1 : 1))
    .slice(0, numberOf(size, "size"));
}
