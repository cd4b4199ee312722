import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { addTerm, emptyGate, gateDraftFrom } from "#parts/gates/gate-draft.ts";
import { bodyOf, draftFrom, fileNameOf, type Draft, emptyDraft, revise, titleOf } from "./draft.ts";

describe("a draft", () => {
  it("is restored as it was stored, without its password", () => {
    const draft: Draft = {
      title: "春",
      description: "a\nb",
      visibility: "followers",
      password: "open sesame",
      gate: gateDraftFrom(addTerm(addTerm(emptyGate, "coins"), "tokens")),
      allowComment: false,
      allowDownload: false,
      categoryId: 8,
      tags: ["sea", "日落"],
      when: "later" as const,
      publishAt: "2026-12-24T18:30",
      coverUrl: "/media/7/cover.webp",
      coverAtS: 1.5,
      media: { id: 7, name: "a.mp4", sizeBytes: 12 },
      address: "https://films.example/a.mp4",
      publishKey: "0123456789abcdef",
    };
    assert.deepEqual(draftFrom(JSON.parse(JSON.stringify(draft))), { ...draft, password: "" });
  });

  it("is empty when what is stored is missing or invalid", () => {
    for (const stored of [null, undefined, "", 7, []]) assert.deepEqual(draftFrom(stored), emptyDraft);
  });

  it("restores only its valid tags, each once", () => {
    const tags = (stored: unknown) => draftFrom({ tags: stored }).tags;
    assert.deepEqual(tags(["sea", 7, null, " Sea ", "", "x".repeat(51), "a,b"]), ["sea", "a", "b"]);
    for (const none of ["sea", 7, { length: 1 }, null]) assert.deepEqual(tags(none), []);
  });

  it("sends its tags only when it has any", () => {
    const address = "https://films.example/a.mp4";
    assert.deepEqual(bodyOf({ ...emptyDraft, address, tags: ["sea", "dusk"] })?.tags, ["sea", "dusk"]);
    assert.ok(!("tags" in (bodyOf({ ...emptyDraft, address }) ?? {})));
  });

  it("rejects a stored cover from another origin", () => {
    assert.equal(draftFrom(JSON.parse('{"coverUrl":"https://evil.example/x.png"}')).coverUrl, null);
    assert.equal(draftFrom(JSON.parse('{"coverUrl":"//evil.example/x.png"}')).coverUrl, null);
  });

  it("accepts only web addresses of limited length, in normalised form", () => {
    for (const address of [
      "javascript:alert(1)",
      "file:///etc/passwd",
      "/a.mp4",
      "a.mp4",
      "",
      `https://a/${"x".repeat(2_000)}`,
    ])
      assert.equal(draftFrom({ address }).address, null, address);
    assert.equal(
      draftFrom(JSON.parse('{"address":" HTTPS://Films.example/a b.mp4"}')).address,
      "https://films.example/a%20b.mp4",
    );
  });

  it("sends the id of its uploaded file, or its address without an uploaded file, and never both", () => {
    const address = "https://films.example/a.mp4";
    const media = { id: 7, name: "a.mp4", sizeBytes: 12 };
    assert.equal(bodyOf(emptyDraft), null);
    const from = bodyOf({ ...emptyDraft, address });
    assert.deepEqual([from?.video_url, from?.media_id], [address, undefined]);
    const sent = bodyOf({ ...emptyDraft, address, media });
    assert.deepEqual([sent?.video_url, sent?.media_id], [undefined, 7]);
  });

  it("names a video at an address by the last part of its path, or by its host", () => {
    for (const [address, name] of [
      ["https://films.example/some/sea%20film.mp4?key=1#t=3", "sea film.mp4"],
      ["https://films.example/watch/", "watch"],
      ["https://films.example", "films.example"],
      ["https://films.example/100%.mp4", "100%.mp4"],
    ] as const)
      assert.equal(fileNameOf(address), name);
  });

  it("is parsed without an exception from any JSON value", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void draftFrom(value)));
  });
});

describe("the idempotency key of a publication", () => {
  const media = { id: 7, name: "a.mp4", sizeBytes: 12 };

  it("is made with the file, kept while the request is unchanged, and removed with the file", () => {
    const keys = keysFrom(1);
    const titled = revise(emptyDraft, { title: "a" }, keys);
    assert.equal(titled.publishKey, null);
    const stored = revise(titled, { media }, keys);
    assert.equal(stored.publishKey, "key-1");
    assert.equal(revise(stored, {}, keys).publishKey, "key-1");
    assert.equal(revise(stored, { title: "a " }, keys).publishKey, "key-1");
    assert.equal(revise(stored, { media: null }, keys).publishKey, null);
  });

  it("changes exactly when the request body changes", () => {
    const part = fc.record({ title: fc.string(), description: fc.string(), allowComment: fc.boolean() });
    fc.assert(
      fc.property(part, part, (one, other) => {
        const keys = keysFrom(1);
        const before = revise(emptyDraft, { ...one, media }, keys);
        const after = revise(before, other, keys);
        const isSame = JSON.stringify(bodyOf(before)) === JSON.stringify(bodyOf(after));
        assert.equal(before.publishKey === after.publishKey, isSame);
      }),
    );
  });
});

describe("the suggested title of a video", () => {
  it("is the file name as words, without its extension and of at most 200 characters", () => {
    assert.equal(titleOf("my_summer-trip.final.mp4"), "my summer trip.final");
    assert.equal(titleOf("夏天.MOV"), "夏天");
    assert.equal(titleOf(`${"x".repeat(300)}.mp4`).length, 200);
  });
});

function keysFrom(first: number): () => string {
  let next = first;
  return () => `key-${next++}`;
}
