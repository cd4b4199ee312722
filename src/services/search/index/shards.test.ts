import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { SearchDocument } from "./document.ts";
import { playsAndFreshness } from "./query/boosts.ts";
import { correctionOf } from "./query/correction.ts";
import type { SearchQuery } from "./query/query.ts";
import { searchShards, type Shard } from "./query/shards.ts";
import { SearchIndex } from "./search-index.ts";

/* Words that begin alike, that are spelled alike, with and without spaces between them; some are in few documents. */
const common = fc.constantFrom("cat", "running", "blue", "sky", "海边", "海边日落", '"blue sky"');
const rare = fc.constantFrom(
  "cats",
  "catalog",
  "cathedral",
  "runing",
  "blues",
  "日落",
  "#海边",
  "minecraft",
  "minecrafd",
  "mimecraft",
  "minekrafd",
  "minerals",
);
const text = fc
  .array(fc.oneof({ arbitrary: common, weight: 5 }, { arbitrary: rare, weight: 1 }), { maxLength: 5 })
  .map((words) => words.join(" "));
const asked = fc
  .array(fc.oneof(common, rare, fc.constantFrom("minekraft", "catalogs", "runnin", "mi", "bluez")), {
    minLength: 1,
    maxLength: 3,
  })
  .map((words) => words.join(" "));
const document = fc.record({
  kind: fc.integer({ min: 1, max: 2 }),
  fields: fc.record({ title: text, tags: text, description: text, names: text }, { requiredKeys: ["title"] }),
  numbers: fc.record({ plays: fc.integer({ min: 0, max: 5 }), publishedAt: fc.integer({ min: 0, max: 1e9 }) }),
  shard: fc.integer({ min: 0, max: 3 }),
  isRemoved: fc.constantFrom(false, false, false, true),
});
const query: fc.Arbitrary<SearchQuery> = fc.record(
  {
    text: asked,
    kinds: fc.constantFrom([1], [1, 2]),
    isName: fc.boolean(),
    sort: fc.constant({ column: "plays", order: "desc" as const }),
    boost: fc.constant(playsAndFreshness(1e9)),
    filter: fc.record({ ranges: fc.constant({ plays: { min: 1 } }) }),
    offset: fc.nat(3),
    limit: fc.integer({ min: 1, max: 30 }),
    opensWords: fc.boolean(),
    toleratesTypos: fc.boolean(),
    needsAllWords: fc.boolean(),
  },
  { requiredKeys: [] },
);

describe("shards of the search index", () => {
  it("find and rank as one index, page after page, whichever document is in which shard", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(document, { maxLength: 40, size: "max" }),
        fc.array(query, { minLength: 8, maxLength: 8 }),
        async (list, queries) => {
          const { whole, shards, holderOf } = split(list);
          for (const one of queries) {
            const expected = whole.search(one);
            assert.deepEqual(await searchShards(shards.map(shardOf), one), expected);
            const last = expected.hits.at(-1);
            if (!last) continue;
            // Its rank was another one when the page before was read.
            const next = { ...one, after: { ...last, rank: last.rank + 1 } };
            const holder = shards.findIndex((shard) => shard === holderOf(last));
            const all = shards.map(shardOf);
            assert.deepEqual(await searchShards(all, next, all[holder]), whole.search(next));
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it("correct a query as one index does", () => {
    fc.assert(
      fc.property(fc.array(document, { maxLength: 40, size: "max" }), asked, (list, words) => {
        const { whole, shards } = split(list);
        const spellings = shards.map((shard) => shard.spellings(words, [1]));
        assert.deepEqual(correctionOf(words, spellings), whole.correction(words, [1]));
      }),
      { numRuns: 500 },
    );
  });
});

const shardOf = (index: SearchIndex): Shard => ({
  measurement: async (asking) => index.measurement(asking),
  hits: async (asking, plan) => index.hits(asking, plan),
});

/** All documents in one index, and in four. */
function split(list: readonly (typeof document extends fc.Arbitrary<infer D> ? D : never)[]) {
  const whole = new SearchIndex();
  const shards = Array.from({ length: 4 }, () => new SearchIndex());
  const holders = new Map<string, SearchIndex>();
  for (const [n, { shard, isRemoved, ...fields }] of list.entries()) {
    const one: SearchDocument = { id: n + 1, version: 1, ...fields };
    const own = shards[shard] ?? whole;
    holders.set(`${one.kind} ${one.id}`, own);
    for (const index of [whole, own]) {
      index.put(one);
      // Segments of some documents each, with deleted ones.
      if (n % 7 === 0) index.refresh();
      if (isRemoved) index.remove(one, 2);
    }
  }
  for (const index of [whole, ...shards]) index.refresh();
  return { whole, shards, holderOf: ({ kind, id }: { kind: number; id: number }) => holders.get(`${kind} ${id}`) };
}
