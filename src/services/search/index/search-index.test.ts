import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { analyse, isCounted } from "./analysis/analyser.ts";
import { stemOf } from "./analysis/english.ts";
import { type FieldName, fieldNames, type SearchDocument } from "./document.ts";
import { playsAndFreshness } from "./query/boosts.ts";
import type { SearchQuery } from "./query/query.ts";
import { SearchIndex } from "./search-index.ts";
import { mergeSegments } from "./segment/merge.ts";
import type { PendingMerge } from "./segment/pending-merge.ts";
import { defaultScores } from "./settings.ts";

/** Words as they are. */
const exact = { toleratesTypos: false, opensWords: false };

describe("the search index", () => {
  it("scores by BM25F, as a plain reading of its formula does", () => {
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 12 }), fc.array(word, { minLength: 1, maxLength: 3 }), (all, words) => {
        const documents = all.map((fields, n) => ({ id: n + 1, kind: 1, version: 1, fields }));
        const index = indexOf(documents);
        const { hits, match } = index.search({ text: `${words.join(" ")}.`, limit: 100, ...exact });
        const expected = bm25f(documents, words, match);
        assert.deepEqual(
          hits.map(({ id }) => id).toSorted((a, b) => a - b),
          [...expected.keys()].toSorted((a, b) => a - b),
        );
        for (const { id, score } of hits) assert.ok(Math.abs(score - (expected.get(id) ?? 0)) < 1e-9, `${score}`);
        for (const [n, { score }] of hits.entries()) assert.ok(n === 0 || score <= (hits[n - 1]?.score ?? 0));
      }),
      { numRuns: 150 },
    );
  });

  it("yields the same for any order of changes, repeats, refreshes and merges, as if built anew", () => {
    fc.assert(
      fc.property(changeLists, noises, fc.integer({ min: 1, max: 9 }), (list, noise, every) => {
        const index = new SearchIndex();
        for (const [n, one] of repeated(list, noise).entries()) {
          apply(index, one);
          if (n % every === 0) index.refresh();
        }
        assertAsBuiltAnew(index, list);
      }),
      { numRuns: 150 },
    );
  });

  it("yields the same where merges end after further changes, or never", () => {
    let changedMeanwhile = 0;
    fc.assert(
      fc.property(changeLists, noises, fc.infiniteStream(mergeStep), fc.nat(2), (list, noise, steps, refreshMax) => {
        const index = new SearchIndex(undefined, { mergeCount: 2, refreshMax });
        let pending: PendingMerge | undefined;
        for (const one of repeated(list, noise)) {
          apply(index, one);
          const step = steps.next().value;
          if (step !== "wait") index.refresh();
          if (step === "begin") pending = index.beginMerge() ?? pending;
          if (step === "cancel" && pending) index.cancelMerge(pending);
          if (step === "end" && pending) {
            if (pending.segments.some(({ liveCount }, n) => liveCount !== pending?.originals[n]?.liveCount))
              changedMeanwhile++;
            index.endMerge(pending, mergeSegments(pending.segments));
            // A second end changes nothing.
            index.endMerge(pending, mergeSegments(pending.segments));
          }
        }
        assertAsBuiltAnew(index, list);
        if (pending) index.endMerge(pending, mergeSegments(pending.segments));
        assertAsBuiltAnew(index, list);
      }),
      { numRuns: 300 },
    );
    assert.ok(changedMeanwhile > 30, `${changedMeanwhile} merges ended after changes of their documents`);
  });

  it("shows changes after a refresh, all of a document at once", () => {
    const index = indexOf([video(1, "old title")]);
    index.put({ ...video(1, "new title"), version: 2 });
    assert.deepEqual([ids(index, "old"), ids(index, "new")], [[1], []]);
    index.refresh();
    assert.deepEqual([ids(index, "old"), ids(index, "new")], [[], [1]]);
    assert.equal(index.put({ ...video(1, "late title"), version: 2 }), false);
    assert.equal(index.remove({ kind: 1, id: 1 }, 1), false);
    assert.equal(index.remove({ kind: 1, id: 1 }, 2), true);
    assert.equal(index.remove({ kind: 1, id: 1 }, 2), false);
    index.refresh();
    assert.equal(index.put({ ...video(1, "late title"), version: 2 }), false);
    assert.equal(index.size, 0);
  });

  it("refuses keys that its arrays cannot hold", () => {
    const index = new SearchIndex();
    for (const key of [{ id: 0 }, { id: 1.5 }, { id: 2 ** 53 }, { kind: 256 }, { kind: -1 }, { version: Number.NaN }])
      assert.throws(() => index.put({ ...video(1, "cat"), ...key }), RangeError);
    assert.equal(index.put({ ...video(2 ** 53 - 1, "cat"), kind: 255 }), true);
    index.refresh();
    assert.deepEqual(ids(index, "cat"), [2 ** 53 - 1]);
  });

  it("keeps the number of segments small as documents come one by one", () => {
    const index = new SearchIndex();
    for (let n = 1; n <= 300; n++) {
      index.put(video(n, `title ${n}`));
      index.refresh();
    }
    assert.ok(index.segments.length < 25, `${index.segments.length} segments`);
    assert.equal(ids(index, "title 250")[0], 250);
  });

  it("has few large segments after merges beside it, and one merge at a time", () => {
    const index = new SearchIndex();
    for (let n = 1; n <= 20 * 200; n++) {
      index.put(video(n, `title ${n}`));
      if (n % 200 === 0) index.refresh();
    }
    assert.equal(index.segments.length, 20);
    const pending = index.beginMerge();
    assert.ok(pending);
    assert.equal(index.beginMerge(), undefined);
    index.endMerge(pending, mergeSegments(pending.segments));
    assert.deepEqual([index.segments.length, index.size, index.beginMerge()], [1, 4_000, undefined]);
    // A large segment is written anew once more than 30 % of it are deleted.
    for (const [last, isSparse] of [
      [1_200, false],
      [1_201, true],
    ] as const) {
      for (let n = 1; n <= last; n++) index.remove({ kind: 1, id: n }, 1);
      index.refresh();
      assert.equal(index.beginMerge() !== undefined, isSparse);
    }
  });

  it("finds documents with all words, and with some of them where too few have all", () => {
    const index = indexOf([
      ...Array.from({ length: 12 }, (_, n) => video(n + 1, "red panda")),
      video(13, "red fox"),
      video(14, "grey fox"),
    ]);
    assert.deepEqual(index.search({ text: "red panda" }).total, 12);
    const some = index.search({ text: "red fox" });
    assert.deepEqual([some.match, some.hits[0]?.id, some.total], ["any", 13, 14]);
  });

  it("leaves stop words out beside other words, and finds them by themselves", () => {
    const index = indexOf([video(1, "the panda"), video(2, "the who")]);
    assert.deepEqual(ids(index, "the panda"), [1]);
    assert.deepEqual(ids(index, "the"), [2, 1]);
    assert.deepEqual(ids(index, '"the who"'), [2]);
    const [first, second] = indexOf([video(1, "the panda"), video(2, "panda")]).search({ text: "panda" }).hits;
    assert.equal(first?.score, second?.score);
  });

  it("finds Chinese words, and parts of names across the words of a segmenter", () => {
    const index = indexOf([video(1, "长安十二时辰全集"), video(2, "恐龙世界动画片"), video(3, "动物世界")]);
    assert.deepEqual(ids(index, "十二时"), [1]);
    assert.deepEqual(ids(index, "动画"), [2]);
    assert.deepEqual(ids(index, "龙"), [2]);
    assert.deepEqual(new Set(ids(index, "世界")), new Set([2, 3]));
    assert.equal(ids(index, "世界动画")[0], 2);
  });

  it("finds quoted phrases alone, by adjacent words or characters of one field", () => {
    const index = indexOf([
      video(1, "big red bus"),
      video(2, "red big bus"),
      { ...video(3, "big"), fields: { title: "big", description: "a red" } },
      video(4, "红色大巴"),
      video(5, "大巴红色"),
    ]);
    assert.deepEqual(ids(index, '"big red"'), [1]);
    assert.deepEqual(ids(index, "“big red” bus"), [1, 2]);
    assert.deepEqual(ids(index, '"色大"'), [4]);
  });

  it("finds words by their beginning while the last one is typed", () => {
    const index = indexOf([video(1, "computational"), video(2, "commuter train"), video(3, "compute")]);
    assert.deepEqual(ids(index, "comput"), [3, 1]);
    assert.deepEqual(ids(index, "comp"), [3, 1]);
    assert.deepEqual(ids(index, "comp tra"), [2, 3, 1]);
    assert.deepEqual(index.search({ text: "comp", opensWords: false }).hits, []);
  });

  it("tolerates a typing error in a word that few documents have", () => {
    const index = indexOf([video(1, "minecraft castle"), video(2, "photography"), video(3, "cat")]);
    for (const typed of ["minecrft", "minecraaft", "minecratf", "minexraft"]) assert.deepEqual(ids(index, typed), [1]);
    assert.deepEqual(ids(index, "catsle"), [1]);
    assert.deepEqual(ids(index, "fotografy"), []);
    assert.deepEqual(ids(index, "photografy"), [2]);
    assert.deepEqual(ids(index, "caz"), []);
    assert.deepEqual(index.search({ text: "minecrft", toleratesTypos: false }).hits, []);
    assert.deepEqual(index.correction("Minecrft castle!")?.text, "minecraft castle!");
    assert.deepEqual(index.correction("minecrft")?.changes, [[0, 9]]);
    assert.equal(index.correction("minecraft"), undefined);
    assert.equal(index.correction("minecrft", [2]), undefined);
  });

  it("finds the same words spelled alike, however documents are spread over segments, and whatever was deleted", () => {
    const titles = ["photograph", "photagraph"];
    const documents = titles.map((title, n) => ({ id: n + 1, kind: 1, version: 1, fields: { title } }));
    const found = (index: SearchIndex) => ({
      ids: index.search({ text: "photograpx" }).hits.map(({ id }) => id),
      correction: index.correction("photograpx")?.text,
    });
    const spread = new SearchIndex(undefined, { mergeCount: 9, refreshMax: 0 });
    for (const one of documents) {
      spread.put(one);
      spread.refresh();
    }
    assert.equal(spread.segments.length, 2);
    assert.deepEqual(found(indexOf(documents)), { ids: [1], correction: "photograph" });
    assert.deepEqual(found(spread), found(indexOf(documents)));
    const whole = indexOf(documents);
    whole.remove({ kind: 1, id: 1 }, 2);
    whole.refresh();
    assert.deepEqual(found(whole), { ids: [2], correction: "photagraph" });
  });

  it("filters by kind, numbers, exact terms and excluded owners, and counts what is left", () => {
    const index = indexOf([
      { ...video(1, "cat"), numbers: { ownerId: 7, publishedAt: 10 }, keywords: { tag: ["pets", "fun"] } },
      { ...video(2, "cat"), numbers: { ownerId: 8, publishedAt: 20 }, keywords: { tag: ["fun"] } },
      { ...video(3, "cat"), kind: 2 },
    ]);
    const found = (query: SearchQuery) => {
      const { hits, total } = index.search({ text: "cat", ...query });
      assert.equal(total, hits.length);
      return hits.map(({ id }) => id);
    };
    assert.deepEqual(found({}), [3, 2, 1]);
    assert.deepEqual(found({ kinds: [1] }), [2, 1]);
    assert.deepEqual(found({ filter: { ranges: { ownerId: { min: 7, max: 7 } } } }), [1]);
    assert.deepEqual(found({ filter: { ranges: { publishedAt: { min: 11 } } } }), [2]);
    assert.deepEqual(found({ filter: { ranges: { absent: {} } } }), []);
    assert.deepEqual(found({ filter: { keywords: { tag: ["pets", "none"] } } }), [1]);
    assert.deepEqual(found({ filter: { keywords: { tag: ["fun"] }, except: { ownerId: new Set([8]) } } }), [1]);
    assert.deepEqual(
      index.search({ filter: { keywords: { tag: ["fun"] } } }).hits.map(({ id }) => id),
      [2, 1],
    );
  });

  it("sorts by a column, pages below 1,000, and counts to 1,001", () => {
    const index = indexOf(
      Array.from({ length: 1_200 }, (_, n) => ({ ...video(n + 1, "cat"), numbers: { plays: (n * 7) % 1_200 } })),
    );
    const sort = { column: "plays", order: "desc" } as const;
    const { hits, total } = index.search({ text: "cat", sort, limit: 3 });
    assert.deepEqual(
      hits.map(({ id }) => (7 * (id - 1)) % 1_200),
      [1_199, 1_198, 1_197],
    );
    assert.ok((hits[0]?.score ?? 0) > 0);
    assert.equal(total, 1_001);
    const pages = Array.from({ length: 10 }, (_, n) =>
      index.search({ text: "cat", sort, limit: 100, offset: 100 * n }),
    );
    assert.equal(new Set(pages.flatMap((page) => page.hits.map(({ id }) => id))).size, 1_000);
    const least = index.search({ text: "cat", sort: { ...sort, order: "asc" }, limit: 1 });
    assert.equal(least.hits[0]?.id, 1);
  });

  it("multiplies scores by plays and freshness", () => {
    const nowMs = 1_000 * 86_400_000;
    const index = indexOf([
      { ...video(1, "cat"), numbers: { plays: 1_000, publishedAt: nowMs } },
      { ...video(2, "cat"), numbers: { plays: 0, publishedAt: nowMs - 30 * 86_400_000 } },
      video(3, "cat"),
    ]);
    const scores = new Map(
      index.search({ text: "cat", boost: playsAndFreshness(nowMs) }).hits.map(({ id, score }) => [id, score]),
    );
    const plain = scores.get(3) ?? 0;
    assert.ok(Math.abs((scores.get(1) ?? 0) / plain - (1 + 0.2 * Math.log1p(1_000))) < 1e-9);
    assert.ok(Math.abs((scores.get(2) ?? 0) / plain - 0.75) < 1e-9);
  });

  it("answers any query within bounds of time", () => {
    const index = indexOf(Array.from({ length: 200 }, (_, n) => video(n + 1, `cat ${n} 恐龙 🎉 "quoted"`)));
    const odd = [
      "",
      " ",
      "\u0000\u0007",
      "🎉",
      "🎉".repeat(2_000),
      '"'.repeat(5_000),
      '"a'.repeat(3_000),
      "a ".repeat(5_000),
    ];
    const long = [
      "a".repeat(10_000),
      "的".repeat(10_000),
      "# #".repeat(3_000),
      "#a".repeat(3_000),
      "\ud83c",
      "ﷺ".repeat(500),
    ];
    for (const text of [...odd, ...long]) {
      // CPU time, the least of several: other processes share the machine.
      const times = Array.from({ length: 5 }, () => {
        const before = process.cpuUsage();
        const { hits, total } = index.search({ text });
        index.correction(text);
        const { user, system } = process.cpuUsage(before);
        assert.ok(hits.length <= 20 && total <= 1_001);
        return (user + system) / 1_000;
      });
      assert.ok(Math.min(...times) < 50, `${JSON.stringify(text.slice(0, 8))}: ${Math.min(...times).toFixed(1)} ms`);
    }
    assert.equal(index.search({ text: "🎉" }).total, 200);
    assert.equal(index.search({ text: " " }).total, 0);
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
        index.search({ text });
      }),
    );
  });
});

