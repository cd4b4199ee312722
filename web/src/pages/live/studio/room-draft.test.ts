import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { localText } from "#base/format/local-time.ts";
import { bodyOf, emptyDraft, missingInRoom, titleMax } from "./room-draft.ts";

describe("the form of a live room", () => {
  const nowMs = Date.parse("2026-11-27T10:00:00.000Z");
  const draft = { ...emptyDraft, title: " Sunday repairs " };

  it("needs a title that the server takes", () => {
    assert.deepEqual(missingInRoom(draft, false, nowMs), []);
    assert.deepEqual(missingInRoom({ ...draft, title: "  " }, false, nowMs), ["title"]);
    assert.deepEqual(missingInRoom({ ...draft, title: "a".repeat(titleMax + 1) }, false, nowMs), ["title"]);
  });

  it("needs a password where one is chosen and the room has none yet", () => {
    const locked = { ...draft, visibility: "password" as const };
    assert.deepEqual(missingInRoom(locked, false, nowMs), ["password"]);
    assert.deepEqual(missingInRoom(locked, true, nowMs), []);
    assert.deepEqual(missingInRoom({ ...locked, password: "abc" }, true, nowMs), ["password"]);
  });

  it("needs a time to come where the room is announced", () => {
    const scheduled = { ...draft, isScheduled: true };
    assert.deepEqual(missingInRoom(scheduled, false, nowMs), ["time"]);
    assert.deepEqual(missingInRoom({ ...scheduled, scheduledAt: localText(nowMs - 60_000) }, false, nowMs), ["time"]);
    assert.deepEqual(missingInRoom({ ...scheduled, scheduledAt: localText(nowMs + 60_000) }, false, nowMs), []);
  });

  it("sends a password only where it is meant, and no category and no time as such", () => {
    const sent = bodyOf({ ...draft, password: "left over", scheduledAt: localText(nowMs) });
    assert.equal(sent.title, "Sunday repairs");
    assert.ok(!("password" in sent));
    assert.deepEqual([sent.category_id, sent.scheduled_at], [null, null]);
    const all = bodyOf({
      ...draft,
      visibility: "password",
      password: "blue bicycle",
      categoryId: 3,
      isScheduled: true,
      scheduledAt: localText(nowMs),
    });
    assert.deepEqual(
      [all.password, all.category_id, all.scheduled_at],
      ["blue bicycle", 3, "2026-11-27T10:00:00.000Z"],
    );
  });
});
