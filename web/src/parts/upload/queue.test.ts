import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { emptyDraft } from "./draft.ts";
import {
  atOnce,
  isLike,
  type Item,
  itemFrom,
  refusalOf,
  restoreItem,
  type Status,
  toStart,
  totalsOf,
} from "./queue.ts";

describe("the queue of uploads", () => {
  it("fills the free places with waiting files, and exceeds them never", () => {
    fc.assert(
      fc.property(fc.array(anyItem, { maxLength: 12 }), (items) => {
        const started = toStart(items);
        const moving = items.filter(({ status }) => status === "sending" || status === "checking").length;
        const waiting = items.filter(({ status }) => status === "waiting").length;
        assert.equal(started.length, Math.min(waiting, Math.max(0, atOnce - moving)));
        assert.ok(started.every(({ status }) => status === "waiting"));
      }),
    );
  });

  it("starts files in their order, and first those that are to be published", () => {
    const [a, b, c] = ["a", "b", "c"].map((key) => ({ ...item, key }));
    assert.ok(a && b && c);
    assert.deepEqual(toStart([a, b, c]), [a, b]);
    const wanted: Item = { ...c, publish: "wanted" };
    assert.deepEqual(toStart([a, b, wanted]), [wanted, a]);
  });

  it("refuses empty, too large and other files before a byte is sent", () => {
    const clip = { name: "a.mp4", size: 7, type: "video/mp4" };
    assert.equal(refusalOf(clip, 0), null);
    assert.equal(refusalOf(clip, 7), null);
    assert.equal(refusalOf(clip, 6), "upload.too_large");
    assert.equal(refusalOf({ ...clip, size: 0 }, 0), "media.empty");
    assert.equal(refusalOf({ ...clip, name: "a.pdf", type: "application/pdf" }, 0), "upload.not_media");
    assert.equal(refusalOf({ ...clip, name: "a.png", type: "image/png" }, 0), "upload.not_media");
  });

  it("sends a file of an unknown type, or of a type that browsers take for another, and leaves it to the server", () => {
    assert.equal(refusalOf({ name: "a.mkv", size: 7, type: "" }, 0), null);
    assert.equal(refusalOf({ name: "a.ts", size: 7, type: "text/vnd.trolltech.linguist" }, 0), null);
  });

  it("takes a file for the one that was being sent only with the same name, size and modification time", () => {
    const same = { name: item.name, size: item.sizeBytes, lastModified: item.modifiedMs };
    assert.equal(isLike(same, item), true);
    for (const other of [{ name: "b.mp4" }, { size: 8 }, { lastModified: 1 }])
      assert.equal(isLike({ ...same, ...other }, item), false);
  });

  it("counts the bytes of transfers, and neither failed nor published ones", () => {
    const half: Item = { ...item, status: "sending", sizeBytes: 100, sentBytes: 50 };
    const failed: Item = { ...item, status: "failed", sizeBytes: 1_000 };
    assert.deepEqual(totalsOf([half, failed]), { count: 2, active: 1, failed: 1, percent: 50 });
    assert.equal(totalsOf([]).percent, 100);
  });
});

describe("the queue of uploads after a reload", () => {
  it("asks for the file of an upload that was on its way, and still publishes it then", () => {
    for (const status of ["waiting", "sending", "checking", "paused", "lost"] as const) {
      const again = restoreItem({ ...item, status, publish: "wanted" });
      assert.deepEqual([again?.status, again?.publish], ["lost", "wanted"]);
    }
  });

  it("keeps stored files with their details, and what failed with its reason", () => {
    const stored: Item = { ...item, status: "stored", publish: "sending" };
    assert.deepEqual(restoreItem(stored), { ...stored, publish: "no" });
    const failed: Item = { ...item, status: "failed", failure: { code: "upload.not_media", message: "" } };
    assert.deepEqual(restoreItem(failed), failed);
  });

  it("forgets what was published", () => {
    assert.equal(restoreItem({ ...item, status: "published", videoId: 7 }), null);
  });

  it("reads a stored upload as it was stored", () => {
    const stored: Item = { ...item, status: "paused", url: "/api/v1/tus/12", headHash: "ab", publish: "wanted" };
    assert.deepEqual(itemFrom(JSON.parse(JSON.stringify(stored))), stored);
  });

  it("rejects addresses of other origins, and a stored file without its id", () => {
    assert.equal(itemFrom({ ...item, url: "https://evil.example/1" })?.url, null);
    assert.equal(itemFrom({ ...item, status: "stored" })?.status, "lost");
    assert.equal(itemFrom({ ...item, status: "elsewhere" })?.status, "lost");
  });

  it("is parsed without an exception from any JSON value", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void itemFrom(value)));
  });
});

const item: Item = {
  key: "k",
  name: "a.mp4",
  sizeBytes: 7,
  modifiedMs: 1_700_000_000_000,
  status: "waiting",
  url: null,
  headHash: null,
  sentBytes: 0,
  failure: null,
  publish: "no",
  publishFailure: null,
  videoId: null,
  draft: emptyDraft,
};
const statuses: readonly Status[] = ["waiting", "sending", "checking", "paused", "failed", "stored", "published"];
const anyItem = fc
  .record({
    key: fc.string(),
    status: fc.constantFrom(...statuses),
    publish: fc.constantFrom("no" as const, "wanted" as const),
  })
  .map((part): Item => ({ ...item, ...part }));