const word = fc.constantFrom("cat", "cats", "dog", "running", "blue", "sky");
const text = fc.array(word, { maxLength: 6 }).map((words) => words.join(" "));
const texts = fc.record({ title: text, tags: text, description: text, captions: text }, { requiredKeys: [] });

const video = (id: number, title: string): SearchDocument => ({ id, kind: 1, version: 1, fields: { title } });

function indexOf(documents: readonly SearchDocument[]): SearchIndex {
  const index = new SearchIndex();
  for (const document of documents) index.put(document);
  index.refresh();
  return index;
}

const changeLists = fc.uniqueArray(
  fc.record({
    id: fc.integer({ min: 1, max: 6 }),
    kind: fc.integer({ min: 1, max: 2 }),
    version: fc.integer({ min: 1, max: 4 }),
    isRemoved: fc.boolean(),
  }),
  {
    maxLength: 30,
    size: "max",
    selector: ({ id, kind, version, isRemoved }) => `${id} ${kind} ${version} ${isRemoved}`,
  },
);
const noises = fc.infiniteStream(fc.nat());
const mergeStep = fc.constantFrom("wait", "refresh", "refresh", "refresh", "begin", "begin", "begin", "end", "cancel");

/** Each change twice, in an order by chance. */
const repeated = (list: readonly ChangeOf[], noise: Iterator<number>): ChangeOf[] =>
  [...list, ...list]
    .map((one) => ({ one, place: Number(noise.next().value) }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ one }) => one);

