import assert from "node:assert/strict";
import { test } from "node:test";
import { shownTask } from "./presenter.ts";

test("a time left is told to the nearest second, while it runs at least one, and none when its end has come", () => {
  const left = (endsAtMs: number | null, status: "running" | "queued" = "running") =>
    shownTask({ taskId: 1, mediaId: 2, status, progress: 40, step: "ladder", error: null, endsAtMs }, 1_000)
      .secondsLeft;
  assert.deepEqual(
    [5_400, 5_600, 1_100].map((endsAtMs) => left(endsAtMs)),
    [4, 5, 1],
  );
  assert.deepEqual([left(1_000), left(null), left(5_000, "queued")], [null, null, null]);
});
