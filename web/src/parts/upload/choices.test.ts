import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { choicesFrom, choicesOf, firstChoices } from "./choices.ts";
import { emptyDraft } from "./draft.ts";

describe("the choices for the next video", () => {
  it("are those of the last one, without its words, password and time", () => {
    const draft = {
      ...emptyDraft,
      title: "Sea",
      password: "open sesame",
      visibility: "followers" as const,
      categoryId: 8,
      allowComment: false,
    };
    const kept = { visibility: "followers", categoryId: 8, allowComment: false, allowDownload: true };
    assert.deepEqual(choicesOf(draft), kept);
    assert.deepEqual(choicesFrom(JSON.parse(JSON.stringify(kept))), kept);
  });

  it("are the first ones where nothing valid is stored", () => {
    for (const stored of [null, 7, "x", {}, { visibility: "all", categoryId: -1 }])
      assert.deepEqual(choicesFrom(stored), firstChoices);
    fc.assert(fc.property(fc.jsonValue(), (value) => void choicesFrom(value)));
  });
});
