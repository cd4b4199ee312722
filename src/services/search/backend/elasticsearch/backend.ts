import { z } from "zod";
import { SearchUnavailable } from "../../contract.ts";
import { documentKind } from "../../documents/documents.ts";
import type { Found, KindQuery, Place, SearchBackend, Slice } from "../port.ts";
import type { Elasticsearch } from "./client.ts";
import { correctionIn, type Search } from "./correction.ts";
import { partedBy } from "./partings.ts";
import { type Clause, inCaptions, queryOf, wantedBy } from "./query.ts";

const totalMax = 1_001;
/** With fewer results than this, documents with some of the words, or with similar words, are found as well. */
const fewMatches = 10;
/** Less used tags have no count. */
const tagsMax = 10_000;

const Hits = z.object({
  hits: z.object({
    total: z.object({ value: z.int() }).optional(),
    hits: z.array(z.object({ sort: z.array(z.number()) })),
  }),
});
const Tags = z.object({
  aggregations: z.object({
    tags: z.object({ buckets: z.array(z.object({ key: z.string(), doc_count: z.int() })) }),
  }),
});

export interface ElasticsearchBackend extends SearchBackend {
  /** How many videos have a tag, of the most used ones. @throws SearchUnavailable */
  readonly videosByTag: () => Promise<ReadonlyMap<string, number>>;
}

/** Searches what is behind an alias. */
export function createElasticsearchBackend(elasticsearch: Elasticsearch, alias: string): ElasticsearchBackend {
  // Scores are by all shards of its index together, and an answer is whole.
  const always = "search_type=dfs_query_then_fetch&allow_partial_search_results=false";

  const search: Search = async (schema, body) => {
    const path = `/${alias}/_search?${always}`;
    const answer = await elasticsearch.ask(schema, {
      method: "POST",
      path,
      json: { _source: false, ...body },
      mayBeAbsent: true,
    });
    if (answer === undefined) throw SearchUnavailable({}, new Error(`${alias} is not filled yet`));
    return answer;
  };

  /** The current sort key of a document, or its former one if it is no longer found. */
  async function present(query: Clause, sort: Sort, { id, rank }: Place): Promise<number[]> {
    const only = { bool: { must: [query], filter: [{ term: { id } }] } };
    const { hits } = await search(Hits, { query: only, sort: sort.clause, size: 1, track_total_hits: false });
    return hits.hits[0]?.sort ?? sort.keyOf({ id, rank });
  }

  async function page(query: Clause, sort: Sort, { offset, limit, after }: Slice): Promise<Found> {
    const { hits } = await search(Hits, {
      query,
      sort: sort.clause,
      size: offset + limit,
      track_total_hits: totalMax,
      ...(after && { search_after: await present(query, sort, after) }),
    });
    const total = Math.min(hits.total?.value ?? 0, totalMax);
    return { places: hits.hits.slice(offset).map((hit) => sort.placeOf(hit.sort)), total };
  }

  return {
    async find(query, slice) {
      const wanted = wantedBy(query);
      if (!wanted) return { places: [], total: 0 };
      const sort = sortOf(query);
      const narrow = await page(queryOf(query, wanted, false), sort, slice);
      if (narrow.total >= fewMatches) return narrow;
      const withPartings = await partedBy(search, query, wanted);
      const wholePage = withPartings ? await page(queryOf(query, withPartings, false), sort, slice) : narrow;
      if (wholePage.total >= fewMatches || !wanted.canWiden) return wholePage;
      return page(queryOf(query, withPartings ?? wanted, true), sort, slice);
    },

    async withWordsInCaptions(text, videoIds) {
      const wanted = wantedBy({ text });
      if (videoIds.length === 0 || !wanted) return [];
      const query = inCaptions(videoIds, wanted);
      const { hits } = await search(Hits, { query, sort: [{ id: "desc" }], size: videoIds.length });
      return hits.hits.flatMap(({ sort }) => sort);
    },

    correction: (text) => correctionIn(search, text),

    async videosByTag() {
      const { aggregations } = await search(Tags, {
        size: 0,
        query: { term: { kind: documentKind.video } },
        aggs: { tags: { terms: { field: "keywords.tag", size: tagsMax } } },
      });
      return new Map(aggregations.tags.buckets.map(({ key, doc_count: count }) => [key, count]));
    },
  };
}

/** An order by one number, and the later id among equals. */
interface Sort {
  readonly clause: readonly object[];
  placeOf(key: readonly number[]): Place;
  keyOf(place: Place): number[];
}

function sortOf({ sort }: KindQuery): Sort {
  if (!sort)
    return {
      clause: [{ _score: "desc" }, { id: "desc" }],
      placeOf: ([score = 0, id = 0]) => ({ id, rank: rankOfScore(score) }),
      keyOf: ({ id, rank }) => [scoreOfRank(rank), id],
    };
  const { column, order } = sort;
  if (column === "id")
    return { clause: [{ id: order }], placeOf: ([id = 0]) => ({ id, rank: id }), keyOf: ({ id }) => [id] };
  return {
    clause: [{ [`numbers.${column}`]: { order, missing: 0 } }, { id: "desc" }],
    placeOf: ([rank = 0, id = 0]) => ({ id, rank }),
    keyOf: ({ id, rank }) => [rank, id],
  };
}

/* Scores are floats of 32 bits: as whole numbers, these are in the same order, and nothing of them is lost in a cursor. */
const bits = new DataView(new ArrayBuffer(4));
function rankOfScore(score: number): number {
  bits.setFloat32(0, score);
  return bits.getInt32(0);
}
function scoreOfRank(rank: number): number {
  bits.setInt32(0, rank);
  return bits.getFloat32(0);
}
