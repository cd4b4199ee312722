import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type FeedRow, feedStart, wasServed, readPosition, writePosition } from "#policy/feed-position";
import fc from "fast-check";
import { mixOf, rowsFor } from "./feed-mix.ts";

describe("a page of a feed", () => {
  it("has a hot video in every third place, and the latest in the others", () => {
    const rows = [9, 8, 7, 6, 5, 4, 3, 2, 1].map(rowOf);
    const mixed = (hot: readonly number[]) => {
      const { items, next } = mixOf(feedStart, { fresh: rows, hot: hot.map(rowOf) }, 6);
      return { ids: items.map(({ videoId, isHot }) => (isHot ? -videoId : videoId)), next };
    };
    const { ids: both, next } = mixed([2, 1]);
    assert.deepEqual(both, [9, -2, 8, 7, -1, 6]);
    assert.deepEqual([next?.after, next?.servedIds], [rowOf(6), [2, 1]]);
    const { ids } = mixed([2, 8]);
    assert.deepEqual(ids, [9, -2, 8, 7, 6, 5], "8 is in its own place before its turn as a hot one");
  });

  it("is read in pages of any size, each video once, while scores change and videos are published and deleted", () => {
    const step = fc.record({
      limit: fc.integer({ min: 1, max: 12 }),
      hottest: fc.array(fc.nat(200), { maxLength: 12 }),
      published: fc.nat(3),
      deleted: fc.array(fc.nat(200), { maxLength: 2 }),
    });
    fc.assert(
      fc.property(fc.nat(90), fc.array(step, { minLength: 1, maxLength: 20 }), (size, steps) => {
        const there = new Set(Array.from({ length: size }, (_, n) => n + 1));
        const begun = new Set(there);
        const seen: number[] = [];
        let latest = size;
        let cursor: string | null | undefined;
        for (let n = 0; cursor !== null; n++) {
          const { limit, hottest, published, deleted } = steps[n % steps.length] ?? assert.fail();
          const position = readPosition(cursor);
          const { after } = position;
          const behind = [...there]
            .filter((id) => (after === undefined || id < after.videoId) && !wasServed(position, id))
            .toSorted((a, b) => b - a);
          const wanted = rowsFor(limit, position);
          const hot = [...new Set(hottest)].filter((id) => behind.includes(id)).slice(0, wanted.hot);
          const rows = { fresh: behind.slice(0, wanted.fresh).map(rowOf), hot: hot.map(rowOf) };
          const page = mixOf(position, rows, limit);
          assert.ok(page.items.length === limit || page.next === null, "a page before the last is full");
          assert.ok(n === 0 || page.items.length > 0, "no page is empty but that of an empty feed");
          seen.push(...page.items.map(({ videoId }) => videoId));
          cursor = page.next && writePosition(page.next);
          // Others act between two pages; the end of the feed must not be deleted, or its last page is empty.
          for (let one = 0; one < published; one++) there.add(++latest);
          for (const id of deleted) if (id !== Math.min(...there)) there.delete(id);
        }
        assert.equal(new Set(seen).size, seen.length, "no video is repeated");
        const missing = [...begun].filter((id) => there.has(id) && !seen.includes(id));
        assert.deepEqual(missing, [], "each video that stayed is there");
        assert.ok(
          seen.every((id) => begun.has(id)),
          "what was published later is not",
        );
      }),
    );
  });
});

const rowOf = (videoId: number): FeedRow => ({ videoId, publishedAtMs: videoId * 1_000 });
