import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { emptyDraft } from "./draft.ts";
import { missingIn } from "./missing-details.ts";

const nowMs = Date.parse("2026-06-01T12:00:00Z");
const titled = { ...emptyDraft, title: "Sea" };

describe("what is missing for publishing", () => {
  it("is nothing for a titled video, also while its file is on its way", () => {
    for (const status of ["waiting", "sending", "checking", "paused", "stored", "elsewhere"] as const)
      assert.deepEqual(missingIn({ status, draft: titled }, nowMs), []);
  });

  it("is the file of an upload that failed or was interrupted by a reload", () => {
    for (const status of ["failed", "lost"] as const)
      assert.deepEqual(missingIn({ status, draft: titled }, nowMs), ["file"]);
  });

  it("is a title of more than spaces", () => {
    assert.deepEqual(missingIn({ status: "stored", draft: { ...titled, title: " \n" } }, nowMs), ["title"]);
  });

  it("is a password of four characters for a video with a password alone", () => {
    const draft = { ...titled, visibility: "password" as const, password: "abc" };
    assert.deepEqual(missingIn({ status: "stored", draft }, nowMs), ["password"]);
    assert.deepEqual(missingIn({ status: "stored", draft: { ...draft, password: "abcd" } }, nowMs), []);
    assert.deepEqual(missingIn({ status: "stored", draft: { ...draft, visibility: "private" } }, nowMs), []);
  });

  it("is a time that is still to come for a scheduled video", () => {
    const at = (publishAt: string) =>
      missingIn({ status: "stored", draft: { ...titled, when: "later", publishAt } }, nowMs);
    assert.deepEqual(at(""), ["time"]);
    assert.deepEqual(at("2020-01-01T10:00"), ["time"]);
    assert.deepEqual(at("2030-01-01T10:00"), []);
  });
});
