import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  candidates,
  type Event,
  isOver,
  type Item,
  restoreItem,
  type Status,
  step,
  toStart,
  totalsOf,
} from "./queue.ts";

describe("an item of the queue", () => {
  it("passes through waiting and sending to done", () => {
    let item = step(fresh, { kind: "placed", folderId: 7, isTaken: false });
    assert.deepEqual([item.status, item.folderId], ["waiting", 7]);
    item = step(step(item, { kind: "start" }), { kind: "begun", url: "/api/v1/tus/1", headHash: "ab" });
    item = step(item, { kind: "moved", sentBytes: 60 });
    assert.deepEqual([item.status, item.url, item.sentBytes], ["sending", "/api/v1/tus/1", 60]);
    item = step(item, { kind: "done" });
    assert.deepEqual([item.status, item.sentBytes], ["done", 100]);
  });

  it("asks the user about a taken name, unless a choice was made before", () => {
    const taken = { kind: "placed", folderId: null, isTaken: true } as const;
    assert.equal(step(fresh, taken).status, "asking");
    assert.equal(step({ ...fresh, conflict: "replace" }, taken).status, "waiting");
    const asking = step(fresh, taken);
    assert.equal(step(asking, { kind: "choose", conflict: "skip" }).status, "skipped");
    assert.deepEqual(step(asking, { kind: "choose", conflict: "rename" }), {
      ...asking,
      status: "waiting",
      conflict: "rename",
    });
  });

  it("keeps its progress when paused and its upload URL when failed, and resets both when the server lost the upload", () => {
    const sending = { ...fresh, folderId: null, status: "sending", url: "/api/v1/tus/1", sentBytes: 50 } as const;
    const paused = step(sending, { kind: "pause" });
    assert.deepEqual([paused.status, paused.sentBytes], ["paused", 50]);
    assert.equal(step(paused, { kind: "resume" }).status, "waiting");
    const failure = { code: "upload.gone", message: "" };
    assert.equal(step(sending, { kind: "fail", failure, isGone: false }).url, "/api/v1/tus/1");
    const refused = step(sending, { kind: "fail", failure, isGone: true });
    assert.deepEqual([refused.status, refused.url, refused.sentBytes], ["failed", null, 0]);
    assert.equal(step(refused, { kind: "resume" }).failure, null);
  });

  it("stays paused when a failure of the interrupted transfer arrives", () => {
    const paused = { ...fresh, status: "paused" } as const;
    assert.equal(step(paused, { kind: "fail", failure: { code: "x", message: "" }, isGone: false }), paused);
  });

  it("never changes once finished, and never reports more bytes sent than its size", () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), (events) => {
        let item: Item = fresh;
        for (const event of events) {
          const next = step(item, event);
          if (isOver(item)) assert.equal(next, item);
          assert.ok(next.sentBytes >= 0 && next.sentBytes <= next.sizeBytes);
          item = next;
        }
      }),
    );
  });
});

describe("the queue", () => {
  it("starts waiting items in order, up to the limit of concurrent uploads", () => {
    const items = ["sending", "waiting", "paused", "waiting", "waiting"] as const;
    const keys = (atOnce: number) => toStart(items.map(inStatus), atOnce).map(({ key }) => key);
    assert.deepEqual(keys(2), ["k1"]);
    assert.deepEqual(keys(3), ["k1", "k3"]);
    assert.deepEqual(keys(1), []);
  });

  it("never exceeds the limit of concurrent uploads, and starts waiting items below it", () => {
    const status = fc.constantFrom<Status>("waiting", "sending", "paused", "failed", "done");
    fc.assert(
      fc.property(fc.array(status), fc.integer({ min: 1, max: 4 }), (all, atOnce) => {
        const sending = all.filter((one) => one === "sending").length;
        const started = toStart(all.map(inStatus), atOnce);
        assert.ok(started.length === 0 || sending + started.length <= atOnce);
        if (sending < atOnce && all.includes("waiting")) assert.ok(started.length > 0);
      }),
    );
  });

  it("restores items after a reload as waiting or paused, or as lost without their file, and drops finished ones", () => {
    assert.equal(restoreItem({ ...fresh, folderId: 1, status: "sending" }, true)?.status, "waiting");
    assert.equal(restoreItem({ ...fresh, status: "paused" }, true)?.status, "paused");
    assert.equal(restoreItem({ ...fresh, status: "sending" }, false)?.status, "lost");
    assert.equal(restoreItem({ ...fresh, status: "done" }, true), null);
  });

  it("matches a file chosen again to a lost item by name, size and modification time together", () => {
    const lost = { ...fresh, status: "lost" } as const;
    const same = { name: "a.txt", size: 100, lastModified: 5 };
    assert.deepEqual(candidates([fresh, lost], same), [lost]);
    for (const other of [{ name: "A.txt" }, { size: 99 }, { lastModified: 6 }])
      assert.deepEqual(candidates([lost], { ...same, ...other }), []);
  });

  it("totals its items by state, and their bytes without skipped items", () => {
    const items = [
      { ...inStatus("done", 0), sentBytes: 100 },
      { ...inStatus("sending", 1), sentBytes: 20 },
      inStatus("skipped", 2),
      inStatus("failed", 3),
    ];
    const { count, over, active, failed, sizeBytes, sentBytes } = totalsOf(items);
    assert.deepEqual([count, over, active, failed, sizeBytes, sentBytes], [4, 2, 1, 1, 300, 120]);
  });
});

const fresh: Item = {
  key: "k",
  userId: 1,
  name: "a.txt",
  path: "",
  rootId: null,
  folderId: undefined,
  sizeBytes: 100,
  modifiedMs: 5,
  status: "preparing",
  conflict: null,
  url: null,
  headHash: null,
  sha256: null,
  sentBytes: 0,
  failure: null,
};
const inStatus = (status: Status, place: number): Item => ({ ...fresh, key: `k${place}`, status });

const failure = { code: "x", message: "" };
const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ kind: fc.constant("placed" as const), folderId: fc.nat(), isTaken: fc.boolean() }),
  fc.record({ kind: fc.constant("choose" as const), conflict: fc.constantFrom("rename", "replace", "skip") }),
  fc.record({ kind: fc.constantFrom("start", "pause", "resume", "lose", "find", "done") }),
  fc.record({ kind: fc.constant("moved" as const), sentBytes: fc.nat({ max: 200 }) }),
  fc.record({ kind: fc.constant("begun" as const), url: fc.constant("u"), headHash: fc.constant(null) }),
  fc.record({ kind: fc.constant("fail" as const), failure: fc.constant(failure), isGone: fc.boolean() }),
);
