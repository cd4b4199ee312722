import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { SearchDocument } from "./document.ts";
import { SearchIndex } from "./search-index.ts";
import { framesIn } from "./snapshot/frames.ts";
import { indexStateOf, snapshotOf } from "./snapshot/snapshot.ts";

describe("a scope of the search index", () => {
  it("is searched as if there were no other documents, with the same hits, scores and order", () => {
    fc.assert(
      fc.property(documentLists, queries, (documents, text) => {
        const all = indexOf(documents);
        for (const scope of scopes) {
          const alone = indexOf(documents.filter((one) => one.scope === scope));
          for (const query of [
            { text, scope, limit: 100 },
            { text, scope, kinds: [4], isName: true, limit: 100 },
            { text, scope, sort: { column: "id", order: "desc" as const }, limit: 100 },
            { scope, limit: 100 },
          ])
            assert.deepEqual(all.search(query), alone.search(query));
        }
      }),
      { numRuns: 200 },
    );
  });

  it("changes nothing that queries without a scope find, count, correct or rank", () => {
    fc.assert(
      fc.property(documentLists, queries, (documents, text) => {
        const all = indexOf(documents);
        const plain = indexOf(documents.filter(({ scope }) => scope === undefined));
        for (const query of [
          { text, limit: 100 },
          { text, isName: true, limit: 100 },
          { text, kinds: [4], isName: true, limit: 100 },
          { limit: 100 },
        ])
          assert.deepEqual(all.search(query), plain.search(query));
        assert.deepEqual(all.correction(text), plain.correction(text));
        assert.equal(all.has(4, "names"), plain.has(4, "names"));
      }),
      { numRuns: 200 },
    );
  });

  it("is found by any part of a name, whole words before beginnings and those before other parts", () => {
    const index = indexOf([
      file(1, 7, "taxes 2026.pdf"),
      file(2, 7, "my tax return.pdf"),
      file(3, 7, "syntax.txt"),
      file(4, 7, "海边照片.jpg"),
      file(5, 8, "tax"),
      file(6, 7, "tax.pdf"),
    ]);
    assert.deepEqual(idsOf(index, "TAX", 7), [2, 6, 1, 3]);
    assert.deepEqual(idsOf(index, "边照", 7), [4]);
    assert.deepEqual(idsOf(index, "return tax", 7), [2]);
    assert.deepEqual(idsOf(index, "tax", 8), [5]);
    assert.deepEqual(idsOf(index, "tax", 9), []);
  });

  it("is searched in some tenths of a second, whatever names one user has", () => {
    const index = new SearchIndex();
    for (let id = 1; id <= 4_000; id++) index.put(file(id, 7, "a".repeat(255)));
    for (let id = 1; id <= 10_000; id++) index.put(file(10_000 + id, 8, `photo ${id}.jpg`));
    index.refresh();
    index.search({ text: "aa", scope: 7 });
    const began = process.cpuUsage();
    const { total } = index.search({ text: "a".repeat(64), scope: 7 });
    const { user } = process.cpuUsage(began);
    assert.ok(total > 0 && user < 1_500_000, `${total} in ${user} µs`);
    const all = index.search({
      text: "photo jpg",
      scope: 8,
      sort: { column: "id", order: "asc" },
      offset: 1_000,
      limit: 1,
    });
    assert.deepEqual([all.total, all.hits[0]?.id], [1_001, 11_001]);
  });

  it("stays as it is in a merge and in a snapshot, for scopes of any size", () => {
    const large = [1, 2 ** 14, 2 ** 28 + 1, 2 ** 42 + 3, Number.MAX_SAFE_INTEGER];
    const index = indexOf(large.map((scope, n) => file(n + 1, scope, "tax")));
    index.compact();
    const frames = snapshotOf(index.state);
    const restored = new SearchIndex(indexStateOf(framesIn(Buffer.concat(frames))));
    for (const one of [index, restored])
      for (const [n, scope] of large.entries()) assert.deepEqual(idsOf(one, "tax", scope), [n + 1]);
    assert.deepEqual(restored.search({ text: "tax" }).hits, []);
  });

  it("is a positive integer, of documents without texts beside names", () => {
    const index = new SearchIndex();
    for (const wrong of [
      { ...file(1, 0, "a") },
      { ...file(1, 1.5, "a") },
      { ...file(1, 1, "a"), keywords: { tag: ["a"] } },
      { ...file(1, 1, "a"), fields: { title: "a" } },
    ])
      assert.throws(() => index.put(wrong), RangeError);
  });
});

type Entry = SearchDocument & { readonly isRemoved?: boolean };
const scopes = [1, 2, 3] as const;
const file = (id: number, scope: number, names: string): SearchDocument => ({
  id,
  kind: 4,
  version: 1,
  fields: { names },
  scope,
});
const words = fc.constantFrom("tax", "taxes", "photo", "photos", "report", "reprot", "海边", "照片", "a1");
const names = fc.array(words, { minLength: 1, maxLength: 3 }).map((some) => some.join(" "));
const queries = fc.oneof(names, fc.constantFrom("ta", "phot", "repo", "边", "repotr"));
const documentLists = fc
  .array(fc.record({ names, scope: fc.constantFrom(undefined, ...scopes), isRemoved: fc.boolean() }), { maxLength: 25 })
  .map((all) =>
    all.map(
      ({ scope, isRemoved, ...fields }, n): Entry => ({
        id: n + 1,
        kind: 4,
        version: 1,
        isRemoved: isRemoved && n % 3 === 0,
        // Those without a scope also have words, for corrections and beginnings.
        ...(scope === undefined ? { fields: { ...fields, title: fields.names } } : { fields, scope }),
      }),
    ),
  );

/** Some refreshes between, so that there are several segments and deleted documents. */
function indexOf(documents: readonly Entry[]): SearchIndex {
  const index = new SearchIndex();
  for (const { isRemoved: _, ...document } of documents) {
    index.put(document);
    if (document.id % 4 === 0) index.refresh();
  }
  index.refresh();
  for (const { isRemoved = false, kind, id } of documents) if (isRemoved) index.remove({ kind, id }, 2);
  index.refresh();
  return index;
}

const idsOf = (index: SearchIndex, text: string, scope: number) =>
  index.search({ text, scope }).hits.map(({ id }) => id);