function apply(index: SearchIndex, one: ChangeOf): void {
  if (one.isRemoved) index.remove(one, one.version);
  else index.put(versioned(one));
}

function assertAsBuiltAnew(index: SearchIndex, list: readonly ChangeOf[]): void {
  index.refresh();
  const anew = indexOf(latest(list).map(versioned));
  assert.equal(index.size, anew.size);
  for (const query of queries) assert.deepEqual(index.search(query), anew.search(query));
  // A copy, which is merged whole.
  const copy = new SearchIndex(index.state);
  copy.compact();
  for (const query of queries) assert.deepEqual(copy.search(query), anew.search(query));
  assert.ok(copy.segments.length <= 1);
}

const ids = (index: SearchIndex, text: string): number[] => index.search({ text }).hits.map(({ id }) => id);

const queries: readonly SearchQuery[] = [
  { text: "cat" },
  { text: "version 3", kinds: [1] },
  { text: '"blue cat"' },
  { text: "恐龙动画" },
  { text: "blu" },
  { filter: { keywords: { tag: ["even"] } }, sort: { column: "plays", order: "asc" } },
];

interface Version {
  readonly id: number;
  readonly kind: number;
  readonly version: number;
}
type ChangeOf = Version & { readonly isRemoved: boolean };
/** The texts follow from the version. */
const versioned = ({ id, kind, version }: Version): SearchDocument => ({
  id,
  kind,
  version,
  fields: {
    title: `${id % 2 === 0 ? "blue cat" : "cats are blue"} version ${version}`,
    description: id % 3 === 0 ? "恐龙世界的动画片" : "动画 cat",
  },
  numbers: { plays: (id * version) % 5 },
  keywords: { tag: [version % 2 === 0 ? "even" : "odd"] },
});

