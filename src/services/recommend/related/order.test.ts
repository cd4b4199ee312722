import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Neighbours, relatedOf } from "./order.ts";

const nobody: Neighbours = { tagged: new Map(), authored: [], similar: new Map(), hottest: [] };

describe("related videos", () => {
  it("are the closest first: by rare tags, the author and common viewers, then the hottest", () => {
    const related = relatedOf(
      {
        tagged: new Map([
          [1, 0.9],
          [2, 0.2],
        ]),
        authored: [2, 3],
        similar: new Map([
          [3, 0.45],
          [4, 1],
        ]),
        hottest: [
          { videoId: 1, isHot: true },
          { videoId: 5, isHot: true },
          { videoId: 6, isHot: false },
        ],
      },
      10,
    );
    assert.deepEqual(
      related.map(({ videoId, reason }) => `${videoId} ${reason}`),
      ["4 similar", "3 content", "1 content", "2 content", "5 hot", "6 fresh"],
    );
    assert.deepEqual(relatedOf(nobody, 10), []);
  });

  it("are each once, agree with a naive model, and are as many as there are, up to the limit", () => {
    const id = fc.integer({ min: 1, max: 12 });
    const unique = <T extends { videoId: number }>(rows: readonly T[]) => [
      ...new Map(rows.map((row) => [row.videoId, row])).values(),
    ];
    const neighbours = fc.record({
      tagged: fc.array(fc.tuple(id, fc.double({ min: 0.1, max: 3, noNaN: true }))).map((rows) => new Map(rows)),
      authored: fc.uniqueArray(id),
      similar: fc.array(fc.tuple(id, fc.double({ min: 0.01, max: 1, noNaN: true }))).map((rows) => new Map(rows)),
      hottest: fc.array(fc.record({ videoId: id, isHot: fc.boolean() })).map(unique),
    });
    fc.assert(
      fc.property(neighbours, fc.integer({ min: 1, max: 20 }), (given, limit) => {
        const scoreOf = (videoId: number): number =>
          (given.tagged.get(videoId) ?? 0) +
          (given.authored.includes(videoId) ? 0.5 : 0) +
          (given.similar.get(videoId) ?? 0);
        const close = Array.from({ length: 12 }, (_, n) => n + 1).filter((one) => scoreOf(one) > 0);
        const filling = given.hottest.map(({ videoId }) => videoId).filter((one) => !close.includes(one));
        const related = relatedOf(given, limit).map(({ videoId }) => videoId);
        assert.equal(new Set(related).size, related.length);
        assert.equal(related.length, Math.min(limit, close.length + filling.length));
        const scores = related.filter((one) => close.includes(one)).map(scoreOf);
        assert.ok(scores.every((score, n) => n === 0 || score <= (scores[n - 1] ?? 0) + 1e-9));
        const worst = Math.min(...scores);
        for (const one of close) assert.ok(related.includes(one) || scoreOf(one) <= worst + 1e-9);
        assert.deepEqual(related.slice(close.length), filling.slice(0, Math.max(0, limit - close.length)));
      }),
    );
  });
});
