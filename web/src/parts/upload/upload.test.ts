import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { emptyDraft } from "./draft.ts";
import { type Item, itemFrom, restoreItem } from "./queue/item.ts";
import { type Details, isUnpublished, parseUpload, refusalOf, statusOf, totalsOf } from "./upload.ts";

describe("the upload of a video", () => {
  it("is refused before a byte is sent where its file is empty, too large or no media", () => {
    const clip = { name: "a.mp4", size: 7, type: "video/mp4" };
    assert.equal(refusalOf(clip, 0), null);
    assert.equal(refusalOf(clip, 7), null);
    assert.equal(refusalOf(clip, 6), "upload.too_large");
    assert.equal(refusalOf({ ...clip, size: 0 }, 0), "media.empty");
    assert.equal(refusalOf({ ...clip, name: "a.pdf", type: "application/pdf" }, 0), "upload.not_media");
    assert.equal(refusalOf({ ...clip, name: "a.png", type: "image/png" }, 0), "upload.not_media");
  });

  it("is left to the server with a file of an unknown type, or of a type that browsers take for another", () => {
    assert.equal(refusalOf({ name: "a.mkv", size: 7, type: "" }, 0), null);
    assert.equal(refusalOf({ name: "a.ts", size: 7, type: "text/vnd.trolltech.linguist" }, 0), null);
  });

  it("is checked when all is sent, then stored or elsewhere, and published in the end", () => {
    assert.equal(statusOf({ ...item, status: "sending", sentBytes: 6 }), "sending");
    assert.equal(statusOf({ ...item, status: "sending", sentBytes: 7 }), "checking");
    assert.equal(statusOf(stored), "stored");
    assert.equal(statusOf({ ...item, status: "done" }), "elsewhere");
    const published = { ...stored, details: { ...stored.details, videoId: 7 } };
    assert.equal(statusOf(published), "published");
    assert.deepEqual([stored, published].map(isUnpublished), [true, false]);
  });

  it("counts among the bytes of transfers, but not where it failed", () => {
    const half = { status: "sending", sizeBytes: 100, sentBytes: 50 } as const;
    const failed = { status: "failed", sizeBytes: 1_000, sentBytes: 0 } as const;
    assert.deepEqual(totalsOf([half, failed]), { active: 1, failed: 1, percent: 50 });
    assert.equal(totalsOf([]).percent, 100);
  });
});

describe("the upload of a video after a reload", () => {
  it("asks for its file where that was on its way, and is still published then", () => {
    for (const status of ["waiting", "sending", "paused", "lost"] as const) {
      const again = reload({ ...item, status, details: { ...item.details, publish: "wanted" } });
      assert.deepEqual([again?.status, again?.details.publish], ["lost", "wanted"]);
    }
  });

  it("keeps a stored file with its details, and what failed with its reason", () => {
    assert.deepEqual(reload({ ...stored, details: { ...stored.details, publish: "sending" } }), stored);
    const failed: Item<Details> = { ...item, status: "failed", failure: { code: "upload.not_media", message: "" } };
    assert.deepEqual(reload(failed), failed);
  });

  it("is lost where it is done without a file", () =>
    assert.equal(reload({ ...item, status: "done" })?.status, "lost"));

  it("is named after its address", () => {
    const address = "https://films.example/sea.mp4";
    const elsewhere: Item<Details> = {
      ...item,
      status: "done",
      details: { ...item.details, draft: { ...emptyDraft, address } },
    };
    assert.equal(reload(elsewhere)?.name, "sea.mp4");
  });

  it("is parsed without an exception from any JSON value", () => {
    fc.assert(fc.property(fc.jsonValue(), (details) => void parseUpload({ ...item, details })));
  });
});

const item: Item<Details> = {
  key: "k",
  kind: "video",
  userId: 1,
  name: "a.mp4",
  sizeBytes: 7,
  modifiedMs: 1_700_000_000_000,
  status: "waiting",
  isPlaced: true,
  url: null,
  headHash: null,
  sha256: null,
  sentBytes: 0,
  failure: null,
  details: { publish: "no", publishFailure: null, videoId: null, draft: emptyDraft },
};
const stored: Item<Details> = {
  ...item,
  status: "done",
  sentBytes: 7,
  details: { ...item.details, draft: { ...emptyDraft, media: { id: 3, name: "a.mp4", sizeBytes: 7 } } },
};

/** An item as a reload without its file leaves it. */
function reload(before: Item<Details>): Item<Details> | null {
  const read = itemFrom(JSON.parse(JSON.stringify(before)));
  const parsed = read && parseUpload(read);
  return parsed && restoreItem(parsed, false);
}