/** The highest version of each key, without the removed: a removal counts before an addition of the same version. */
function latest(list: readonly ChangeOf[]): Version[] {
  const byKey = Map.groupBy(list, ({ kind, id }) => `${kind} ${id}`);
  return [...byKey.values()].flatMap((changes) => {
    const [last] = changes.toSorted((a, b) => b.version - a.version || Number(b.isRemoved) - Number(a.isRemoved));
    return last && !last.isRemoved ? [last] : [];
  });
}

/** BM25F as the book has it, over words alone. */
function bm25f(
  documents: readonly SearchDocument[],
  query: readonly string[],
  match: "all" | "any",
): ReadonlyMap<number, number> {
  const { k1, b, weights } = defaultScores;
  const wordsOf = (document: SearchDocument, field: FieldName) =>
    analyse(document.fields[field] ?? "").filter((token) => isCounted(token));
  const meanLength = (field: FieldName) => {
    const lengths = documents.map((document) => wordsOf(document, field).length).filter((length) => length > 0);
    return lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  };
  const frequencyOf = (document: SearchDocument, stem: string) =>
    fieldNames.reduce((sum, field) => {
      const words = wordsOf(document, field);
      const count = words.filter(({ term }) => term === stem).length;
      return count === 0 ? sum : sum + (weights[field] * count) / (1 - b + (b * words.length) / meanLength(field));
    }, 0);
  const stems = [...new Set(query.map(stemOf))];
  const scores = new Map<number, number>();
  for (const document of documents) {
    const frequencies = new Map(stems.map((stem) => [stem, frequencyOf(document, stem)]));
    const present = [...frequencies.values()].filter((frequency) => frequency > 0).length;
    if (present === 0 || (match === "all" && present < frequencies.size)) continue;
    let score = 0;
    for (const stem of stems) {
      const having = documents.filter((one) => frequencyOf(one, stem) > 0).length;
      const rarity = Math.log(1 + (documents.length - having + 0.5) / (having + 0.5));
      const frequency = frequencies.get(stem) ?? 0;
      score += (rarity * frequency) / (k1 + frequency);
    }
    scores.set(document.id, score);
  }
  return scores;
}
