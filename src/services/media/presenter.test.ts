import assert from "node:assert/strict";
import { test } from "node:test";
import { presentTask } from "./presenter.ts";

test("the time left of a task is rounded to seconds, at least one, and null once its end has passed", () => {
  const left = (endsAtMs: number | null, status: "running" | "queued" = "running") =>
    presentTask({ taskId: 1, mediaId: 2, status, progress: 40, step: "ladder", error: null, endsAtMs }, 1_000)
      .secondsLeft;
  assert.deepEqual(
    [5_400, 5_600, 1_100].map((endsAtMs) => left(endsAtMs)),
    [4, 5, 1],
  );
  assert.deepEqual([left(1_000), left(null), left(5_000, "queued")], [null, null, null]);
});
