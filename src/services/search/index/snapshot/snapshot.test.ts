import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { SearchIndex } from "../search-index.ts";
import { SnapshotFailure } from "./frames.ts";
import { indexStateOf, snapshotOf } from "./snapshot.ts";

describe("the snapshot of an index", () => {
  it("reads back as the same index, with deletions and tombstones, and goes on from there", () => {
    const index = filled();
    const again = new SearchIndex(indexStateOf(snapshotOf(index.state)));
    for (const text of ["cat", "恐龙", '"blue cat"', "bleu"])
      assert.deepEqual(again.search({ text }), index.search({ text }));
    assert.deepEqual(
      again.search({ filter: { keywords: { tag: ["odd"] } } }),
      index.search({ filter: { keywords: { tag: ["odd"] } } }),
    );
    assert.deepEqual(snapshotOf(again.state), snapshotOf(index.state));
    assert.equal(again.put({ id: 3, kind: 1, version: 1, fields: { title: "removed before" } }), false);
    assert.equal(again.put({ id: 1, kind: 1, version: 2, fields: { title: "panda" } }), true);
    again.refresh();
    assert.deepEqual(again.search({ text: "panda" }).total, 1);
  });

  it("is the same for an empty index", () => {
    const { segments, tombstones } = indexStateOf(snapshotOf(new SearchIndex().state));
    assert.deepEqual([segments, tombstones], [[], []]);
  });

  it("refuses a changed byte anywhere, a cut, a missing frame and frames in another order", () => {
    const frames = snapshotOf(filled().state);
    assert.ok(frames.length > 1);
    const places = frames.flatMap((frame, n) => [...frame.keys()].map((at) => ({ n, at })));
    const refused = (damaged: readonly Uint8Array[]) => assert.throws(() => indexStateOf(damaged), SnapshotFailure);
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.integer({ min: 1, max: 255 }), ({ n, at }, flip) => {
        const damaged = frames.map((frame) => frame.slice());
        const frame = damaged[n];
        if (frame) frame[at] = (frame[at] ?? 0) ^ flip;
        refused(damaged);
      }),
      { numRuns: 300 },
    );
    for (let at = 0; at < 24; at++) {
      const damaged = frames.map((frame) => frame.slice());
      const [head] = damaged;
      if (head) head[at] = (head[at] ?? 0) ^ 1;
      assert.throws(() => indexStateOf(damaged), { reason: "damaged" });
    }
    const others = filled();
    others.remove({ kind: 1, id: 5 }, 1);
    others.refresh();
    const mixed = snapshotOf(others.state);
    assert.equal(mixed.length, frames.length);
    refused(mixed.map((frame, n) => (n === 0 ? frame : (frames[n] ?? frame))));
    refused([]);
    refused(frames.slice(0, -1));
    refused(frames.toReversed());
    refused(frames.map((frame, n) => (n === 0 ? frame : frame.slice(0, -1))));
  });
});

function filled(): SearchIndex {
  const index = new SearchIndex();
  for (let id = 1; id <= 20; id++) {
    const title = id % 2 === 0 ? "blue cats" : "恐龙 cat";
    const tag = id % 2 === 0 ? "even" : "odd";
    index.put({ id, kind: 1, version: 1, fields: { title }, numbers: { plays: id }, keywords: { tag: [tag] } });
    if (id % 7 === 0) index.refresh();
  }
  index.remove({ kind: 1, id: 3 }, 1);
  index.refresh();
  return index;
}
