import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { storeFor } from "./places.ts";

describe("the store for new content", () => {
  const places = { media: "archive", "kind:other": "slow", "user:42": "fast", "user:7": "default" };

  it("is the owner's, else that of the kind, else that of the space, else the default one", () => {
    assert.equal(storeFor(places, { space: "media", kind: "other", userId: 42 }), "fast");
    assert.equal(storeFor(places, { space: "media", kind: "other", userId: 7 }), "default");
    assert.equal(storeFor(places, { space: "media", kind: "other", userId: 8 }), "slow");
    assert.equal(storeFor(places, { space: "media", kind: "video" }), "archive");
    assert.equal(storeFor(places, { space: "upload" }), "default");
    assert.equal(storeFor({}, { space: "constructor" }), "default");
  });
});
