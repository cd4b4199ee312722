import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  atOnce,
  type Event,
  isLike,
  isOver,
  type Item,
  itemFrom,
  restoreItem,
  type Status,
  step,
  toStart,
} from "./item.ts";
import { keptFrom } from "./memory.ts";

describe("an item of the queue", () => {
  it("passes through waiting and sending to done", () => {
    let item = step(fresh, { kind: "placed", details: { folderId: 7 }, isAsking: false });
    assert.deepEqual([item.status, item.details], ["waiting", { folderId: 7 }]);
    item = step(step(item, { kind: "start" }), { kind: "begun", url: "/api/v1/tus/1" });
    item = step(item, { kind: "moved", sentBytes: 60 });
    assert.deepEqual([item.status, item.url, item.sentBytes], ["sending", "/api/v1/tus/1", 60]);
    item = step(item, { kind: "done", details: { mediaId: 9 } });
    assert.deepEqual([item.status, item.sentBytes, item.url, item.details], ["done", 100, null, { mediaId: 9 }]);
  });

  it("keeps its progress when paused and its upload URL when failed, and resets both when the server lost the upload", () => {
    const sending = { ...fresh, isPlaced: true, status: "sending", url: "/api/v1/tus/1", sentBytes: 50 } as const;
    const paused = step(sending, { kind: "pause" });
    assert.deepEqual([paused.status, paused.sentBytes, paused.url], ["paused", 50, "/api/v1/tus/1"]);
    assert.deepEqual(step(paused, { kind: "resume" }), { ...paused, status: "waiting" });
    assert.equal(step({ ...paused, isPlaced: false }, { kind: "resume" }).status, "preparing");
    const failure = { code: "upload.gone", message: "" };
    assert.equal(step(sending, { kind: "fail", failure, isAnew: false }).url, "/api/v1/tus/1");
    const refused = step(sending, { kind: "fail", failure, isAnew: true });
    assert.deepEqual([refused.status, refused.url, refused.sentBytes], ["failed", null, 0]);
    assert.equal(step(refused, { kind: "resume" }).failure, null);
  });

  it("stays paused when a failure of the interrupted transfer arrives", () => {
    const paused = { ...fresh, status: "paused" } as const;
    assert.equal(step(paused, { kind: "fail", failure: { code: "x", message: "" }, isAnew: false }), paused);
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

  it("fails when the server cannot use its file, also after that was sent", () => {
    const failed = step({ ...fresh, status: "done" }, { kind: "refuse", failure });
    assert.deepEqual([failed.status, failed.failure, failed.sentBytes], ["failed", failure, 0]);
  });

  it("takes another file without anything of the one before", () => {
    const before = { ...fresh, isPlaced: true, status: "failed", url: "u", headHash: "a", sha256: "b" } as const;
    const file = { name: "b.txt", sizeBytes: 7, modifiedMs: 6 };
    assert.deepEqual(step(before, { kind: "replace", file }), {
      ...before,
      ...file,
      status: "waiting",
      url: null,
      headHash: null,
      sha256: null,
    });
  });

  it("goes on where it was with the file that it lost, and begins anew where nothing proves that it is the same", () => {
    const lost = { ...fresh, isPlaced: true, status: "lost", url: "u", sentBytes: 50 } as const;
    const { status, url, sentBytes } = step({ ...lost, headHash: "ab" }, { kind: "find" });
    assert.deepEqual([status, url, sentBytes], ["waiting", "u", 50]);
    const unproven = step(lost, { kind: "find" });
    assert.deepEqual([unproven.status, unproven.url, unproven.sentBytes], ["waiting", null, 0]);
  });

  it("takes a file for the one that was being sent only with the same name, size and modification time", () => {
    const same = { name: "a.txt", size: 100, lastModified: 5 };
    assert.equal(isLike(same, fresh), true);
    for (const other of [{ name: "A.txt" }, { size: 99 }, { lastModified: 6 }])
      assert.equal(isLike({ ...same, ...other }, fresh), false);
  });
});

describe("the queue", () => {
  it("starts waiting items in order, up to the limit of concurrent uploads", () => {
    const items = ["sending", "waiting", "paused", "waiting", "waiting"] as const;
    const keys = (limit: number) => toStart(items.map(inStatus), limit).map(({ key }) => key);
    assert.deepEqual(keys(2), ["k1"]);
    assert.deepEqual(keys(3), ["k1", "k3"]);
    assert.deepEqual(keys(1), []);
  });

  it("starts urgent items first, and the others in the order in which they were added", () => {
    const [a, b, c] = [inStatus("waiting", 1), inStatus("waiting", 2), inStatus("waiting", 3)];
    assert.ok(a && b && c);
    assert.deepEqual(toStart([c, b, a], 2), [a, b]);
    assert.deepEqual(
      toStart([a, b, c], 2, (item) => item === c),
      [c, a],
    );
  });

  it("fills the free places with waiting items, and never exceeds the limit of concurrent uploads", () => {
    const status = fc.constantFrom<Status>("waiting", "sending", "paused", "failed", "done");
    fc.assert(
      fc.property(fc.array(status), fc.integer({ min: 1, max: 4 }), (all, limit) => {
        const count = (wanted: Status) => all.filter((one) => one === wanted).length;
        const started = toStart(all.map(inStatus), limit);
        assert.equal(started.length, Math.min(count("waiting"), Math.max(0, limit - count("sending"))));
        assert.ok(started.every((item) => item.status === "waiting"));
      }),
    );
  });

  it("sends two files together", () => assert.equal(atOnce, 2));
});

describe("the queue after a reload", () => {
  it("restores items as waiting or paused, or as lost without their file", () => {
    assert.equal(restoreItem({ ...fresh, isPlaced: true, status: "sending" }, true).status, "waiting");
    assert.equal(restoreItem({ ...fresh, status: "sending" }, true).status, "preparing");
    assert.equal(restoreItem({ ...fresh, status: "paused" }, true).status, "paused");
    for (const status of ["preparing", "asking", "waiting", "sending", "paused", "lost"] as const)
      assert.equal(restoreItem({ ...fresh, status }, false).status, "lost");
  });

  it("keeps the reason of a failure", () => {
    const failed = { ...fresh, status: "failed", failure } as const;
    assert.equal(restoreItem(failed, false), failed);
  });

  it("reads a stored item as it was stored, with its tab, and only with one", () => {
    const item = { ...fresh, status: "paused", url: "/api/v1/tus/12", headHash: "ab", failure } as const;
    const stored: unknown = JSON.parse(JSON.stringify(item));
    assert.deepEqual(keptFrom({ item: stored, handle: null, tab: "t" }), { item, handle: null, tab: "t" });
    assert.equal(keptFrom({ item: stored, handle: null }), null);
  });

  it("rejects addresses of other origins", () =>
    assert.equal(itemFrom({ ...fresh, url: "https://evil.example/1" })?.url, null));

  it("parses any JSON value without an exception", () => {
    for (const value of [null, "", 7, [], {}]) assert.equal(keptFrom(value), null);
    fc.assert(fc.property(fc.jsonValue(), (value) => void keptFrom({ item: value, tab: "t" })));
  });
});

const fresh: Item = {
  key: "k",
  kind: "drive",
  userId: 1,
  name: "a.txt",
  sizeBytes: 100,
  modifiedMs: 5,
  status: "preparing",
  isPlaced: false,
  url: null,
  headHash: null,
  sha256: null,
  sentBytes: 0,
  failure: null,
  details: {},
};
const inStatus = (status: Status, place: number): Item => ({ ...fresh, key: `k${place}`, status });

const failure = { code: "x", message: "" };
const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ kind: fc.constant("placed" as const), details: fc.constant({}), isAsking: fc.boolean() }),
  fc.record({ kind: fc.constant("choose" as const), details: fc.constant({}), isSkipped: fc.boolean() }),
  fc.record({ kind: fc.constantFrom("start", "pause", "resume", "lose", "find") }),
  fc.record({ kind: fc.constant("moved" as const), sentBytes: fc.nat({ max: 200 }) }),
  fc.record({ kind: fc.constant("begun" as const), url: fc.constant("u") }),
  fc.record({ kind: fc.constant("fail" as const), failure: fc.constant(failure), isAnew: fc.boolean() }),
  fc.record({ kind: fc.constant("done" as const), details: fc.constant({}) }),
);
