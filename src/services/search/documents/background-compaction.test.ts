import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { Log } from "#kernel";
import { until } from "#test/until";
import { SearchIndex } from "../index/search-index.ts";
import { mergeSegments } from "../index/segment/merge.ts";
import type { Segment } from "../index/segment/segment.ts";
import { BackgroundCompaction } from "./background-compaction.ts";

describe("the compaction of the search index", () => {
  it("merges on a thread what is due, with the changes since, and answers as before", async () => {
    const index = filled();
    const plain = filled();
    const compaction = compactionOf({ index: () => index });
    compaction.start();
    for (const one of [index, plain]) change(one);
    assert.equal(index.segments.length, plain.segments.length);
    await until(() => !compaction.isRunning);
    assert.deepEqual([index.segments.length, plain.segments.length], [2, 11]);
    for (const text of ["film", "harbour", "take7", "恐龙"])
      assert.deepEqual(index.search({ text, limit: 100 }), plain.search({ text, limit: 100 }), text);
    assert.equal(index.search({ text: "harbour" }).total, 1);
  });

  it("runs once at a time, and again while more is due", async () => {
    const index = filled();
    const merges: (() => void)[] = [];
    const merge = (segments: readonly Segment[]) =>
      new Promise<Segment>((resolve) => merges.push(() => resolve(mergeSegments(segments))));
    const compaction = compactionOf({ index: () => index, merge });
    compaction.start();
    compaction.start();
    assert.equal(merges.length, 1);
    // As many again, which are due when the first ones are merged.
    fill(index, 2_001);
    compaction.start();
    await setImmediate();
    assert.deepEqual([index.segments.length, merges.length, compaction.isRunning], [20, 1, true]);
    merges[0]?.();
    await until(() => merges.length === 2);
    assert.equal(index.segments.length, 11);
    merges[1]?.();
    await until(() => !compaction.isRunning);
    assert.deepEqual([index.segments.length, index.size, merges.length], [2, 4_000, 2]);
  });

  it("logs a failure, changes nothing, and tries again a minute later", async () => {
    const index = filled();
    const warnings: string[] = [];
    let nowMs = 1_000_000;
    let attempts = 0;
    const merge = async (segments: readonly Segment[]) => {
      if (attempts++ === 0) throw new Error("no memory");
      return mergeSegments(segments);
    };
    const compaction = compactionOf({ index: () => index, merge, warnings, now: () => nowMs });
    const before = [...index.segments];
    compaction.start();
    await until(() => !compaction.isRunning);
    assert.deepEqual(warnings, ["segments of the search index could not be merged"]);
    assert.deepEqual(index.segments, before);
    nowMs += 59_000;
    compaction.start();
    assert.deepEqual([compaction.isRunning, attempts], [false, 1]);
    nowMs += 1_000;
    compaction.start();
    await until(() => !compaction.isRunning);
    assert.deepEqual([attempts, index.segments.length, warnings.length], [2, 1, 1]);
  });

  it("ends its thread with the service, without a warning, and does not start again", async () => {
    const index = filled();
    const warnings: string[] = [];
    const compaction = compactionOf({ index: () => index, warnings });
    const before = index.segments.length;
    compaction.start();
    await compaction.stop();
    assert.deepEqual([compaction.isRunning, index.segments.length, warnings], [false, before, []]);
    compaction.start();
    assert.equal(compaction.isRunning, false);
    assert.ok(index.beginMerge(), "the merge was given up");
  });
});

interface Options {
  readonly index: () => SearchIndex;
  readonly merge?: (segments: readonly Segment[], signal: AbortSignal) => Promise<Segment>;
  readonly warnings?: string[];
  readonly now?: () => number;
}

function compactionOf({ warnings = [], now = Date.now, ...parts }: Options): BackgroundCompaction {
  const log = { warn: (message: string) => void warnings.push(message) } as unknown as Log; // Nothing else is logged.
  return new BackgroundCompaction({ log, now, ...parts });
}

/** Ten segments of 200. */
function filled(): SearchIndex {
  const index = new SearchIndex();
  fill(index, 1);
  return index;
}

function fill(index: SearchIndex, from: number): void {
  for (let id = from; id < from + 2_000; id++) {
    index.put({ id, kind: 1, version: 1, fields: { title: `film take${id % 50} 恐龙` } });
    if (id % 200 === 0) index.refresh();
  }
}

function change(index: SearchIndex): void {
  index.put({ id: 7, kind: 1, version: 2, fields: { title: "harbour" } });
  index.remove({ kind: 1, id: 57 }, 1);
  index.refresh();
}
